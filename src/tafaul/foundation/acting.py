"""On whose behalf the database is spoken to: its policies show what that person sees, and history says who it was.

Web processes speak to it as a role that sees nothing of its own (`TAFAUL_ROLE`): where nobody is named, nothing
is shown.
The name is held in a context variable and told to each connection that is open or opens meanwhile, so that a
connection
from the pool never speaks for who used it before.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

TELL = """
    SELECT set_config('tafaul.person', %s, false), set_config('tafaul.case', %s, false),
           set_config('pghistory.context_id', %s, false), set_config('pghistory.context_metadata', %s, false)
"""


@dataclass(frozen=True, slots=True)
class Acting:
    """A person, or the holder of a case's link, or the system; and in which request, job or command."""

    person: int | None = None
    case_key: str = ""
    cause: dict[str, Any] = field(default_factory=dict)
    cause_id: str = ""

    def settings(self) -> tuple[str, str, str, str]:
        """Return what the database is told. History gets no key of a case."""
        who = {"person": self.person} if self.person else {"citizen": True} if self.case_key else {}
        told = {**self.cause, **who}
        return str(self.person or ""), self.case_key, self.cause_id, json.dumps(told) if told else ""


_acting: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039 - frozen


@contextmanager
def as_person(person: int | None, **cause: str) -> Iterator[None]:
    """Act for the person of this id; None is nobody, who sees nothing.

    `cause` is what history notes, such as a request.
    """
    with _acting_as(Acting(person=person, **_caused(cause))):
        yield


@contextmanager
def as_case(key: str | uuid.UUID, **cause: str) -> Iterator[None]:
    """Act for whoever holds the link of a case: its `portal_key`, or the SHA-256 of a secret that was mailed.

    The database looks the key up itself, and shows that case alone; with a wrong key it shows nothing.
    """
    with _acting_as(Acting(case_key=str(key), **_caused(cause))):
        yield


@contextmanager
def as_system(**cause: str) -> Iterator[None]:
    """Act for no person: a job or a command. It sees what the role of its process sees."""
    with _acting_as(Acting(**_caused(cause))):
        yield


def _caused(cause: dict[str, str]) -> dict[str, Any]:
    """Return what started this: what is given now, or else what goes on already."""
    if not cause:
        going_on = _acting.get()
        return {"cause": going_on.cause, "cause_id": going_on.cause_id}
    return {"cause": cause, "cause_id": str(uuid.uuid4())}


@contextmanager
def _acting_as(acting: Acting) -> Iterator[None]:
    before = _acting.set(acting)
    try:
        _tell(connection)
        yield
    finally:
        _acting.reset(before)
        _tell(connection)


def _tell(to: BaseDatabaseWrapper) -> None:
    """Tell an open connection who acts now. In a broken transaction it is left: its end takes back what it
    was told.
    """
    spoken: psycopg.Connection[Any] | None = to.connection
    if spoken is None or spoken.closed or spoken.info.transaction_status == TransactionStatus.INERROR:
        return
    try:
        spoken.execute(TELL, _acting.get().settings())
    except psycopg.OperationalError:
        to.close()  # the next one is told when it opens


def _tell_new(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    if _acting.get() != Acting() or connection.settings_dict["OPTIONS"].get("pool"):
        _tell(connection)


connection_created.connect(_tell_new, dispatch_uid="acting")
