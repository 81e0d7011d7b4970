"""Triage: a person decides what a case is about and whose it is, where nothing else could."""

from __future__ import annotations

from django.db import transaction

from tafaul.bodies import access
from tafaul.bodies.models import Body, Person
from tafaul.care import cases, clocks, corrections
from tafaul.care.errors import AlreadyTriaged, NotBelow
from tafaul.care.models import Case


def settle(case: Case, person: Person, *, kind: str, topic: str, body: Body | None = None) -> None:
    """Decide what a case is about, as a correction does, and give it to a body of the person's; None: it stays.

    Another body gets it by a referral. Raises `NotYours`, `NotBelow`, `AlreadyTriaged`, or `WasMerged` and
    `ClosedMeanwhile` when there is nothing to decide any more; `ValueError` for what the pack does not know.
    """
    with transaction.atomic():
        found = cases.locked(case)
        cases.require(person, found)
        cases.require_open(found)
        if not found.needs_triage:
            raise AlreadyTriaged
        if body is not None and body != found.body and not access.may_answer(person, body):
            raise NotBelow(body)
        corrections.correct(found, person, kind=kind, topic=topic)
        found.needs_triage, found.body = False, body or found.body
        found.save(update_fields=["needs_triage", "body"])
        clocks.follow([found])
    case.refresh_from_db()
