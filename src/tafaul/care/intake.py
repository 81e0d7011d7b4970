"""Taking in: what a channel gave becomes posts, once each, in the transaction that moves the reading on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from django.db import DataError, connection, transaction

from tafaul.bodies import spending
from tafaul.bodies.models import Account
from tafaul.care.models import Gap, Reading, UnreadablePost
from tafaul.channels.base import Batch, IncomingPost, Lost, Rejected, Visibility
from tafaul.foundation import queue, rows

STORE_CITIZENS = """
    INSERT INTO care_citizen AS known (channel, external_id, handle, name, read_on)
    SELECT %s, external_id, handle, name, %s
    FROM unnest(%b::text[], %b::text[], %b::text[]) AS given (external_id, handle, name)
    ON CONFLICT (channel, external_id) DO UPDATE SET
        handle = CASE WHEN excluded.handle = '' OR excluded.read_on IS NULL AND known.handle <> ''
                      THEN known.handle ELSE excluded.handle END,
        name = CASE WHEN excluded.name = '' OR excluded.read_on IS NULL AND known.name <> ''
                    THEN known.name ELSE excluded.name END,
        read_on = coalesce(excluded.read_on, known.read_on)
    WHERE known.read_on IS DISTINCT FROM coalesce(excluded.read_on, known.read_on)
       OR (excluded.handle <> '' AND (known.handle, known.name) <> (excluded.handle, excluded.name))
"""
COUNT_READ_TODAY = """
    SELECT count(*) FROM care_citizen WHERE channel = %s AND external_id = ANY(%s) AND read_on = %s
"""
STORE_POSTS = """
    INSERT INTO care_post (account_id, external_id, citizen_id, visibility, text, raw, conversation_id,
                           in_reply_to, written_at, received_at)
    SELECT %s, given.external_id, citizen.id, given.visibility, given.text, given.raw, given.conversation_id,
           given.in_reply_to, given.written_at, %s
    FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
                %b::timestamptz[])
         AS given (external_id, author, visibility, text, raw, conversation_id, in_reply_to, written_at)
    JOIN care_citizen citizen ON citizen.channel = %s AND citizen.external_id = given.author
    ON CONFLICT (account_id, external_id) DO NOTHING
"""


def receive(
    account: Account,
    posts: Sequence[IncomingPost],
    rejected: Sequence[Rejected] = (),
    *,
    charged: bool = True,
) -> int:
    """Store what a channel gave to an account, and put in the job that works it. Return how many were new.

    A post that is there already changes nothing, however often and in whatever order it comes. What the channel
    does not charge for, such as an archive, is not `charged`.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        _keep_unreadable(account, rejected, now)
        unique = list({post.external_id: post for post in posts if not _is_own(account, post)}.values())
        if not unique:
            return 0
        read_on = now.date() if charged else None
        try:
            with transaction.atomic():
                unread_citizens, new = _store(account, unique, now, read_on)
        except DataError:
            unread_citizens, new = _store_singly(account, unique, now, read_on)
        if new and charged:
            private = sum(post.visibility == Visibility.PRIVATE for post in unique)
            price = "read_private" if private == len(unique) else "read_post"
            spending.charge(account, price, new)
            spending.charge(account, "read_citizen", unread_citizens)
        if new:
            queue.enqueue("work_posts", once=f"work {account.pk}", account_id=account.pk)
    return new


def add(account: Account, post: IncomingPost) -> None:
    """Store a post that a citizen, who is known already, did not write on the channel, and put in its job.

    One that is there already changes nothing.
    """
    with transaction.atomic():
        if _store_posts(account, [post], datetime.now(UTC)):
            queue.enqueue("work_posts", once=f"work {account.pk}", account_id=account.pk)


def _store(
    account: Account, posts: Sequence[IncomingPost], now: datetime, read_on: date | None
) -> tuple[int, int]:
    """Store posts and their authors; return how many authors are to be paid for, and how many posts were new."""
    unread_citizens = _store_citizens(account, posts, read_on)
    return unread_citizens, _store_posts(account, posts, now)


def _store_singly(
    account: Account, posts: Sequence[IncomingPost], now: datetime, read_on: date | None
) -> tuple[int, int]:
    """Store posts one by one, and keep as unreadable what the database does not take."""
    citizens = stored = 0
    for post in posts:
        try:
            with transaction.atomic():
                unread, new = _store(account, [post], now, read_on)
        except DataError as error:
            _keep_unreadable(account, [Rejected(post.raw, f"cannot be stored: {error}".strip())], now)
        else:
            citizens, stored = citizens + unread, stored + new
    return citizens, stored


def _is_own(account: Account, post: IncomingPost) -> bool:
    handle = (post.author.handle or "").lower()
    return post.author.external_id == account.external_id or handle == account.handle.lower()


def read_on(account: Account, stream: str, batch: Batch) -> int:
    """Store a batch and move the reading of its stream on, both or neither. Return how many were new."""
    with transaction.atomic():
        reading = Reading.objects.select_for_update(no_key=True).get(account=account, stream=stream)
        new = receive(account, batch.posts, batch.rejected)
        for lost in batch.lost:
            _record_gap(account, lost)
        reading.position = batch.position
        reading.read_at, reading.trouble = datetime.now(UTC), ""
        reading.save(update_fields=["position", "read_at", "trouble"])
    return new


def _store_citizens(account: Account, posts: Sequence[IncomingPost], read_on: date | None) -> int:
    """Store or refresh the authors; return how many the channel had not yet charged for today."""
    authors = {post.author.external_id: post.author for post in sorted(posts, key=attrgetter("written_at"))}
    ids = sorted(authors)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_READ_TODAY, [account.channel, ids, read_on])
        known = int(cursor.fetchone()[0])
    handles = [(authors[key].handle or "")[:64] for key in ids]
    names = [authors[key].name or "" for key in ids]
    rows.execute(STORE_CITIZENS, [account.channel, read_on, ids, handles, names])
    return len(ids) - known


def _store_posts(account: Account, posts: Sequence[IncomingPost], now: datetime) -> int:
    ordered = sorted(posts, key=attrgetter("external_id"))
    columns: list[list[Any]] = [
        [post.external_id for post in ordered],
        [post.author.external_id for post in ordered],
        [post.visibility.value for post in ordered],
        [post.text for post in ordered],
        [post.raw for post in ordered],
        [post.conversation_id or "" for post in ordered],
        [post.in_reply_to or "" for post in ordered],
        [post.written_at for post in ordered],
    ]
    return rows.execute(STORE_POSTS, [account.pk, now, *columns, account.channel])


def _keep_unreadable(account: Account, rejected: Sequence[Rejected], now: datetime) -> None:
    UnreadablePost.objects.bulk_create(
        [
            UnreadablePost(
                account=account,
                raw=item.raw,
                digest=hashlib.sha256(item.raw.encode()).hexdigest(),
                reason=item.reason,
                received_at=now,
            )
            for item in rejected
        ],
        ignore_conflicts=True,
    )


def _record_gap(account: Account, lost: Lost) -> None:
    Gap.objects.get_or_create(
        account=account,
        after=lost.after,
        before=lost.before,
        defaults={"reason": lost.reason, "found_at": datetime.now(UTC)},
    )
