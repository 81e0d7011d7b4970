"""Locks between processes, on any number of machines, held by the database session of their owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def exclusive(name: str) -> Iterator[bool]:
    """Give True to one holder of `name` at a time, False to everybody else, at once.

    A holder that is killed loses the lock with its connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connection.connection and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def wait_for(*names: str) -> None:
    """Wait until nobody else's transaction holds the names, and hold them to the end of this transaction.

    They are taken in the order given: who takes several always takes them in the same order.
    """
    with connection.cursor() as cursor:
        taken = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"
        cursor.execute(taken, [list(names)])


def share(name: str) -> None:
    """Hold `name` together with others that share it, to the end of this transaction: nobody holds it alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])
