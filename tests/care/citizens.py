"""Citizens who write at moments of a test's choosing, worked without a channel; and people who act at the same one."""

from __future__ import annotations

import itertools
import json
import threading
import uuid
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from tafaul.bodies.models import Account, Body
from tafaul.care import cases, intake, pipeline
from tafaul.care.models import Case, Post, Reply
from tafaul.channels.base import Author, IncomingPost, Visibility

_numbers = itertools.count(1_000_000_000_000)


def account_of(body: str) -> Account:
    """The account of a body, connected."""
    owner = Body.objects.get(slug=body)
    told = {"channel": "x", "external_id": f"account-{body}", "handle": f"{body}_care"}
    return Account.objects.filter(**told).first() or Account.objects.create(body=owner, **told)


def writes(
    text: str, to: str = "finance", *, by: str = "abu_fahad", ago: timedelta = timedelta(0), **more: str
) -> Post:
    """A citizen writes a post to a body, some time ago, and it is worked at once."""
    return write_all([text], to, by=by, ago=ago, **more)[0]


def write_all(
    texts: list[str], to: str = "finance", *, by: str = "abu_fahad", ago=timedelta(0), **more
) -> list[Post]:
    """A citizen writes posts, which are worked in one batch."""
    account, told = account_of(to), {"visibility": Visibility.PUBLIC, **more}
    written = datetime.now(UTC) - ago
    posts = []
    for place, text in enumerate(texts):
        number = str(next(_numbers))
        values = {"conversation_id": number, **told}
        at = written + timedelta(milliseconds=place)
        posts.append(IncomingPost(number, Author(by, by), text, at, raw=json.dumps({"id": number}), **values))
    intake.receive(account, posts)
    while pipeline.work(account):
        pass
    stored = {post.external_id: post for post in Post.objects.filter(account=account).select_related("case")}
    return [stored[post.external_id] for post in posts]


def answers(case: Case, person, text: str = "أهلاً بك", *, to: Post | None = None, asks: bool = False) -> Reply:
    """A reply to a case reaches its citizen."""
    now, last = datetime.now(UTC), case.posts.order_by("pk").last()
    reply = Reply.objects.create(
        case=case, account=case.account, answers=to or last, mode="answered", visibility="public", text=text,
        state="sent", created_at=now, approved_by=person, approved_at=now, sent_at=now, asks=asks,
        external_id=uuid.uuid4().hex, seen_post_id=last.pk,
    )  # fmt: skip
    with transaction.atomic():
        (cases.ask if asks else cases.answered)(case, now, seen=last.pk)
    case.refresh_from_db()
    return reply


def at_once(*verbs) -> list[Exception | None]:
    """Call verbs at the same moment, each on a connection of its own; return what each raised."""
    told: list[Exception | None] = [None] * len(verbs)
    gate = threading.Barrier(len(verbs))

    def call(place: int) -> None:
        gate.wait()
        try:
            verbs[place]()
        except Exception as error:  # noqa: BLE001
            told[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=[place]) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return told
