"""Many rows at a time, where the ORM would take one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection


def copy(table: str, columns: Sequence[str], rows: Iterable[object]) -> None:
    """Write rows, whose attributes bear the columns' names, into a table with one COPY."""
    rows = list(rows)
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row([getattr(row, column) for column in columns])


def execute(statement: str, parameters: Sequence[Any]) -> int:
    """Run a statement on whole columns, given as lists, in the current transaction; return the rows touched.

    The server binds the parameters; as binary (`%b`) they spare quoting each value of a list.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount
