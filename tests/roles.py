"""Speaking to the database as the product's processes do: in a role that obeys row-level security."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

from django.db import connection
from psycopg.pq import TransactionStatus

from tafaul.bodies.models import Person
from tafaul.foundation import acting


@contextmanager
def role(name: str) -> Iterator[None]:
    """Speak as a role of the database; within another role, go on in that one."""
    if getattr(connection, "in_role", False):
        yield
        return
    connection.in_role = True
    connection.ensure_connection()
    connection.connection.execute(f"SET ROLE {name}")  # not among the queries that tests count
    try:
        yield
    finally:
        connection.in_role = False
        if connection.connection and connection.connection.info.transaction_status != TransactionStatus.INERROR:
            connection.connection.execute("RESET ROLE")


@contextmanager
def at_the_desk(person=None) -> Iterator[None]:
    """Speak as a web process does for a person; for None, as one that was told of nobody."""
    with role("tafaul_desk"), acting.as_person(person and person.pk):
        yield


def verbs_at_the_desk(monkeypatch, *modules: ModuleType) -> None:
    """Let every verb of some modules that takes the person who acts speak to the database as that person's desk."""
    for module in modules:
        for name, verb in inspect.getmembers(module, inspect.isfunction):
            takes = inspect.signature(verb).parameters
            if verb.__module__ == module.__name__ and not name.startswith("_") and {"person", "by"} & takes.keys():
                monkeypatch.setattr(module, name, _at_the_desk(verb))


def _at_the_desk(verb: Callable[..., object]) -> Callable[..., object]:
    signature = inspect.signature(verb)

    @functools.wraps(verb)
    def speak(*args: object, **kwargs: object) -> object:
        given = signature.bind(*args, **kwargs).arguments
        person = given.get("person", given.get("by"))
        if not isinstance(person, Person) or getattr(connection, "in_role", False):
            return verb(*args, **kwargs)
        with at_the_desk(person):
            return verb(*args, **kwargs)

    return speak
