"""Referrals: a case is handed to the competent body or unit, which accepts, returns, passes on, or does it.

Until a referral is accepted, the body that sent it answers for the case. Whoever passes a case on has it until the
next accepts it, and has it again when the next returns it. A body where nobody works with Tafaul decides by the
link in its mail; the sender goes on answering for the case then, since nobody else could.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet

from tafaul.bodies import access
from tafaul.bodies.models import Body, Membership, Person
from tafaul.care import cases, clocks, directory, drafts, notices
from tafaul.care.errors import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyReferred,
    AlreadyThere,
    BodyGone,
    NoReason,
    NotYours,
    SameBody,
    TooManyHops,
)
from tafaul.care.models import Case, Notice, Referral
from tafaul.foundation import queue, rows

State = Referral.State

MOST_HOPS = 6

COLUMNS = (
    "case_id", "from_body_id", "to_body_id", "previous_id", "reason", "note", "state", "sent_by_id", "sent_at",
    "returned_because", "done_note", "email", "email_key",
)  # fmt: skip


@transaction.atomic
def refer(
    case: Case, person: Person, to_body: Body, reason: str, note: str = "", *, even_so: bool = False
) -> Referral:
    """Hand a case to another body, and draft the words that tell the citizen. People of the case's body may.

    `even_so` is a supervisor's word that it goes to a body that had it before. Raises `NotYours`, `AlreadyClosed`,
    `AlreadyReferred`, `SameBody`, `AlreadyThere`, `TooManyHops`, `TopicWithheld`, `NobodyThere` and `BodyGone`.
    """
    case = cases.locked(case)
    if not access.may_answer(person, case.body):
        raise NotYours
    if (under_way := open_of(case)) is not None:
        raise AlreadyReferred(under_way)
    return _send(case, person, to_body, reason, note, even_so=even_so)


@transaction.atomic
def accept(referral: Referral, person: Person | None) -> Referral:
    """Take a case over: the receiver answers for it from now on.

    `person` None is whoever holds the link of the mail; the sender goes on answering then. Raises `NotYours`,
    `AlreadyDecided`, and `AlreadyClosed` when there is nothing left to do.
    """
    case, referral = _at_work(referral, person, State.SENT)
    if case.state == Case.State.CLOSED:
        raise AlreadyClosed
    _decide(referral, person, State.ACCEPTED)
    if person is not None:
        _give(case, referral.to_body)
    clocks.follow(Case.objects.filter(pk=case.pk))
    return referral


@transaction.atomic
def return_(referral: Referral, person: Person | None, because: str) -> Referral:
    """Send a case back, with a reason; its sender answers for it again and is told.

    Raises `NoReason`, `NotYours` and `AlreadyDecided`.
    """
    if not (because := because.strip()):
        raise NoReason
    case, referral = _at_work(referral, person, *Referral.OPEN)
    referral.returned_because = because
    _decide(referral, person, State.RETURNED)
    _give_back(case, referral)
    if referral.sent_by is None:
        Case.objects.filter(pk=case.pk).update(needs_triage=True)
    clocks.follow(Case.objects.filter(pk=case.pk))
    _tell_sender(referral, Notice.What.RETURNED)
    return referral


@transaction.atomic
def pass_on(
    referral: Referral, person: Person, to_body: Body, reason: str, note: str = "", *, even_so: bool = False
) -> Referral:
    """Hand a case that came by a referral to the body that is competent, and return the new referral.

    Who passes a case on answers for it until the next accepts it. Raises as `refer` does, and `AlreadyDecided`.
    """
    case, referral = _at_work(referral, person, *Referral.OPEN)
    _decide(referral, person, State.PASSED_ON)
    _give(case, referral.to_body)
    clocks.follow(Case.objects.filter(pk=case.pk))  # one promise to accept ends before the next begins
    case.body = referral.to_body
    return _send(case, person, to_body, reason, note, previous=referral, even_so=even_so)


@transaction.atomic
def done(referral: Referral, person: Person | None, note: str = "") -> Referral:
    """Report that what was asked is done; the sender is told.

    The case goes back to the sender when only advice was sought, or when nobody of the receiver works here; else
    the receiver keeps it until it is closed. Raises `NotYours` and `AlreadyDecided`.
    """
    case, referral = _at_work(referral, person, *Referral.OPEN)
    referral.done_by, referral.done_at, referral.done_note = person, datetime.now(UTC), note.strip()
    _decide(referral, person, State.DONE, "done_by", "done_at", "done_note")
    if person is None or referral.reason == Referral.Reason.ADVICE:
        _give_back(case, referral)
    else:
        _give(case, referral.to_body)
    clocks.follow(Case.objects.filter(pk=case.pk))
    _tell_sender(referral, Notice.What.DONE)
    return referral


@transaction.atomic
def withdraw(referral: Referral, person: Person) -> Referral:
    """Take back a referral that nobody decided yet. People of the body that sent it may.

    Raises `NotYours` and `AlreadyDecided`.
    """
    case, referral = _reread(referral)
    if not access.may_answer(person, referral.from_body):
        raise NotYours
    if referral.state != State.SENT:
        raise AlreadyDecided(referral)
    referral.state = State.WITHDRAWN
    referral.save(update_fields=["state"])
    _give_back(case, referral)
    clocks.follow(Case.objects.filter(pk=case.pk))
    return referral


def store(sent: Mapping[int, Referral]) -> None:
    """Write the referrals that routing makes for new cases, by their ids, with one COPY.

    They are written before their cases, within one transaction: so each case's trigger finds at once who sees it.
    """
    rows.copy("care_referral", COLUMNS, sent.values())
    if any(referral.email for referral in sent.values()):
        queue.enqueue("mail_referrals", once="mail referrals")


def open_of(case: Case) -> Referral | None:
    """Return the referral of a case that is sent or accepted, if there is one."""
    return _told(case.referrals.filter(state__in=Referral.OPEN)).first()


def chain(case: Case) -> list[Referral]:
    """Return all referrals of a case, in the order in which they were sent."""
    return list(_told(case.referrals.all()).order_by("id"))


def may_decide(person: Person, referral: Referral) -> bool:
    """Tell whether a person decides a referral."""
    return Referral.objects.filter(_decided_by(person), pk=referral.pk).exists()


def incoming(person: Person) -> QuerySet[Referral]:
    """Referrals to the bodies whose cases a person sees, the oldest undecided first."""
    return _listed(Referral.objects.filter(to_body__in=access.seen_by(person).values("pk")))


def outgoing(person: Person) -> QuerySet[Referral]:
    """Referrals of the bodies whose cases a person sees, the oldest undecided first."""
    return _listed(Referral.objects.filter(from_body__in=access.seen_by(person).values("pk")))


def waiting(person: Person) -> QuerySet[Referral]:
    """Referrals that wait for a person's decision."""
    return incoming(person).filter(_decided_by(person), state=State.SENT).exclude(case__state=Case.State.CLOSED)


def _listed(found: QuerySet[Referral]) -> QuerySet[Referral]:
    return _told(found).select_related("case").order_by(F("decided_at").desc(nulls_first=True), "sent_at", "id")


def _told(found: QuerySet[Referral]) -> QuerySet[Referral]:
    return found.select_related("from_body", "to_body", "sent_by", "decided_by", "done_by")


def _decided_by(person: Person) -> Q:
    """Referrals to bodies for which a person answers, unless that is only because the sender's body is theirs too.

    So a ministry's agent does not accept in an amana's name what the ministry gave to the amana.
    """
    roles = person.memberships.filter(role__in=access.ANSWERING_ROLES).values_list("body_id", flat=True)
    found = Q(pk__in=[])
    for own in set(roles):
        theirs = access.with_below({own})
        found |= Q(to_body=own) | (Q(to_body__in=theirs) & ~Q(from_body__in=theirs))
    return found


def _reread(referral: Referral) -> tuple[Case, Referral]:
    """Return a referral and its case as they are now, locked until the transaction ends."""
    case = cases.locked(referral.case)
    return case, _told(Referral.objects.all()).get(pk=referral.pk)


def _at_work(referral: Referral, person: Person | None, *states: State) -> tuple[Case, Referral]:
    """Return the case and the referral, locked, for whoever decides it. Raises `NotYours` and `AlreadyDecided`."""
    case, referral = _reread(referral)
    if person is not None and not may_decide(person, referral):
        raise NotYours
    if referral.state not in states:
        raise AlreadyDecided(referral)
    return case, referral


def _decide(referral: Referral, person: Person | None, state: State, *changed: str) -> None:
    referral.state = state
    if referral.decided_at is None or state == State.RETURNED:
        referral.decided_by, referral.decided_at = person, datetime.now(UTC)
    referral.save(update_fields=["state", "decided_by", "decided_at", "returned_because", *changed])


def _send(
    case: Case,
    person: Person,
    to_body: Body,
    reason: str,
    note: str,
    *,
    previous: Referral | None = None,
    even_so: bool,
) -> Referral:
    """Check and write a referral from the body that has the case, and tell those concerned."""
    known = directory.read()
    if (receiver := known.bodies.get(to_body.pk)) is None:
        raise BodyGone
    if case.state == Case.State.CLOSED:
        raise AlreadyClosed
    if receiver == case.body:
        raise SameBody(receiver)
    _require_no_circle(case, person, receiver, even_so=even_so)
    referral = Referral(
        case=case,
        from_body=case.body,
        to_body=receiver,
        previous=previous,
        reason=Referral.Reason(reason),
        note=note.strip(),
        sent_by=person,
        sent_at=datetime.now(UTC),
        email=known.way(case.body, receiver, case.topic),
    )
    referral.save()
    _require_bodies()
    Case.objects.filter(pk=case.pk).update(needs_triage=False)
    clocks.follow(Case.objects.filter(pk=case.pk))
    drafts.tell_referred(case, receiver)
    if referral.email:
        queue.enqueue("mail_referrals", once="mail referrals")
    notices.tell(Person.objects.filter(pk__in=directory.answering(receiver)), case, Notice.What.REFERRED)
    return referral


def _require_bodies() -> None:
    """Raise `BodyGone` when the receiver is being removed at this moment: waits for whoever removes it."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise BodyGone from error


def _require_no_circle(case: Case, person: Person, to_body: Body, *, even_so: bool) -> None:
    """Raise `AlreadyThere` or `TooManyHops`. What was before the last one that was done does not count."""
    gone: list[Referral] = []
    for referral in chain(case):
        if referral.state == State.DONE:
            gone = []
        elif referral.state != State.WITHDRAWN:
            gone.append(referral)
    if len(gone) >= MOST_HOPS:
        raise TooManyHops(MOST_HOPS)
    had_it = {each.to_body_id for each in gone if each.state in (State.RETURNED, State.PASSED_ON)}
    had_it |= {each.from_body_id for each in gone if each.state == State.PASSED_ON}
    if to_body.pk in had_it and not (even_so and supervises(person, case.body)):
        raise AlreadyThere(to_body)


def supervises(person: Person, body: Body) -> bool:
    """Tell whether a person supervises a body: a supervisor of it, or of one above it."""
    own = person.memberships.filter(role=Membership.Role.SUPERVISOR).values_list("body_id", flat=True)
    return body.pk in access.with_below(set(own))


def _give(case: Case, body: Body) -> None:
    """Let a body answer for a case. Who was to see to it in another body is let go."""
    if case.body_id != body.pk:
        Case.objects.filter(pk=case.pk).update(body=body, assignee=None)


def _give_back(case: Case, referral: Referral) -> None:
    """Let the sender of a referral answer for the case again, under the referral by which it came to them.

    What was drafted to tell the citizen of the referral is not true any more.
    """
    if case.body_id == referral.to_body_id:
        _give(case, referral.from_body)
    if referral.previous_id is not None:
        Referral.objects.filter(pk=referral.previous_id, state=State.PASSED_ON).update(state=State.ACCEPTED)
    drafts.forget_referred(case)


def _tell_sender(referral: Referral, what: Notice.What) -> None:
    people = [referral.sent_by_id] if referral.sent_by_id else directory.answering(referral.from_body)
    notices.tell(Person.objects.filter(pk__in=people), referral.case, what)
