"""Cases: what one citizen wants, from opening to closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tafaul.bodies import access
from tafaul.bodies.models import Body, Person
from tafaul.care import clocks, priority
from tafaul.care.errors import AlreadyOpen, CareError, ClosedMeanwhile, NotYours, WasMerged
from tafaul.care.models import Case, Note, Post, Reply

State, Outcome = Case.State, Case.Outcome

MOVES: Mapping[str, frozenset[str]] = {
    State.OPEN.value: frozenset({State.ASKED.value, State.ANSWERED.value, State.CLOSED.value}),
    State.ASKED.value: frozenset({State.OPEN.value, State.ANSWERED.value, State.CLOSED.value}),
    State.ANSWERED.value: frozenset({State.OPEN.value, State.ASKED.value, State.CLOSED.value}),
    State.CLOSED.value: frozenset({State.OPEN.value}),
}
"""Where a case may go from each state. A merged case goes nowhere; a trigger in the database holds the same."""

OUTCOMES = tuple(outcome for outcome in Outcome if outcome != Outcome.MERGED)
"""What a person may say that a case came to."""


def visible_to(person: Person) -> QuerySet[Case]:
    """Cases that a person sees: of their bodies and those below, of their accounts, or referred to them."""
    bodies = list(access.seen_by(person).values_list("id", flat=True))
    seen = Case.objects.filter(seen_by__overlap=bodies).defer("search")
    return seen.select_related("account__body", "body", "citizen", "assignee", "merged_into")


def get(person: Person, case_reference: str) -> Case:
    """Return a case by its reference. Raises `NotYours` when there is none that the person may see."""
    case = visible_to(person).filter(reference=case_reference.replace("\0", "").upper()).first()
    if case is None:
        raise NotYours
    return case


def locked(case: Case) -> Case:
    """Return a case as it stands, locked until the transaction ends: the first lock of everything done to it.

    Raises `NotYours` when the database does not show it to who acts.
    """
    # Locked by itself: joined with its body, a case that went to another meanwhile would not be found.
    if Case.objects.select_for_update(no_key=True).filter(pk=case.pk).only("pk").first() is None:
        raise NotYours
    related = ("account__body", "body", "citizen")
    found = Case.objects.defer("search").select_related(*related).filter(pk=case.pk).first()
    if found is None:  # the person lost the role that showed it between the two
        raise NotYours
    return found


def conversation(case: Case) -> list[Post | Reply | Note]:
    """Posts, replies and notes of a case, drafts left out, in the order of time."""
    posts = case.posts.select_related("citizen")
    replies = case.replies.exclude(state=Reply.State.DRAFT).select_related("approved_by")
    notes = case.notes.select_related("by").prefetch_related("attachments")
    return sorted([*posts, *replies, *notes], key=_said_at)


def _said_at(message: Post | Reply | Note) -> datetime:
    if isinstance(message, Post):
        return message.written_at
    if isinstance(message, Note):
        return message.at
    return message.sent_at or message.approved_at or message.created_at


def may_answer(person: Person, case: Case) -> bool:
    """Tell whether a person may answer a case: for its body, or for the account that it was written to."""
    of_account = Body.objects.filter(accounts=case.account_id)  # none when the person does not see the account
    return access.may_answer(person, case.body) or any(access.may_answer(person, body) for body in of_account)


def require(person: Person | None, case: Case) -> None:
    """Raise `NotYours` unless a person may answer a case; None is the system, which may."""
    if person is not None and not may_answer(person, case):
        raise NotYours


def close(case: Case, person: Person | None, outcome: str = Outcome.ANSWERED, note: str = "") -> None:
    """Close a case with what it came to: nothing more is to be done.

    Raises `NotYours`, or `ClosedMeanwhile` and `WasMerged` when somebody was faster.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"a case can't be closed as «{outcome}»")
    with transaction.atomic():
        found = locked(case)
        require(person, found)
        now = datetime.now(UTC)
        move(found, State.CLOSED, waiting_since=None, closed_at=now, outcome=outcome, outcome_note=note.strip())
    case.refresh_from_db()


def reopen(case: Case, person: Person | None) -> None:
    """Open a closed case again, waiting from now. Raises `NotYours`, `AlreadyOpen`, or `WasMerged`."""
    with transaction.atomic():
        found = locked(case)
        require(person, found)
        if found.state != State.CLOSED:
            raise AlreadyOpen
        nothing_came_of_it = {"closed_at": None, "outcome": "", "outcome_note": ""}
        move(found, State.OPEN, waiting_since=datetime.now(UTC), repeats=0, **nothing_came_of_it)
        priority.recompute([found.pk])
    case.refresh_from_db()


def move(case: Case, to: str, **changes: Any) -> None:
    """Take a locked case to another state, and change what comes with it. Raises what forbids it."""
    if to not in MOVES[case.state] or case.merged_into_id is not None:
        raise _refusal(case)
    case.state = to
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=["state", *changes])
    clocks.follow([case])


def _refusal(case: Case) -> CareError:
    if case.merged_into is not None:
        return WasMerged(case.merged_into)
    return ClosedMeanwhile(case) if case.state == State.CLOSED else AlreadyOpen()


def require_open(case: Case) -> None:
    """Raise `WasMerged` or `ClosedMeanwhile` when a locked case is closed."""
    if case.state == State.CLOSED:
        raise _refusal(case)


def answered(case: Case, at: datetime, *, seen: int | None) -> None:
    """Note that a reply reached the citizen. Posts that came after the last one seen go on waiting.

    The case stays locked until the transaction ends, so that no post joins it unseen.
    """
    _reached(case, at, seen, State.ANSWERED)


def ask(case: Case, at: datetime, *, seen: int | None) -> None:
    """Note that a question reached the citizen, for whose answer we wait; else as `answered`."""
    _reached(case, at, seen, State.ASKED)


def _reached(case: Case, at: datetime, seen: int | None, to: Case.State) -> None:
    found = locked(case)
    waiting = found.posts.filter(pk__gt=seen or 0).order_by("written_at").first()
    if waiting is None and to in MOVES[found.state]:
        move(found, to, waiting_since=None, answered_at=at)
        return
    found.answered_at = at
    if waiting is not None and found.state == State.OPEN:
        found.waiting_since = waiting.written_at
    found.save(update_fields=["answered_at", "waiting_since"])
    clocks.follow([found])
