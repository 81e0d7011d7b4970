"""Who sees the rows of cases and of accounts: the bodies that a case concerns, and who holds its link."""

import django.db.models.deletion
from django.db import migrations, models

from tafaul.bodies.row_security import SEEN, SOMEBODY, of_body, secure, through

WHO = """
CREATE FUNCTION tafaul_case() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH link AS (SELECT nullif(current_setting('tafaul.case', true), '') AS key)
    SELECT care_case.id FROM care_case, link
    WHERE portal_key = CASE WHEN key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN key::uuid END
    UNION ALL
    SELECT case_id FROM care_referral, link WHERE email_key = key AND email_key <> ''
    LIMIT 1
$$;

CREATE FUNCTION tafaul_account_bodies() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT unnest(tafaul_seen_bodies()) AS id
        UNION
        SELECT of_id FROM care_sharing WHERE sees_id = ANY (tafaul_seen_bodies())
        UNION
        SELECT account.body_id FROM bodies_account account JOIN care_case ON care_case.account_id = account.id
        WHERE care_case.id = tafaul_case()
    ) AS concerned
$$;
"""

NOBODY = "DROP FUNCTION tafaul_account_bodies();\nDROP FUNCTION tafaul_case();\n"

SHARED = """
    INSERT INTO care_sharing (of_id, sees_id)
    SELECT account.body_id, sees FROM {cases} shared
    JOIN bodies_account account ON account.id = shared.account_id CROSS JOIN unnest(shared.seen_by) AS sees
    WHERE cardinality(shared.seen_by) > 1 AND sees <> account.body_id
    EXCEPT SELECT of_id, sees_id FROM care_sharing
    ON CONFLICT DO NOTHING;
"""

SHARING = f"""
CREATE FUNCTION care_note_sharing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    {SHARED.format(cases="changed")}
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER care_case_{event}_is_shared AFTER {event} ON care_case
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION care_note_sharing();
"""
    for event in ("insert", "update")
)

NOT_SHARING = """
DROP TRIGGER care_case_insert_is_shared ON care_case;
DROP TRIGGER care_case_update_is_shared ON care_case;
DROP FUNCTION care_note_sharing();
"""

OF_ACCOUNTS = "body_id = ANY ((SELECT tafaul_account_bodies())::bigint[])"
ACCOUNTS = f"""
ALTER TABLE bodies_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON bodies_account FOR SELECT TO tafaul_desk USING ({OF_ACCOUNTS});
CREATE POLICY desk_changes ON bodies_account FOR UPDATE TO tafaul_desk USING ({OF_ACCOUNTS}) WITH CHECK ({OF_ACCOUNTS});
CREATE POLICY desk_adds ON bodies_account FOR INSERT TO tafaul_desk WITH CHECK ({of_body()});
CREATE POLICY jobs ON bodies_account FOR ALL TO tafaul_jobs USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON bodies_account TO tafaul_desk;
"""
"""Who answers a case written to another body's account uses it, and what the channel gives anew is kept: hence UPDATE."""

NO_ACCOUNTS = """
REVOKE ALL ON bodies_account FROM tafaul_desk;
DROP POLICY jobs ON bodies_account;
DROP POLICY desk_adds ON bodies_account;
DROP POLICY desk_changes ON bodies_account;
DROP POLICY desk_reads ON bodies_account;
ALTER TABLE bodies_account DISABLE ROW LEVEL SECURITY;
"""

OWN_ACCOUNT = f"account_id IN (SELECT id FROM bodies_account WHERE {of_body()})"
CASE = f"CASE WHEN seen_by && {SEEN} THEN true ELSE id = (SELECT tafaul_case()) END"
"""As CASE it is a filter alone: the planner, who does not know the bodies yet, takes no index for it."""

CLOCK = f"""
ALTER POLICY desk ON care_clock USING (
    CASE WHEN {of_body()} THEN true ELSE {through("care_case", "care_clock.case_id")} END
);
"""
"""Who sees the body that promised sees the clock: boards need not look up the case of each."""

CITIZEN = "EXISTS (SELECT FROM care_case WHERE care_case.citizen_id = care_citizen.id)"
POST = f"CASE WHEN case_id IS NULL THEN {OWN_ACCOUNT} ELSE {through('care_case', 'care_post.case_id')} END"
LINK = f"{through('care_case', 'care_caselink.one_id')} AND {through('care_case', 'care_caselink.other_id')}"
OF_A_CASE = (
    "attachment", "clock", "note", "notice", "outsidereport", "presence", "rating", "referral", "reminder", "reply",
)  # fmt: skip
OF_AN_ACCOUNT = ("gap", "reading", "unreadablepost")


class Migration(migrations.Migration):
    dependencies = [("bodies", "0005_row_level_security"), ("care", "0005_cases"), ("care", "0009_followup")]

    operations = [
        migrations.CreateModel(
            name="Sharing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "of",
                    models.ForeignKey(
                        help_text="Whose account it is",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_with",
                        to="bodies.body",
                    ),
                ),
                (
                    "sees",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares_of",
                        to="bodies.body",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sees", "of"), name="a_sharing_is_noted_once"),
                ],
            },
        ),
        migrations.RunSQL(WHO, NOBODY),
        migrations.RunSQL(SHARING + SHARED.format(cases="care_case"), NOT_SHARING),
        migrations.RunSQL(ACCOUNTS, NO_ACCOUNTS),
        secure("bodies_spending", through("bodies_account", "bodies_spending.account_id")),
        secure("care_case", CASE),
        secure("care_citizen", CITIZEN, desk="SELECT"),
        secure("care_post", POST),
        secure("care_caselink", LINK),
        secure("care_correction", through("care_post", "care_correction.post_id")),
        *(secure(f"care_{name}", through("care_case", f"care_{name}.case_id")) for name in OF_A_CASE),
        migrations.RunSQL(CLOCK, migrations.RunSQL.noop),
        secure("care_note_mentions", through("care_note", "care_note_mentions.note_id")),
        *(secure(f"care_{name}", OWN_ACCOUNT) for name in OF_AN_ACCOUNT),
        # What is promised is inherited from bodies above, and holds for whoever a case is referred to.
        secure("care_promise", SOMEBODY, changes=of_body()),
        secure("care_silence", SOMEBODY, changes=of_body()),
        # Rules of the bodies above are tried for a unit's accounts, too: whoever tries out rules reads them.
        secure("care_routingrule", SOMEBODY, changes=of_body()),
        secure("care_sharing", of_body("sees_id"), desk="SELECT"),
    ]
