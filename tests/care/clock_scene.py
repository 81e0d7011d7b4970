"""Cases at moments of a test's choosing, and what their citizens and bodies do to them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tafaul.bodies.models import Account, Body, Person
from tafaul.care import clocks
from tafaul.care.models import Case, Citizen, Clock, Post, Referral, Reply

RIYADH = ZoneInfo("Asia/Riyadh")


def at(told: str) -> datetime:
    """A moment by the clock of Riyadh."""
    return datetime.fromisoformat(told).replace(tzinfo=RIYADH)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def new_case(body: str, since: datetime, **more: Any) -> Case:
    """A stored case of a citizen who writes at a moment to a body, without its clocks."""
    owner = Body.objects.get(slug=body)
    told = {"channel": "x", "external_id": body, "handle": body}
    account = Account.objects.filter(**told).first() or Account.objects.create(body=owner, **told)
    citizen = Citizen.objects.create(channel="x", external_id=uuid.uuid4().hex)
    case = Case.objects.create(
        reference=uuid.uuid4().hex[:12].upper(), account=account, body=owner, citizen=citizen,
        opened_at=since, waiting_since=since, last_post_at=since, **{"kind": "complaint", **more},
    )  # fmt: skip
    Post.objects.create(
        account=account, external_id=case.reference, citizen=citizen, visibility="public", text="", raw="{}",
        written_at=since, received_at=since, case=case,
    )  # fmt: skip
    return case


def opened(body: str, since: datetime, **more: Any) -> Case:
    """A case as it opens, its clocks started."""
    case = new_case(body, since, **more)
    clocks.follow([case], since)
    return case


def change(case: Case, now: datetime, **changes: Any) -> None:
    """Something happens to a case at a moment."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.save()
    clocks.follow([case], now)


def reply(case: Case, now: datetime, mode: str = "answered", state: str = "answered") -> None:
    """A reply reaches the citizen."""
    someone = Person.objects.filter(username="somebody").first() or Person.objects.create_user("somebody")
    Reply.objects.create(
        case=case, account=case.account, answers=case.posts.get(), mode=mode, visibility="public", text="-",
        state="sent", created_at=now, approved_by=someone, approved_at=now, sent_at=now, external_id=uuid.uuid4().hex,
    )  # fmt: skip
    change(case, now, state=state, waiting_since=None, answered_at=now)


def write_again(case: Case, now: datetime) -> None:
    """The citizen comes back."""
    change(case, now, state="open", waiting_since=now, closed_at=None, outcome="")


def close(case: Case, now: datetime, outcome: str = "settled") -> None:
    change(case, now, state="closed", waiting_since=None, closed_at=now, outcome=outcome)


def refer(case: Case, to: str, now: datetime) -> Referral:
    """A referral is sent."""
    sent = Referral.objects.create(
        case=case, from_body=case.body, to_body=Body.objects.get(slug=to), reason="competence", sent_at=now
    )
    clocks.follow([case], now)
    return sent


def decide(sent: Referral, now: datetime, state: str, **more: Any) -> None:
    """A referral is accepted, returned, passed on or withdrawn."""
    told = {"state": state, **({} if state == "withdrawn" else {"decided_at": now}), **more}
    Referral.objects.filter(pk=sent.pk).update(**told)
    case = Case.objects.get(pk=sent.case_id)
    change(case, now, body=sent.to_body if state == "accepted" else case.body)
    sent.case.refresh_from_db()


def clock(case: Case, what: str) -> Clock:
    """The latest clock of a sort on a case."""
    return case.clocks.filter(what=what).order_by("-pk")[0]
