"""Joining: each post goes on with a case of its citizen, or opens one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from tafaul.bodies.models import Account
from tafaul.care import following, notices, priority, search
from tafaul.care.masking import mask, without_address
from tafaul.care.models import Case, CaseLink, Kind, Notice, Post, Reply, Visibility
from tafaul.care.references import reference
from tafaul.foundation import rows
from tafaul.understanding import Understanding

SUBJECT = 160
"""Characters of the first post that a list shows."""

CASE_COLUMNS = (
    "id", "reference", "account_id", "body_id", "citizen_id", "state", "kind", "topic", "place", "urgency",
    "urgent_because", "priority", "repeats", "needs_triage", "subject", "posts_count", "opened_at",
    "waiting_since", "last_post_at", "answered_at", "search",
)  # fmt: skip

CHANGED_BY_POSTS = (
    "id", "state", "waiting_since", "closed_at", "outcome", "outcome_note", "urgency", "urgent_because",
    "priority", "repeats", "posts_count", "last_post_at", "search",
)  # fmt: skip
CHANGE_CASES = f"""
    UPDATE care_case SET
        state = given.state, waiting_since = given.waiting_since, closed_at = given.closed_at,
        outcome = given.outcome, outcome_note = given.outcome_note, urgency = given.urgency,
        urgent_because = given.urgent_because, priority = given.priority, repeats = given.repeats,
        posts_count = given.posts_count, last_post_at = given.last_post_at,
        search = CASE WHEN length(care_case.search) > {search.FULLEST} THEN care_case.search
                      ELSE coalesce(care_case.search, '') || given.search::tsvector END
    FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[], %b::timestamptz[], %b::text[], %b::text[],
                %b::smallint[], %b::text[], %b::smallint[], %b::int[], %b::int[], %b::timestamptz[], %b::text[])
         AS given ({", ".join(CHANGED_BY_POSTS)})
    WHERE care_case.id = given.id
"""  # noqa: S608

HEADS = """
    SELECT given.id, coalesce(
        (SELECT coalesce(c.merged_into_id, c.id) FROM care_post p JOIN care_case c ON c.id = p.case_id
         WHERE p.account_id = %(account)s AND p.external_id = given.id),
        (SELECT coalesce(c.merged_into_id, c.id) FROM care_post p JOIN care_case c ON c.id = p.case_id
         WHERE p.account_id = %(account)s AND p.conversation_id = given.id AND p.conversation_id <> ''
           AND p.conversation_id <> p.external_id AND p.visibility = 'public' AND p.case_id IS NOT NULL
         ORDER BY p.id LIMIT 1))
    FROM unnest(%(conversations)s::text[]) AS given (id)
"""
"""The case that a public conversation began with, as far as it is known."""


@dataclass(slots=True)
class Thread:
    """A case at work: the case, what was understood when it opened, and the posts that come to it now.

    `reopened` tells that the citizen came back to a case in which nobody waited. `topics` are those of the case
    and of what was merged into it.
    """

    case: Case
    is_new: bool
    understood: Understanding
    posts: list[Post] = field(default_factory=list)
    reopened: bool = False
    late: int = priority.Late.NOT
    topics: set[str] = field(default_factory=set)
    conversations: set[str] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


def join_or_open(
    posts: Sequence[Post], understood: Sequence[Understanding], account: Account
) -> dict[int, Thread]:
    """Find for each post the case that it goes on with, or open one; return threads by post id.

    A post joins the case on whose page it was written, that of the post or reply that it answers, or a case of its
    citizen in the same conversation, unless it is surely about another matter; else, from the same citizen within
    some days, the latest case about the same matter, in which they were asked, or, in private, the latest. New
    cases get their ids here, and are stored by `store`.
    """
    addressed = following.addressed(posts)
    known = _known_threads(posts, account, addressed.values())
    answered = _cases_answered(posts, account) | addressed
    heads = _heads(posts, account)
    ids = new_ids(len(posts))
    threads: dict[int, Thread] = {}
    for post, meant in zip(posts, understood, strict=True):
        of_citizen = known.setdefault(post.citizen_id, [])
        thread = _going_on(post, meant, of_citizen, answered)
        if thread is None:
            thread = Thread(_opened(next(ids), post, meant, account), is_new=True, understood=meant)
            thread.topics.update(filter(None, [meant.topic]))
            of_citizen.append(thread)
            _link_to_own(thread, post, of_citizen)
        else:
            _join(thread, post, meant)
        _link_to_head(thread, post, heads)
        _take_in(thread, post, meant)
        threads[post.pk] = thread
        answered[post.external_id] = thread.case.pk
    return threads


def _known_threads(posts: Sequence[Post], account: Account, addressed: Collection[int]) -> dict[int, list[Thread]]:
    """Cases that posts of these citizens may go on with, oldest first, by citizen; the addressed ones however old.

    A merged case is none: its posts went on to the other. Cases are locked in the order of their ids.
    """
    since = posts[0].written_at - timedelta(days=settings.CASE_JOINS_WITHIN_DAYS)
    cases = Case.objects.filter(
        account=account,
        citizen_id__in={post.citizen_id for post in posts},
        merged_into__isnull=True,
    ).filter(Q(last_post_at__gte=since) | Q(pk__in=addressed))
    locked = {case.pk: case for case in cases.defer("search").order_by("pk").select_for_update(no_key=True)}
    lateness = dict(Case.objects.filter(pk__in=locked).annotate(late=priority.late()).values_list("pk", "late"))
    conversations = _conversations_of(posts, list(locked))
    topics = _topics_of(locked)
    found: dict[int, list[Thread]] = {}
    for case in sorted(locked.values(), key=lambda case: (case.last_post_at, case.pk)):
        thread = Thread(case, is_new=False, understood=Understanding.unknown(account.body.slug))
        thread.late, thread.conversations = lateness[case.pk], conversations.get(case.pk, set())
        thread.topics = topics[case.pk]
        found.setdefault(case.citizen_id, []).append(thread)
    return found


def _topics_of(cases: Mapping[int, Case]) -> dict[int, set[str]]:
    """Return of what cases speak, and the cases that were merged into them."""
    found = {number: {case.topic} - {""} for number, case in cases.items()}
    merged = Case.objects.filter(merged_into__in=cases).exclude(topic="").values_list("merged_into_id", "topic")
    for number, topic in merged.distinct():
        found[number or 0].add(topic)
    return found


def _conversations_of(posts: Sequence[Post], cases: Sequence[int]) -> dict[int, set[str]]:
    """Return in which of the conversations of these posts some cases have posts."""
    ids = {post.conversation_id for post in posts if _goes_on(post)}
    found: dict[int, set[str]] = {}
    if ids and cases:
        there = Post.objects.filter(case__in=cases, conversation_id__in=ids).distinct()
        for number, conversation in there.values_list("case_id", "conversation_id"):
            found.setdefault(number, set()).add(conversation)
    return found


def _goes_on(post: Post) -> bool:
    """Tell whether a post goes on with a conversation instead of beginning one."""
    return post.conversation_id not in ("", post.external_id)


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


def _heads(posts: Sequence[Post], account: Account) -> dict[str, int]:
    """Case ids by the public conversations that began with them."""
    ids = {post.conversation_id for post in posts if _goes_on(post) and post.visibility == Visibility.PUBLIC}
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(HEADS, {"account": account.pk, "conversations": sorted(ids)})
        return {conversation: number for conversation, number in cursor.fetchall() if number is not None}


def _going_on(
    post: Post, meant: Understanding, of_citizen: Sequence[Thread], answered: Mapping[str, int]
) -> Thread | None:
    """Return the thread that a post goes on with, if any."""
    within = timedelta(days=settings.CASE_JOINS_WITHIN_DAYS)
    latest_first = of_citizen[::-1]
    if post.in_reply_to and (number := answered.get(post.in_reply_to)):
        for thread in latest_first:
            on_its_page = post.in_reply_to.startswith(following.CASE)
            if thread.case.pk == number and (on_its_page or not _is_another_matter(meant, thread)):
                return thread
    for thread in latest_first:
        if post.conversation_id in thread.conversations and not _is_another_matter(meant, thread):
            return thread
    for thread in latest_first:
        if abs(post.written_at - thread.case.last_post_at) > within:
            continue
        goes_on = post.visibility == Visibility.PRIVATE or thread.case.state == Case.State.ASKED
        if _is_same_matter(meant, thread) or (goes_on and not _is_another_matter(meant, thread)):
            return thread
    return None


def _is_same_matter(meant: Understanding, thread: Thread) -> bool:
    says_little = meant.kind in (Kind.THANKS, Kind.OTHER)
    return meant.topic is None or meant.topic in thread.topics or says_little


def _is_another_matter(meant: Understanding, thread: Thread) -> bool:
    """Tell whether a post surely speaks of something else than a case."""
    is_sure = bool(thread.topics) and "topic" in meant.sure_of
    return is_sure and not _is_same_matter(meant, thread)


def _opened(number: int, post: Post, meant: Understanding, account: Account) -> Case:
    case = Case(
        pk=number,
        reference=reference(number),
        account=account,
        body=account.body,
        citizen_id=post.citizen_id,
        state=Case.State.OPEN,
        kind=meant.kind,
        topic=meant.topic or "",
        place=meant.place or "",
        urgency=urgency(meant.urgent, meant.kind, is_spam=meant.spam),
        urgent_because=meant.urgent or "",
        subject=subject(post, [(span.start, span.end, span.sort) for span in meant.personal_data]),
        posts_count=0,
        opened_at=post.received_at,
        waiting_since=post.written_at,
        last_post_at=post.written_at,
    )
    priority.judge(case, priority.Late.NOT)
    return case


def subject(post: Post, hidden: Sequence[tuple[int, int, str]]) -> str:
    """Return what a list shows of a case that begins with a post."""
    return without_address(mask(post.text, hidden))[:SUBJECT]


def urgency(urgent: str | None, kind: str, *, is_spam: bool) -> Case.Urgency:
    """Return how soon a person must look at a post, from what was understood of it."""
    if urgent:
        return Case.Urgency.URGENT
    return Case.Urgency.LOW if is_spam or kind in (Kind.THANKS, Kind.OTHER) else Case.Urgency.NORMAL


def _join(thread: Thread, post: Post, meant: Understanding) -> None:
    """Let a post change its case: who comes back opens it again, unless it is only to say thanks."""
    case = thread.case
    case.last_post_at = max(case.last_post_at, post.written_at)
    if meant.kind == Kind.THANKS and case.state != Case.State.OPEN:
        return
    if case.answered_at is not None and post.written_at < case.answered_at:
        return
    if case.state == Case.State.OPEN:
        case.repeats += meant.kind != Kind.THANKS
    else:
        case.state, case.waiting_since, case.repeats = Case.State.OPEN, post.written_at, 0
        case.closed_at, case.outcome, case.outcome_note = None, "", ""
        thread.reopened = True
    how_soon = urgency(meant.urgent, meant.kind, is_spam=meant.spam)
    if how_soon < case.urgency:
        case.urgency, case.urgent_because = how_soon, meant.urgent or ""
    priority.judge(case, thread.late)


def _link_to_own(thread: Thread, post: Post, of_citizen: Sequence[Thread]) -> None:
    """Link a new case to the one that its citizen has in the same conversation about another matter."""
    for other in reversed(of_citizen):
        if other is not thread and post.conversation_id in other.conversations:
            thread.linked.add(other.case.pk)
            return


def _link_to_head(thread: Thread, post: Post, heads: dict[str, int]) -> None:
    """Link a case to the one that its public conversation began with: a star, however many write in it."""
    if post.visibility == Visibility.PUBLIC and post.conversation_id:
        head = heads.setdefault(post.conversation_id, thread.case.pk)
        if head != thread.case.pk:
            thread.linked.add(head)


def _take_in(thread: Thread, post: Post, meant: Understanding) -> None:
    thread.posts.append(post)
    thread.case.posts_count += 1
    if post.conversation_id:
        thread.conversations.add(post.conversation_id)
    thread.words |= search.lexemes(post.text, [(span.start, span.end) for span in meant.personal_data])
    thread.words |= search.of_citizen(post.citizen.handle)
    thread.words.add(search.of_case(thread.case.reference))


def new_ids(count: int) -> Iterator[int]:
    """Take ids for so many new cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('care_case', 'id')) FROM generate_series(1, %s)", [count]
        )
        return iter([row[0] for row in cursor.fetchall()])


def store(threads: Mapping[int, Thread]) -> None:
    """Write the new cases with one COPY, and what changed of the others with one statement; link both.

    Who has a case to which its citizen came back is told.
    """
    unique = list({thread.case.pk: thread for thread in threads.values()}.values())
    for thread in unique:
        thread.case.search = search.vector(thread.words)
    rows.copy("care_case", CASE_COLUMNS, [thread.case for thread in unique if thread.is_new])
    joined = [thread.case for thread in unique if not thread.is_new]
    if joined:
        rows.execute(CHANGE_CASES, [[getattr(case, name) for case in joined] for name in CHANGED_BY_POSTS])
    pairs = {
        (min(pair), max(pair)) for thread in unique for pair in ((thread.case.pk, to) for to in thread.linked)
    }
    links = [CaseLink(one_id=one, other_id=other, why=CaseLink.Why.THREAD) for one, other in sorted(pairs)]
    CaseLink.objects.bulk_create(links, ignore_conflicts=True)
    came_back = [(thread.case.assignee_id, thread.case.pk) for thread in unique if thread.reopened]
    notices.tell_many([(who, number) for who, number in came_back if who], Notice.What.REOPENED)
