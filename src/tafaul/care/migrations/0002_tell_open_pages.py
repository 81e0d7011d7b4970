"""Triggers that tell open pages which cases changed, for which bodies."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION care_tell_open_pages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payload text;
BEGIN
    EXECUTE format('
        WITH touched AS (SELECT DISTINCT %s AS case_id FROM changed),
        concerned AS (
            SELECT c.id, c.body_id, a.body_id AS account_body_id
            FROM touched JOIN care_case c ON c.id = touched.case_id JOIN bodies_account a ON a.id = c.account_id
        )
        SELECT json_build_object(
            ''bodies'', (SELECT json_agg(DISTINCT id) FROM (
                SELECT body_id AS id FROM concerned UNION SELECT account_body_id FROM concerned) AS both_bodies),
            ''cases'', (SELECT CASE WHEN count(*) <= 100 THEN coalesce(json_agg(id), ''[]'') ELSE ''[]'' END
                        FROM concerned))
        WHERE EXISTS (SELECT FROM concerned)',
        CASE TG_TABLE_NAME WHEN 'care_case' THEN 'id' ELSE 'case_id' END)
    INTO payload;
    IF payload IS NOT NULL THEN
        PERFORM pg_notify('tafaul_cases', payload);
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = "".join(
    f"""
CREATE TRIGGER {table}_{event}_tells_open_pages AFTER {event} ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION care_tell_open_pages();
"""
    for table in ("care_case", "care_reply")
    for event in ("insert", "update")
)

BACKWARDS = (
    "".join(
        f"DROP TRIGGER {table}_{event}_tells_open_pages ON {table};"
        for table in ("care_case", "care_reply")
        for event in ("insert", "update")
    )
    + "DROP FUNCTION care_tell_open_pages();"
)


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTION + TRIGGERS, BACKWARDS)]
