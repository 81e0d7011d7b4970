"""Who may be given a case, kept by triggers; notes that stay as they are; open pages told of notes, files and notices."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHO_MAY_ANSWER = """
CREATE FUNCTION care_people_of(any_of bigint[], roles text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE line AS (
        SELECT id, parent_id FROM bodies_body WHERE id = ANY (any_of)
        UNION
        SELECT above.id, above.parent_id FROM bodies_body above JOIN line ON above.id = line.parent_id
    )
    SELECT DISTINCT person.id
    FROM line
    JOIN bodies_membership membership ON membership.body_id = line.id
    JOIN bodies_person person ON person.id = membership.person_id
    WHERE person.is_active AND membership.role = ANY (roles)
$$;

CREATE FUNCTION care_may_answer(who bigint, any_of bigint[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE line AS (
        SELECT id, parent_id FROM bodies_body WHERE id = ANY (any_of)
        UNION
        SELECT above.id, above.parent_id FROM bodies_body above JOIN line ON above.id = line.parent_id
    )
    SELECT EXISTS (
        SELECT FROM bodies_membership membership
        JOIN line ON line.id = membership.body_id
        JOIN bodies_person person ON person.id = membership.person_id
        WHERE person.id = who AND person.is_active AND membership.role IN ('agent', 'approver', 'supervisor')
    )
$$;

CREATE FUNCTION care_check_assignee() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_account bigint := (SELECT body_id FROM bodies_account WHERE id = NEW.account_id);
BEGIN
    IF TG_OP = 'INSERT' OR NEW.assignee_id IS DISTINCT FROM OLD.assignee_id THEN
        IF NOT care_may_answer(NEW.assignee_id, ARRAY[NEW.body_id, of_account]) THEN
            RAISE EXCEPTION 'only who may answer a case is given it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'only_who_may_answer_is_given_a_case';
        END IF;
    ELSIF NEW.body_id <> OLD.body_id AND NOT care_may_answer(NEW.assignee_id, ARRAY[NEW.body_id])
        OR NEW.state <> OLD.state AND NOT care_may_answer(NEW.assignee_id, ARRAY[NEW.body_id, of_account]) THEN
        NEW.assignee_id := NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER care_case_is_given BEFORE INSERT ON care_case
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL) EXECUTE FUNCTION care_check_assignee();
CREATE TRIGGER care_case_is_given_or_moved BEFORE UPDATE OF assignee_id, body_id, state ON care_case
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL AND NEW.state <> 'closed'
        AND (OLD.assignee_id, OLD.body_id, OLD.state) IS DISTINCT FROM (NEW.assignee_id, NEW.body_id, NEW.state))
    EXECUTE FUNCTION care_check_assignee();
"""

LET_GO = """
CREATE FUNCTION care_let_go() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who bigint := CASE TG_ARGV[0]
        WHEN 'member' THEN (to_jsonb(OLD) ->> 'person_id')::bigint
        WHEN 'person' THEN (to_jsonb(OLD) ->> 'id')::bigint
    END;
BEGIN
    -- Whoever is giving this person a case holds the role until that is done.
    PERFORM FROM bodies_membership WHERE person_id = who FOR UPDATE;
    UPDATE care_case held SET assignee_id = NULL
    FROM bodies_account account
    WHERE account.id = held.account_id AND held.state <> 'closed' AND held.assignee_id IS NOT NULL
        AND (TG_ARGV[0] = 'tree' OR held.assignee_id = who)
        AND NOT care_may_answer(held.assignee_id, ARRAY[held.body_id, account.body_id]);
    RETURN NULL;
END $$;

CREATE TRIGGER care_who_leaves_lets_go AFTER DELETE OR UPDATE OF role, body_id, person_id ON bodies_membership
    FOR EACH ROW EXECUTE FUNCTION care_let_go('member');
CREATE TRIGGER care_who_is_deactivated_lets_go AFTER UPDATE OF is_active ON bodies_person
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION care_let_go('person');
CREATE TRIGGER care_a_moved_body_is_let_go AFTER UPDATE OF parent_id ON bodies_body
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION care_let_go('tree');
"""

NOTES_STAY = """
CREATE FUNCTION care_note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a note stays as it was written'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_note_stays_as_it_was_written';
END $$;

CREATE TRIGGER care_note_stays BEFORE UPDATE OF text, by_id, at ON care_note
    FOR EACH ROW WHEN ((OLD.text, OLD.by_id, OLD.at) IS DISTINCT FROM (NEW.text, NEW.by_id, NEW.at))
    EXECUTE FUNCTION care_note_stays();
"""

TELL_PAGES = "".join(
    f"""
CREATE TRIGGER {table}_{event}_tells_open_pages AFTER {event} ON {table}
    REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION care_tell_open_pages();
"""
    for table in ("care_note", "care_attachment")
    for event, rows in (("insert", "NEW"), ("delete", "OLD"))
)

TELL_PEOPLE = """
CREATE FUNCTION care_tell_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payload text;
BEGIN
    SELECT json_build_object('people', CASE WHEN count(*) <= 500 THEN json_agg(person_id) END)
    FROM (SELECT DISTINCT person_id FROM changed) AS told HAVING count(*) > 0
    INTO payload;
    IF payload IS NOT NULL THEN
        PERFORM pg_notify('tafaul_cases', payload);
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER care_notice_{event}_tells_people AFTER {event} ON care_notice
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION care_tell_people();
"""
    for event in ("insert", "update")
)

BACKWARDS = """
DROP TRIGGER care_notice_insert_tells_people ON care_notice;
DROP TRIGGER care_notice_update_tells_people ON care_notice;
DROP FUNCTION care_tell_people();
DROP TRIGGER care_note_insert_tells_open_pages ON care_note;
DROP TRIGGER care_note_delete_tells_open_pages ON care_note;
DROP TRIGGER care_attachment_insert_tells_open_pages ON care_attachment;
DROP TRIGGER care_attachment_delete_tells_open_pages ON care_attachment;
DROP TRIGGER care_note_stays ON care_note;
DROP FUNCTION care_note_stays();
DROP TRIGGER care_who_leaves_lets_go ON bodies_membership;
DROP TRIGGER care_who_is_deactivated_lets_go ON bodies_person;
DROP TRIGGER care_a_moved_body_is_let_go ON bodies_body;
DROP FUNCTION care_let_go();
DROP TRIGGER care_case_is_given ON care_case;
DROP TRIGGER care_case_is_given_or_moved ON care_case;
DROP FUNCTION care_check_assignee();
DROP FUNCTION care_may_answer(bigint, bigint[]);
DROP FUNCTION care_people_of(bigint[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0004_assignment"),
        ("care", "0006_referrals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["person", "-id"], name="notice_by_person"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), ("size__lte", 10485760)),
                name="a_file_is_neither_empty_nor_huge",
            ),
        ),
        migrations.RunSQL("ALTER TABLE care_presence SET UNLOGGED", "ALTER TABLE care_presence SET LOGGED"),
        migrations.RunSQL(
            WHO_MAY_ANSWER + LET_GO + NOTES_STAY + TELL_PAGES + TELL_PEOPLE,
            BACKWARDS,
        ),
    ]
