"""Triggers that keep which bodies see a case, and tell the open pages of all of them."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("tafaul.care.migrations.0002_tell_open_pages").FUNCTION

TELL = BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    """SELECT c.id, c.body_id, a.body_id AS account_body_id
            FROM touched JOIN care_case c ON c.id = touched.case_id JOIN bodies_account a ON a.id = c.account_id""",
    """SELECT c.id, c.seen_by FROM touched JOIN care_case c ON c.id = touched.case_id""",
).replace(
    """SELECT json_agg(DISTINCT id) FROM (
                SELECT body_id AS id FROM concerned UNION SELECT account_body_id FROM concerned) AS both_bodies)""",
    """SELECT json_agg(DISTINCT id) FROM (SELECT unnest(seen_by) AS id FROM concerned) AS of_all)""",
)

WHO_SEES = """
CREATE FUNCTION care_who_sees(the_case bigint, body bigint, account bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT array_agg(DISTINCT id) FROM (
        SELECT body AS id
        UNION SELECT body_id FROM bodies_account WHERE bodies_account.id = account
        UNION SELECT from_body_id FROM care_referral WHERE case_id = the_case
        UNION SELECT to_body_id FROM care_referral WHERE case_id = the_case
    ) AS concerned
$$;

CREATE FUNCTION care_note_who_sees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.seen_by := care_who_sees(NEW.id, NEW.body_id, NEW.account_id);
    RETURN NEW;
END $$;

CREATE TRIGGER care_case_is_seen_by BEFORE INSERT OR UPDATE OF body_id, account_id, seen_by ON care_case
    FOR EACH ROW EXECUTE FUNCTION care_note_who_sees();

CREATE FUNCTION care_referral_is_seen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE care_case SET seen_by = seen_by WHERE id = NEW.case_id;
    RETURN NULL;
END $$;

CREATE TRIGGER care_referral_is_seen AFTER INSERT OR UPDATE ON care_referral
    FOR EACH ROW EXECUTE FUNCTION care_referral_is_seen();

UPDATE care_case SET seen_by = seen_by;
"""

BACKWARDS = (
    """
DROP TRIGGER care_referral_is_seen ON care_referral;
DROP FUNCTION care_referral_is_seen();
DROP TRIGGER care_case_is_seen_by ON care_case;
DROP FUNCTION care_note_who_sees();
DROP FUNCTION care_who_sees(bigint, bigint, bigint);
"""
    + BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)


class Migration(migrations.Migration):
    dependencies = [("care", "0003_work_on_cases")]

    operations = [migrations.RunSQL(TELL + WHO_SEES, BACKWARDS)]
