"""What a citizen sees of their case through its secret link, and what they add to it there."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.crypto import constant_time_compare

from tafaul.bodies.models import Body
from tafaul.care import intake
from tafaul.care.errors import NothingSaid, TooManyWords, TooOften
from tafaul.care.masking import mask, without_address
from tafaul.care.models import Case, Clock, Post, Promised, Referral, Reply, Visibility
from tafaul.channels.base import Author, IncomingPost
from tafaul.channels.base import Visibility as ChannelVisibility
from tafaul.channels.text import storable
from tafaul.foundation import acting
from tafaul.knowledge import approved
from tafaul.understanding import personal

LONGEST = 2000
MOST_AN_HOUR = 5
AN_HOUR = timedelta(hours=1)
POST_ID = "portal:"
"""How the ids of posts begin that were written on the citizen's page."""

KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LINK = re.compile(rf"/r/\w+/({KEY.pattern})", re.IGNORECASE)
CASE = "case:"
"""How `in_reply_to` of a post begins that was written on a case's page: the case's id follows."""

ADDRESS = re.compile(rf"{CASE}(\d{{1,18}})", re.ASCII)
RATING = "#rating"
"""Behind a link that asks for a rating: where on the page it is given."""


@contextmanager
def opened(reference: str, key: str) -> Iterator[Case | None]:
    """Act for who holds a secret link, and give its case, or the one that it was merged into; None: no such link.

    The key alone is looked for, so that the time this takes says nothing of which references there are.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM care_link(%s)", [key if KEY.fullmatch(key) else None])
        of_link, leads_to = cursor.fetchone() or ("", "")
    if not constant_time_compare(of_link, reference.upper()) or not leads_to:
        yield None
        return
    with acting.as_case(leads_to, request="citizen's page"):
        cases = Case.objects.defer("search").select_related("body", "account__body", "citizen")
        yield cases.get(portal_key=leads_to)


def address_of(case: Case) -> str:
    """Return what a post bears as `in_reply_to` that belongs to a case, whatever its age and state."""
    return f"{CASE}{case.pk}"


def addressed(posts: Iterable[Post]) -> dict[str, int]:
    """Return case ids by what posts bear that were written on a case's page; of a merged case the other's."""
    numbers = {int(match.group(1)) for post in posts if (match := ADDRESS.fullmatch(post.in_reply_to))}
    if not numbers:
        return {}
    found = Case.objects.filter(pk__in=numbers).values_list("pk", Coalesce("merged_into", "pk"))
    return {f"{CASE}{number}": goes_to for number, goes_to in found}


def holds_link(text: str) -> bool:
    """Tell whether a text holds a secret link to a citizen's page."""
    return LINK.search(text) is not None


def asks_for_rating(case: Case, text: str) -> bool:
    """Tell whether a text asks the citizen to rate the case."""
    return f"{case.portal_key}{RATING}" in text


def words(case: Case, which: str, link: str, language: str) -> str:
    """Return approved words that hand the link to the citizen: «followed», or «rated» to ask for a rating."""
    return approved.words(
        body=case.account.body.slug,
        mode=which,
        topic=case.topic,
        turn=case.pk,
        language=language,
        variables={"reference": case.reference, "link": f"{link}{RATING}" if which == "rated" else link},
    )


def add(case: Case, text: str, form_key: uuid.UUID, now: datetime) -> None:
    """Add what a citizen writes on the page to their case: a private post, worked like any other.

    The same `form_key` again adds nothing. Raises `NothingSaid`, `TooManyWords` and `TooOften`.
    """
    text = storable(text.replace("\r\n", "\n")).strip()
    if not any(char.isprintable() and not char.isspace() for char in text):
        raise NothingSaid
    if len(text) > LONGEST:
        raise TooManyWords(LONGEST)
    post = IncomingPost(
        external_id=f"{POST_ID}{form_key}",
        author=Author(case.citizen.external_id),
        text=text,
        written_at=now,
        visibility=ChannelVisibility.PRIVATE,
        raw=json.dumps({"written_on": "portal"}),
        in_reply_to=address_of(case),
    )
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        lately = _added(case).filter(received_at__gt=now - AN_HOUR)
        if lately.count() >= MOST_AN_HOUR and not lately.filter(external_id=post.external_id).exists():
            raise TooOften
        intake.add(case.account, post)


def _added(case: Case) -> QuerySet[Post]:
    return Post.objects.filter(citizen=case.citizen_id, account=case.account_id, in_reply_to=address_of(case))


class What(StrEnum):
    """What happened to a case, in the words of a citizen's page."""

    WROTE = "wrote"
    ADDED = "added"
    ANSWERED = "answered"
    ANSWERED_IN_PRIVATE = "answered_in_private"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case. `text` is masked."""

    what: What
    at: datetime
    text: str = ""
    body: Body | None = None


def events(case: Case) -> list[Event]:
    """Return what a citizen may know of their case, in the order of time: no private reply, no personal data."""
    found = [*_of_posts(case), *_of_replies(case), *_of_referrals(case)]
    if case.closed_at is not None:
        found.append(Event(What.CLOSED, case.closed_at))
    return sorted(found, key=lambda event: event.at)


def _of_posts(case: Case) -> Iterator[Event]:
    unworked = Q(citizen=case.citizen_id, account=case.account_id, in_reply_to=address_of(case), case__isnull=True)
    for post in Post.objects.filter(Q(case=case) | unworked).defer("raw"):
        what = What.ADDED if post.external_id.startswith(POST_ID) else What.WROTE
        yield Event(what, post.written_at, without_address(masked(post.text)))


def masked(text: str) -> str:
    """Return a text with the personal data in it hidden."""
    return mask(text, [(span.start, span.end, span.sort) for span in personal.spans(text)])


def _of_replies(case: Case) -> Iterator[Event]:
    for reply in case.replies.filter(state=Reply.State.SENT):
        public = reply.visibility == Visibility.PUBLIC
        if reply.sent_at:
            what = What.ANSWERED if public else What.ANSWERED_IN_PRIVATE
            yield Event(what, reply.sent_at, masked(reply.text) if public else "")


def _of_referrals(case: Case) -> Iterator[Event]:
    hidden = (Referral.State.RETURNED, Referral.State.WITHDRAWN)
    for referral in case.referrals.exclude(state__in=hidden).select_related("to_body"):
        yield Event(What.REFERRED, referral.sent_at, body=referral.to_body)
        if referral.state != Referral.State.PASSED_ON and referral.decided_at:
            yield Event(What.ACCEPTED, referral.decided_at, body=referral.to_body)
        if referral.done_at:
            yield Event(What.DONE, referral.done_at, body=referral.to_body)


def promised_by(case: Case) -> Clock | None:
    """Return the promise that runs on a case for its citizen: of a first reply, else of its resolution."""
    ours = (Promised.FIRST_REPLY, Promised.RESOLUTION)
    running = case.clocks.filter(ended_at__isnull=True, due_at__isnull=False, what__in=ours)
    return running.order_by("due_at").first()
