"""What the holder of a case's link may do besides reading it: add posts, rate, and have supervisors told."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION care_link(key uuid) RETURNS TABLE (reference text, leads_to uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT of_link.reference, coalesce(into_it.portal_key, of_link.portal_key)
    FROM care_case AS of_link LEFT JOIN care_case AS into_it ON into_it.id = of_link.merged_into_id
    WHERE of_link.portal_key = key
$$;

CREATE FUNCTION care_supervisors() RETURNS TABLE (body_id bigint, person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT membership.body_id, membership.person_id
    FROM bodies_membership membership JOIN bodies_person person ON person.id = membership.person_id
    WHERE person.is_active AND membership.role = 'supervisor'
$$;
"""

OF_THE_LINK = """
    case_id IS NULL AND in_reply_to = 'case:' || (SELECT tafaul_case())
    AND (account_id, citizen_id) = (SELECT c.account_id, c.citizen_id FROM care_case c WHERE c.id = tafaul_case())
"""
POLICIES = f"""
CREATE POLICY citizen_adds ON care_post FOR INSERT TO tafaul_desk WITH CHECK ({OF_THE_LINK});
CREATE POLICY citizen_reads ON care_post FOR SELECT TO tafaul_desk USING ({OF_THE_LINK});
"""

TELL_OPEN_PAGES = "".join(
    f"""
CREATE TRIGGER {table}_{event}_tells_open_pages AFTER {event} ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION care_tell_open_pages();
"""
    for table in ("care_rating", "care_outsidereport")
    for event in ("insert", "update")
)

BACKWARDS = """
DROP TRIGGER care_outsidereport_update_tells_open_pages ON care_outsidereport;
DROP TRIGGER care_outsidereport_insert_tells_open_pages ON care_outsidereport;
DROP TRIGGER care_rating_update_tells_open_pages ON care_rating;
DROP TRIGGER care_rating_insert_tells_open_pages ON care_rating;
DROP POLICY citizen_reads ON care_post;
DROP POLICY citizen_adds ON care_post;
DROP FUNCTION care_supervisors();
DROP FUNCTION care_link(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0011_history")]

    operations = [migrations.RunSQL(FUNCTIONS + POLICIES + TELL_OPEN_PAGES, BACKWARDS)]
