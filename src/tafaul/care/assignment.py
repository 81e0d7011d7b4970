"""Whose case it is: taken or given by hand, or coming by itself to the agents who are at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tafaul.bodies import access
from tafaul.bodies.models import Assignment, Body, Membership, Person
from tafaul.care import cases, colleagues, notices
from tafaul.care.errors import AlreadyTaken, MayNotAnswer, NotYours
from tafaul.care.models import Case, Notice
from tafaul.foundation import locks

A_SHIFT = timedelta(hours=12)
"""Who forgot to say that they left is away after so long."""

GIVE = """
    WITH fresh AS (
        SELECT id, body_id, count(*) OVER (PARTITION BY body_id) AS of_body,
            row_number() OVER (PARTITION BY body_id ORDER BY urgency, priority, waiting_since, id) AS turn
        FROM care_case
        WHERE id = ANY (%(cases)s) AND body_id = ANY (%(bodies)s)
            AND state = 'open' AND assignee_id IS NULL AND NOT needs_triage
    ),
    present AS MATERIALIZED (
        SELECT membership.id, membership.body_id, membership.person_id, membership.given_at, body.assignment
        FROM bodies_membership membership
        JOIN bodies_person person ON person.id = membership.person_id
        JOIN bodies_body body ON body.id = membership.body_id
        WHERE membership.body_id = ANY (%(bodies)s) AND membership.role = 'agent'
            AND person.is_active AND person.at_desk_since > %(since)s
        FOR NO KEY UPDATE OF membership SKIP LOCKED
    ),
    loaded AS (
        SELECT present.*, CASE assignment WHEN 'load' THEN (
            SELECT count(*) FROM care_case WHERE assignee_id = present.person_id AND state = 'open'
        ) ELSE 0 END AS has
        FROM present
    ),
    places AS (
        SELECT loaded.id AS membership_id, body_id, person_id,
            row_number() OVER (PARTITION BY body_id ORDER BY has + more, given_at NULLS FIRST, id) AS turn
        FROM loaded, generate_series(
            0, (SELECT max(of_body) - 1 FROM fresh WHERE fresh.body_id = loaded.body_id)) AS more
    ),
    taken AS (
        SELECT fresh.id, person_id, membership_id, turn FROM fresh JOIN places USING (body_id, turn)
    ),
    marked AS (
        UPDATE bodies_membership
        SET given_at = statement_timestamp() + last.turn * interval '1 microsecond'
        FROM (SELECT membership_id, max(turn) AS turn FROM taken GROUP BY membership_id) AS last
        WHERE bodies_membership.id = last.membership_id
    )
    UPDATE care_case SET assignee_id = taken.person_id FROM taken
    WHERE care_case.id = taken.id RETURNING taken.person_id, care_case.id
"""
"""Each agent offers places, one behind the other: from the first on by turns, by load from the number of their
open cases on. The cases take the first places. An agent whose role somebody is changing now is passed over."""


def distribute(new: Iterable[Case]) -> None:
    """Give new cases to agents at the desk of their bodies, as each body has it, in a constant number of queries.

    Cases that wait for triage, and those of a body where nobody is at the desk, stay nobody's. Workers that give a
    body's cases follow each other, in a transaction of the caller.
    """
    fresh = {case.pk: case for case in new}
    by_itself = Body.objects.exclude(assignment=Assignment.HAND)
    bodies = list(by_itself.filter(pk__in={case.body_id for case in fresh.values()}).values_list("pk", flat=True))
    if not bodies:
        return
    locks.wait_for(*(f"give {number}" for number in sorted(bodies)))
    told: dict[str, Any] = {"cases": list(fresh), "bodies": bodies, "since": timezone.now() - A_SHIFT}
    with connection.cursor() as cursor:
        cursor.execute(GIVE, told)
        given = cursor.fetchall()
    for person_id, case_id in given:
        fresh[case_id].assignee_id = person_id
    notices.tell_many(given, Notice.What.ASSIGNED)


def take(case: Case, person: Person) -> None:
    """Make a case that is nobody's the person's own. Raises `NotYours`, `ClosedMeanwhile`, and `AlreadyTaken`."""
    assign(case, person, person, saw="")


@transaction.atomic
def assign(case: Case, person: Person, to: Person, *, saw: str | None = None) -> None:
    """Give a case to a colleague, who is told.

    With `saw`, the id of who had it when the person looked (empty: nobody), nothing is changed over what a
    colleague did since. Raises `NotYours`, `ClosedMeanwhile`, `MayNotAnswer` and `AlreadyTaken`.
    """
    held = _held(case, person)
    if held.assignee_id != to.pk:
        _require_same(held, saw)
        _require_may_answer(to, held)
        Case.objects.filter(pk=held.pk).update(assignee=to)
        if to != person:
            notices.tell([to], held, Notice.What.ASSIGNED)
    case.assignee = to


@transaction.atomic
def let_go(case: Case, person: Person, *, saw: str | None = None) -> None:
    """Make a case nobody's. Raises `NotYours`, `ClosedMeanwhile`, and `AlreadyTaken` with `saw` as in `assign`."""
    held = _held(case, person)
    if held.assignee_id is not None:
        _require_same(held, saw)
        Case.objects.filter(pk=held.pk).update(assignee=None)
    case.assignee = None


def candidates(case: Case) -> QuerySet[Person]:
    """People who may be given a case, those `at_desk` first, with the number of open cases that each `has`."""
    return with_their_load(colleagues.who_may_answer(case))


def with_their_load(people: QuerySet[Person]) -> QuerySet[Person]:
    """Tell of people whether they are `at_desk`, these first, and how many open cases each `has`."""
    theirs = Case.objects.filter(assignee=OuterRef("pk"), state=Case.State.OPEN).order_by()
    has = Coalesce(Subquery(theirs.values("assignee").annotate(count=Count("pk")).values("count")), 0)
    at_desk = Coalesce(Q(at_desk_since__gt=timezone.now() - A_SHIFT), False)
    return people.annotate(has=has, at_desk=at_desk).order_by("-at_desk", "username")


def is_at_desk(person: Person) -> bool:
    """Tell whether a person is at the desk: they said so within the last twelve hours."""
    return person.at_desk_since is not None and person.at_desk_since > timezone.now() - A_SHIFT


def come(person: Person) -> None:
    """Note that a person is at the desk from now on."""
    _note_at_desk(person, timezone.now())


def leave(person: Person) -> None:
    """Note that a person is away; what they have stays theirs."""
    _note_at_desk(person, None)


def is_agent(person: Person) -> bool:
    """Tell whether cases may come to a person by themselves."""
    return person.memberships.filter(role=Membership.Role.AGENT).exists()


def set_policy(body: Body, person: Person, policy: str) -> None:
    """Say how a body's new cases are given from now on. Raises `NotYours`; `ValueError` for an unknown way."""
    if not access.led_by(person).filter(pk=body.pk).exists():
        raise NotYours
    Body.objects.filter(pk=body.pk).update(assignment=Assignment(policy))


def _note_at_desk(person: Person, since: datetime | None) -> None:
    person.at_desk_since = since
    person.save(update_fields=["at_desk_since"])


def _held(case: Case, person: Person) -> Case:
    """Return a case as it is now, locked, for somebody who may answer it."""
    held = cases.locked(case)
    cases.require(person, held)
    cases.require_open(held)
    return held


def _require_same(held: Case, saw: str | None) -> None:
    if saw is not None and saw != str(held.assignee_id or ""):
        raise AlreadyTaken(held.assignee)


def _require_may_answer(person: Person, case: Case) -> None:
    """Raise `MayNotAnswer`, and keep the person's roles as they are until the transaction ends."""
    list(Membership.objects.select_for_update(no_key=True).filter(person=person))
    if not colleagues.who_may_answer(case).filter(pk=person.pk).exists():
        raise MayNotAnswer(person)
