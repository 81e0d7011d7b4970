"""Cases: what one citizen wants, from opening to closing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from tafaul.bodies import access
from tafaul.bodies.models import Account, Person
from tafaul.care.errors import NotYours
from tafaul.care.masking import mask, without_address
from tafaul.care.models import Case, Kind, Post, Reply
from tafaul.care.references import reference
from tafaul.foundation import rows
from tafaul.understanding import Understanding

SUBJECT = 160
"""Characters of the first post that a list shows."""

CASE_COLUMNS = (
    "id", "reference", "account_id", "body_id", "citizen_id", "state", "kind", "topic", "place", "urgency",
    "urgent_because", "subject", "posts_count", "opened_at", "waiting_since", "last_post_at", "answered_at",
)  # fmt: skip

CHANGED_BY_POSTS = ("id", "state", "waiting_since", "urgency", "urgent_because", "posts_count", "last_post_at")
CHANGE_CASES = """
    UPDATE care_case SET
        state = given.state, waiting_since = given.waiting_since, urgency = given.urgency,
        urgent_because = given.urgent_because, posts_count = given.posts_count, last_post_at = given.last_post_at
    FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[], %b::smallint[], %b::text[], %b::int[],
                %b::timestamptz[])
         AS given (id, state, waiting_since, urgency, urgent_because, posts_count, last_post_at)
    WHERE care_case.id = given.id
"""


@dataclass(slots=True)
class Thread:
    """A case at work: the case, what was understood when it opened, and the posts that come to it now."""

    case: Case
    is_new: bool
    understood: Understanding
    posts: list[Post] = field(default_factory=list)


def join_or_open(
    posts: Sequence[Post], understood: Sequence[Understanding], account: Account
) -> dict[int, Thread]:
    """Find for each post the open case that it goes on with, or open one; return threads by post id.

    A post joins the case of the post or reply that it answers; else, from the same citizen within some days,
    the latest case about the same matter. New cases get their ids here, and are stored by `store`.
    """
    known = _open_threads(posts, account)
    answered = _cases_answered(posts, account)
    new_ids = _new_ids(len(posts))
    threads: dict[int, Thread] = {}
    for post, meant in zip(posts, understood, strict=True):
        of_citizen = known.setdefault(post.citizen_id, [])
        thread = _going_on(post, meant, of_citizen, answered, threads)
        if thread is None:
            thread = Thread(_opened(next(new_ids), post, meant, account), is_new=True, understood=meant)
            of_citizen.append(thread)
        else:
            _join(thread.case, post, meant)
        thread.posts.append(post)
        threads[post.pk] = thread
        answered[post.external_id] = thread.case.pk
    return threads


def _open_threads(posts: Sequence[Post], account: Account) -> dict[int, list[Thread]]:
    """Cases that posts of these citizens may go on with, oldest first, by citizen."""
    since = posts[0].written_at - timedelta(days=settings.CASE_JOINS_WITHIN_DAYS)
    cases = Case.objects.filter(
        account=account, citizen_id__in={post.citizen_id for post in posts}, last_post_at__gte=since
    ).order_by("last_post_at")
    found: dict[int, list[Thread]] = {}
    for case in cases.select_for_update(no_key=True):
        nothing_new = Understanding.unknown(account.body.slug)
        found.setdefault(case.citizen_id, []).append(Thread(case, is_new=False, understood=nothing_new))
    return found


def _cases_answered(posts: Sequence[Post], account: Account) -> dict[str, int]:
    """Case ids by the external ids of the posts and replies that these posts answer."""
    ids = {post.in_reply_to for post in posts if post.in_reply_to}
    if not ids:
        return {}
    posted = Post.objects.filter(account=account, external_id__in=ids, case__isnull=False)
    replied = Reply.objects.filter(account=account, external_id__in=ids)
    return {
        **dict(posted.values_list("external_id", "case_id")),
        **dict(replied.values_list("external_id", "case_id")),
    }


def _going_on(
    post: Post,
    meant: Understanding,
    of_citizen: Sequence[Thread],
    answered: Mapping[str, int],
    threads: Mapping[int, Thread],
) -> Thread | None:
    """Return the thread that a post goes on with, if any."""
    by_case = {thread.case.pk: thread for thread in of_citizen}
    within = timedelta(days=settings.CASE_JOINS_WITHIN_DAYS)
    if post.in_reply_to and answered.get(post.in_reply_to) in by_case:
        return by_case[answered[post.in_reply_to]]
    for thread in reversed(of_citizen):
        if abs(post.written_at - thread.case.last_post_at) > within:
            continue
        same_matter = meant.topic in (None, "none", thread.case.topic) or meant.kind in (
            Kind.THANKS,
            Kind.OTHER,
        )
        if post.visibility == "private" or same_matter:
            return thread
    return None


def _opened(number: int, post: Post, meant: Understanding, account: Account) -> Case:
    hidden = [(span.start, span.end, span.sort) for span in meant.personal_data]
    return Case(
        pk=number,
        reference=reference(number),
        account=account,
        body=account.body,
        citizen_id=post.citizen_id,
        state=Case.State.OPEN,
        kind=meant.kind,
        topic=meant.topic or "",
        place=meant.place or "",
        urgency=_urgency(meant),
        urgent_because=meant.urgent or "",
        subject=without_address(mask(post.text, hidden))[:SUBJECT],
        opened_at=post.received_at,
        waiting_since=post.written_at,
        last_post_at=post.written_at,
    )


def _urgency(meant: Understanding) -> Case.Urgency:
    if meant.urgent:
        return Case.Urgency.URGENT
    little = meant.spam or meant.kind in (Kind.THANKS, Kind.OTHER)
    return Case.Urgency.LOW if little else Case.Urgency.NORMAL


def _join(case: Case, post: Post, meant: Understanding) -> None:
    """Count a post in, and open the case again unless the citizen only says thanks."""
    case.posts_count += 1
    case.last_post_at = max(case.last_post_at, post.written_at)
    if meant.kind == Kind.THANKS and case.state != Case.State.OPEN:
        return
    if case.answered_at is not None and post.written_at < case.answered_at:
        return
    if case.state != Case.State.OPEN:
        case.state, case.waiting_since = Case.State.OPEN, post.written_at
    if _urgency(meant) < case.urgency:
        case.urgency, case.urgent_because = _urgency(meant), meant.urgent or ""


def _new_ids(count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('care_case', 'id')) FROM generate_series(1, %s)", [count]
        )
        return iter([row[0] for row in cursor.fetchall()])


def store(threads: Mapping[int, Thread]) -> None:
    """Write the new cases with one COPY, and what changed of the others with one statement."""
    unique = {thread.case.pk: thread for thread in threads.values()}.values()
    rows.copy("care_case", CASE_COLUMNS, [thread.case for thread in unique if thread.is_new])
    joined = [thread.case for thread in unique if not thread.is_new]
    if joined:
        rows.execute(CHANGE_CASES, [[getattr(case, name) for case in joined] for name in CHANGED_BY_POSTS])


def visible_to(person: Person) -> QuerySet[Case]:
    """Cases that a person sees: of their bodies and those below, or written to their accounts.

    The urgent first, then those who wait longest, then the latest.
    """
    bodies = access.seen_by(person).values("id")
    seen = Case.objects.filter(Q(body__in=bodies) | Q(account__body__in=bodies))
    ordered = seen.order_by("urgency", F("waiting_since").asc(nulls_last=True), "-last_post_at")
    return ordered.select_related("account__body", "body", "citizen")


def get(person: Person, case_reference: str) -> Case:
    """Return a case by its reference. Raises `NotYours` when there is none that the person may see."""
    case = visible_to(person).filter(reference=case_reference.upper()).first()
    if case is None:
        raise NotYours
    return case


def conversation(case: Case) -> list[Post | Reply]:
    """Posts and replies of a case, drafts left out, in the order of time."""
    posts: list[Post | Reply] = list(case.posts.select_related("citizen"))
    replies = case.replies.exclude(state=Reply.State.DRAFT).select_related("approved_by")
    return sorted([*posts, *replies], key=_said_at)


def _said_at(message: Post | Reply) -> datetime:
    if isinstance(message, Post):
        return message.written_at
    return message.sent_at or message.approved_at or message.created_at


def close(case: Case, person: Person) -> None:
    """Close a case: nothing more is to be done. Raises `NotYours`."""
    _require(person, case)
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, waiting_since=None)
    case.refresh_from_db()


def reopen(case: Case, person: Person) -> None:
    """Open a closed case again, waiting from now. Raises `NotYours`."""
    _require(person, case)
    Case.objects.filter(pk=case.pk, state=Case.State.CLOSED).update(state=Case.State.OPEN, waiting_since=Now())
    case.refresh_from_db()


def _require(person: Person, case: Case) -> None:
    if not may_answer(person, case):
        raise NotYours


def may_answer(person: Person, case: Case) -> bool:
    """Tell whether a person may answer a case: for its body, or for the account that it was written to."""
    return access.may_answer(person, case.body) or access.may_answer(person, case.account.body)


def answered(case: Case, at: datetime, *, seen: int | None) -> None:
    """Note that a reply reached the citizen. Posts that came after the last one seen go on waiting.

    The case stays locked until the transaction ends, so that no post joins it unseen.
    """
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    waiting = case.posts.filter(pk__gt=seen or 0).order_by("written_at").first()
    changed = Case.objects.filter(pk=case.pk)
    if waiting is None:
        changed.filter(state=Case.State.OPEN).update(state=Case.State.ANSWERED, waiting_since=None)
    else:
        changed.filter(state=Case.State.OPEN).update(waiting_since=waiting.written_at)
    changed.update(answered_at=at)
