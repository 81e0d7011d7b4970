"""Row-level security, as migrations write it: who sees and changes the rows of a table, held by the database
itself.

Two roles speak to the database besides its owner, and both obey the policies: `tafaul_desk`, the web processes,
which see
what the person at work sees (`foundation/acting.py`), and `tafaul_jobs`, workers and commands, which see every
row.
A table that no migration gives to `tafaul_desk` is closed to it.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

ALL = "SELECT, INSERT, UPDATE, DELETE"
SEEN = "(SELECT tafaul_seen_bodies())::bigint[]"
"""The bodies of the person at work and those below; the inner SELECT lets it be computed once a statement."""

SOMEBODY = "(current_setting('tafaul.person', true) <> '' OR current_setting('tafaul.case', true) <> '')"
"""Somebody is at work, or a citizen or clerk holds the link of a case."""


def of_body(column: str = "body_id") -> str:
    """Rows of bodies that the person sees."""
    return f"{column} = ANY ({SEEN})"


def through(table: str, column: str) -> str:
    """Rows whose `column`, such as `care_note.case_id`, names a row of another table that the reader sees.

    A scalar subquery looks each row up by its key; of EXISTS the planner may make a hash of all that is seen.
    """
    return f"coalesce((SELECT true FROM {table} AS above WHERE above.id = {column}), false)"  # noqa: S608 - migrations name them


def secure(table: str, sees: str, *, changes: str = "", desk: str = ALL) -> RunSQL:
    """Let the desk's role do with a table what `desk` grants: read the rows that `sees` names, write those of
    `changes`.

    Without `changes` the same rows are read and written. Workers do anything with any row.
    """
    policies = {"desk": f"FOR ALL TO tafaul_desk USING ({changes or sees}) WITH CHECK ({changes or sees})"}
    if changes:
        policies["desk_reads"] = f"FOR SELECT TO tafaul_desk USING ({sees})"
    policies["jobs"] = "FOR ALL TO tafaul_jobs USING (true) WITH CHECK (true)"
    made = "".join(f"CREATE POLICY {name} ON {table} {rule};\n" for name, rule in policies.items())
    dropped = "".join(f"DROP POLICY {name} ON {table};\n" for name in policies)
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n{made}GRANT {desk} ON {table} TO tafaul_desk;",
        f"REVOKE ALL ON {table} FROM tafaul_desk;\n{dropped}ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def secure_history(table: str, sees: str) -> RunSQL:
    """Let a table of history be read by who sees the rows that `sees` names, written by triggers alone,
    changed by nobody.
    """
    policies = {
        "desk": f"FOR SELECT TO tafaul_desk USING ({sees})",
        "jobs": "FOR SELECT TO tafaul_jobs USING (true)",
        "triggers": "FOR INSERT TO tafaul_desk, tafaul_jobs WITH CHECK (pg_trigger_depth() > 0)",
    }
    made = "".join(f"CREATE POLICY {name} ON {table} {rule};\n" for name, rule in policies.items())
    dropped = "".join(f"DROP POLICY {name} ON {table};\n" for name in policies)
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n{made}"
        f"REVOKE ALL ON {table} FROM tafaul_jobs;\nGRANT SELECT, INSERT ON {table} TO tafaul_desk, tafaul_jobs;",
        f"REVOKE ALL ON {table} FROM tafaul_desk, tafaul_jobs;\n{dropped}"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )
