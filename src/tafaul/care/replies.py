"""Replies: what a person decides to say, and the checks before it may leave."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from tafaul.bodies import spending
from tafaul.bodies.models import Account, AnswerMode, Person
from tafaul.care import cases, drafts, following, ratings
from tafaul.care.errors import (
    AccountDisconnected,
    AlreadyClosed,
    BudgetSpent,
    EmptyText,
    LinkInPublic,
    NotRead,
    NotYours,
    PersonalDataInPublic,
    TooLong,
    UnfilledVariable,
    WrittenInPrivate,
)
from tafaul.care.models import Case, Post, Reply, Visibility
from tafaul.channels import CHANNELS
from tafaul.foundation import queue
from tafaul.understanding import personal

PRIVATE_LIMIT = 10_000
LIMIT = 280
"""Public length, as the channel weighs it."""

HOLE = re.compile(r"\{[a-z_]+\}")


def length(case: Case, text: str) -> int:
    """Length of a public reply as the channel counts it, the citizen's handle in front included."""
    handle = case.citizen.handle
    return CHANNELS[case.account.channel].length(f"@{handle} {text}" if handle else text)


def price(case: Case, visibility: str, text: str) -> Decimal:
    """What sending a text costs, in US dollars, by the settings' prices."""
    return settings.PRICES[_priced_as(case.account, visibility, text)]


def _priced_as(account: Account, visibility: str, text: str) -> str:
    if visibility == Visibility.PRIVATE:
        return "send_private"
    return "send_link" if CHANNELS[account.channel].has_link(text) else "send_public"


def suggested(case: Case, mode: str) -> str:
    """Return approved words for answering a case in a mode."""
    draft = drafts.draft_of(case)
    if draft is not None and draft.mode == mode:
        return draft.text
    return drafts.words(case, mode, unit=drafts.referred_to(case))


def seen(case: Case) -> str:
    """Return a mark of what the conversation of a case holds now, for `send`."""
    last_post = case.posts.aggregate(last=Max("id"))["last"]
    last_reply = case.replies.exclude(state=Reply.State.DRAFT).aggregate(last=Max("id"))["last"]
    return f"{last_post or 0}.{last_reply or 0}"


def send(
    case: Case,
    person: Person,
    *,
    mode: str,
    visibility: str,
    text: str,
    form_key: uuid.UUID | str,
    saw: str | None = None,
    asks: bool = False,
) -> Reply:
    """Approve words for a case and queue them; they leave once, whatever happens on the way.

    With `asks`, we wait for the citizen's answer to it once it has arrived.
    The same `form_key` again returns the reply that it made. With `saw`, the mark of the conversation as the
    person read it, nothing is sent over what they did not read. Raises a `CareError` that says what to change.
    """
    text = text.strip()
    with transaction.atomic():
        case = cases.locked(case)
        existing = Reply.objects.filter(form_key=form_key).first()
        if existing is not None:
            return existing
        check(case, person, visibility=visibility, text=text)
        if saw is not None and saw != seen(case):
            raise NotRead
        now = datetime.now(UTC)
        reply = drafts.draft_of(case) or Reply(case=case, account=case.account, created_at=now)
        reply.answers = _answered_post(case, visibility)
        reply.seen_post_id = case.posts.aggregate(last=Max("id"))["last"]
        reply.mode, reply.visibility, reply.text = AnswerMode(mode), Visibility(visibility), text
        reply.form_key, reply.asks = uuid.UUID(str(form_key)), asks
        reply.state, reply.approved_by, reply.approved_at = Reply.State.QUEUED, person, now
        reply.save()
        if following.asks_for_rating(case, text):
            ratings.note_asked(case, now)
        queue.enqueue("deliver", once=f"deliver {case.account_id}", account_id=case.account_id)
    return reply


def _answered_post(case: Case, visibility: str) -> Post:
    """Return the post that a reply stands under: in public a public one, else the latest."""
    if visibility == Visibility.PRIVATE:
        return drafts.last_post(case)
    public = case.posts.filter(visibility=Visibility.PUBLIC).order_by("written_at", "id").last()
    if public is None:
        raise WrittenInPrivate
    return public


def check(case: Case, person: Person, *, visibility: str, text: str) -> None:
    """Raise the `CareError` that keeps a text from leaving, if there is one."""
    if not cases.may_answer(person, case):
        raise NotYours
    if case.state == Case.State.CLOSED:
        raise AlreadyClosed
    if case.account.state != Account.State.CONNECTED:
        raise AccountDisconnected
    if not spending.may_send(case.account.body):
        raise BudgetSpent
    if not any(char.isprintable() and not char.isspace() for char in text):
        raise EmptyText
    if hole := HOLE.search(text):
        raise UnfilledVariable(hole.group())
    limit = LIMIT if visibility == Visibility.PUBLIC else PRIVATE_LIMIT
    weighed = length(case, text) if visibility == Visibility.PUBLIC else len(text)
    if weighed > limit:
        raise TooLong(weighed, limit)
    if visibility == Visibility.PUBLIC and personal.spans(text):
        raise PersonalDataInPublic
    if visibility == Visibility.PUBLIC and following.holds_link(text):
        raise LinkInPublic


def charge(reply: Reply) -> None:
    """Meter what a sent reply cost."""
    spending.charge(reply.account, _priced_as(reply.account, reply.visibility, reply.text), 1)
