"""The roles of web processes and of workers, what each may touch, and who sees the rows of bodies."""

from django.db import migrations

from tafaul.bodies.row_security import SOMEBODY, of_body, secure

ROLES = """
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['tafaul_desk', 'tafaul_jobs'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server made it at this moment
        END;
        IF NOT pg_has_role(current_user, wanted, 'SET') THEN
            EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', wanted, current_user);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', wanted);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', wanted);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO %I', wanted);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tafaul_jobs;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tafaul_jobs;
REVOKE ALL ON django_migrations FROM tafaul_jobs;
GRANT SELECT ON django_migrations TO tafaul_jobs, tafaul_desk;
"""

NO_ROLES = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM tafaul_jobs;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM tafaul_jobs, tafaul_desk;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM tafaul_desk, tafaul_jobs;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM tafaul_desk, tafaul_jobs;
REVOKE ALL ON SCHEMA public FROM tafaul_desk, tafaul_jobs;
"""
"""The roles stay: other databases of the server may use them."""

LOGGING_IN = {
    "SELECT, INSERT, UPDATE": ("bodies_person",),
    "SELECT, INSERT, UPDATE, DELETE": (
        "account_emailaddress", "account_emailconfirmation", "cache", "django_session", "mfa_authenticator",
        "socialaccount_socialaccount", "socialaccount_socialtoken", "usersessions_usersession",
    ),
    "SELECT": ("django_content_type", "socialaccount_socialapp"),
    "SELECT, INSERT": ("procrastinate_jobs", "procrastinate_events"),
}
"""What is needed before a person is known, and for putting in jobs: no rows of bodies."""

WHO = """
CREATE FUNCTION tafaul_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('tafaul.person', true), '')::bigint
$$;

CREATE FUNCTION tafaul_seen_bodies() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE seen AS (
        SELECT body_id AS id FROM bodies_membership WHERE person_id = tafaul_person()
        UNION
        SELECT below.id FROM bodies_body below JOIN seen ON below.parent_id = seen.id
    )
    SELECT coalesce(array_agg(id), '{}') FROM seen
$$;

CREATE FUNCTION tafaul_administered_bodies() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE administered AS (
        SELECT body_id AS id FROM bodies_membership WHERE person_id = tafaul_person() AND role = 'administrator'
        UNION
        SELECT below.id FROM bodies_body below JOIN administered ON below.parent_id = administered.id
    )
    SELECT coalesce(array_agg(id), '{}') FROM administered
$$;

CREATE FUNCTION tafaul_colleagues() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT person_id), '{}') FROM bodies_membership
    WHERE body_id = ANY (tafaul_seen_bodies())
$$;

CREATE FUNCTION tafaul_invitations(by_digest text, to_email text) RETURNS TABLE (id bigint, by_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id, by_id FROM bodies_invitation WHERE digest = by_digest
    UNION ALL
    SELECT id, by_id FROM bodies_invitation
    WHERE to_email <> '' AND email = to_email AND accepted_at IS NULL AND withdrawn_at IS NULL
$$;
REVOKE EXECUTE ON FUNCTION tafaul_invitations(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tafaul_invitations(text, text) TO tafaul_desk, tafaul_jobs;
"""

NOBODY = """
DROP FUNCTION tafaul_invitations(text, text);
DROP FUNCTION tafaul_colleagues();
DROP FUNCTION tafaul_administered_bodies();
DROP FUNCTION tafaul_seen_bodies();
DROP FUNCTION tafaul_person();
"""

ADMINISTERED = of_body().replace("tafaul_seen_bodies", "tafaul_administered_bodies")
A_COLLEAGUES = f"{of_body()} OR person_id = (SELECT tafaul_person()) OR person_id = ANY ((SELECT tafaul_colleagues())::bigint[])"

LOCKED = f"""
CREATE POLICY desk_locks ON bodies_membership FOR UPDATE TO tafaul_desk USING ({A_COLLEAGUES}) WITH CHECK ({ADMINISTERED});
"""
"""Whoever gives a colleague a case keeps their roles as they are meanwhile: a lock wants the right to change."""


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0004_assignment"),
        ("account", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
        ("sessions", "0001_initial"),
        ("socialaccount", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ROLES, NO_ROLES),
        *(
            migrations.RunSQL(f"GRANT {what} ON {table} TO tafaul_desk", migrations.RunSQL.noop)
            for what, tables in LOGGING_IN.items()
            for table in tables
        ),
        migrations.RunSQL(WHO, NOBODY),
        # Which bodies there are is no secret; an administrator changes them and adds to them.
        secure("bodies_body", "true", changes=f"{of_body('id')} OR {of_body('parent_id')}"),
        # Where a colleague works besides decides what an administrator may do about them.
        secure("bodies_membership", A_COLLEAGUES, changes=ADMINISTERED),
        migrations.RunSQL(LOCKED, "DROP POLICY desk_locks ON bodies_membership"),
        secure("bodies_invitation", f"{of_body()} OR by_id = (SELECT tafaul_person())", changes=ADMINISTERED),
        # Hours are inherited from bodies above, and a case's clock may follow those of any body.
        secure("bodies_workinghours", SOMEBODY, changes=of_body()),
        secure("bodies_dayoff", SOMEBODY, changes=of_body()),
    ]
