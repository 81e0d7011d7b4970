"""Posts a second from X's pages to committed, understood, routed and drafted cases, on the embedded database.

Beside it, in the same run and on rows of the same make: bare COPY into the same tables (the limit), and one post
at a time through the ORM in a transaction of its own (what helpdesks commonly do).

    ./dev bench intake [POSTS]
"""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from _scene import set_up

PAGE = 100
ACCOUNTS = 10
THREADS = 4
"""As many jobs at a time as a worker does when nothing else is said."""
ONE_BY_ONE = 2_000
"""Posts that the ORM stores one at a time: more would only take longer."""

TABLES = ("care_citizen", "care_case", "care_post", "care_reply")


def pages(handle: str, count: int, start: int, seed: int) -> Iterator[bytes]:
    """Yield pages as X serves them, of posts in the pack's words by as many citizens as a third of the posts."""
    from django.conf import settings

    chance = random.Random(seed)
    files = sorted((Path(settings.PACK) / "posts").glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.open(encoding="utf-8")]
    for first in range(0, count, PAGE):
        posts, users = [], {}
        for number in range(first, min(first + PAGE, count)):
            key, author = start + number, 1_000_000 + chance.randrange(max(count // 3, 1))
            users[author] = {"id": str(author), "username": f"citizen_{author}", "name": f"مواطن {author}"}
            posts.append(
                {
                    "id": str(key), "text": f"@{handle} {chance.choice(texts)}", "author_id": str(author),
                    "conversation_id": str(key), "created_at": "2026-11-20T10:00:00.000Z",
                    "edit_history_tweet_ids": [str(key)],
                }
            )  # fmt: skip
        page = {"data": posts, "includes": {"users": list(users.values())}, "meta": {"result_count": len(posts)}}
        yield json.dumps(page).encode()


def served(folder: Path, handle: str, count: int, place: int) -> Path:
    """Write the pages of an account to a file, one a line, so that making them costs nothing later."""
    file = folder / f"{handle}.jsonl"
    start = 2_000_000_000_000_000_000 + place * 10_000_000
    with file.open("wb") as stream:
        stream.writelines(page + b"\n" for page in pages(handle, count, start, place))
    return file


def take_in(account: Any, file: Path) -> None:
    """Take in the pages of an account as the worker's jobs do."""
    from django.db import connection

    from tafaul.care import intake, pipeline
    from tafaul.channels.base import Batch
    from tafaul.channels.x import parse

    with file.open("rb") as stream:
        for number, body in enumerate(stream):
            parsed = parse.public_posts(json.loads(body))
            position = {"newest": parsed.posts[0].external_id, "gaps": []}
            intake.read_on(account, "public", Batch(parsed.posts, position, parsed.rejected))
            if number % 5 == 4:
                pipeline.work(account)
    while pipeline.work(account):
        pass
    connection.close()


def through_the_spine(accounts: list[Any], count: int, folder: Path) -> float:
    """Take in the pages of all accounts with as many threads as a worker has, and return the seconds."""
    from rich.progress import track

    share = count // len(accounts)
    print(f"writing {count:,} posts")
    files = [served(folder, account.handle, share, place) for place, account in enumerate(accounts)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(take_in, account, file) for account, file in zip(accounts, files, strict=True)]
        for job in track(as_completed(jobs), "taking in, account by account", total=len(jobs), transient=True):
            job.result()
    return time.perf_counter() - begun


def by_copy() -> float:
    """Write the rows that the spine made once more with COPY alone, and return the seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        rows = {}
        for table in TABLES:
            rows[table] = io.BytesIO()
            with cursor.cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                for piece in copy:
                    rows[table].write(piece)
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        begun = time.perf_counter()
        cursor.execute("BEGIN")
        for table in TABLES:
            with cursor.cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(rows[table].getvalue())
        cursor.execute("COMMIT")
        return time.perf_counter() - begun


def one_by_one(account: Any, count: int) -> float:
    """Store posts as helpdesks do, each in a transaction of its own through the ORM, and return the seconds."""
    from datetime import UTC, datetime

    from django.db import transaction

    from tafaul.bodies.models import Body
    from tafaul.care import drafts
    from tafaul.care.models import Case, Citizen, Post, Reply
    from tafaul.channels.x import parse
    from tafaul.understanding import understand

    spent = 0.0
    for body in pages(account.handle, count, 3_000_000_000_000_000_000, 99):
        begun = time.perf_counter()
        for post in parse.public_posts(json.loads(body)).posts:
            with transaction.atomic():
                now = datetime.now(UTC)
                citizen, _new = Citizen.objects.get_or_create(
                    channel="x", external_id=post.author.external_id, defaults={"handle": post.author.handle}
                )
                if Post.objects.filter(account=account, external_id=post.external_id).exists():
                    continue
                meant = understand([post.text], account.body.slug)[0]
                case = Case.objects.filter(
                    account=account, citizen=citizen, state="open", topic=meant.topic or ""
                ).first()
                if case is None:
                    case = Case.objects.create(
                        reference=post.external_id[-16:], account=account, citizen=citizen, kind=meant.kind,
                        body=Body.objects.filter(slug=meant.body).first() or account.body, topic=meant.topic or "",
                        subject=post.text[:160], opened_at=now, waiting_since=now, last_post_at=now,
                    )  # fmt: skip
                else:
                    case.posts_count += 1
                    case.save()
                stored = Post.objects.create(
                    account=account, external_id=post.external_id, citizen=citizen, visibility="public", text=post.text,
                    raw=post.raw, written_at=post.written_at, received_at=now, case=case,
                )  # fmt: skip
                if not case.replies.filter(state="draft").exists():
                    mode = drafts.usual_mode(case).value
                    Reply.objects.create(
                        case=case, account=account, answers=stored, mode=mode, visibility="public",
                        text=drafts.words(case, mode), state="draft", created_at=now,
                    )  # fmt: skip
        spent += time.perf_counter() - begun
    return spent


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = set_up()
    from tafaul.bodies import accounts as bodies_accounts
    from tafaul.bodies import pack
    from tafaul.bodies.models import Body
    from tafaul.care.models import Case, Post, Reading, Reply
    from tafaul.channels.base import Credentials, Granted

    accounts = []
    for number, told in enumerate(pack.accounts()[:ACCOUNTS]):
        granted = Granted(str(number + 1), told.handle, Credentials("none"))
        accounts.append(bodies_accounts.keep(Body.objects.get(slug=told.body), "x", granted))
        Reading.objects.create(account=accounts[-1], stream="public")

    spine = count / through_the_spine(accounts, count, folder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made = {"posts": Post.objects.count(), "cases": Case.objects.count(), "drafts": Reply.objects.count()}
    assert made["posts"] == count, made
    assert not Post.objects.filter(case__isnull=True).exists()
    copied = count / by_copy()
    singly = ONE_BY_ONE / one_by_one(accounts[0], ONE_BY_ONE)

    print(f"\n{count:,} posts: {made['cases']:,} cases, {made['drafts']:,} drafts")
    print(f"  the spine               {spine:10,.0f} posts/s")
    print(
        f"  bare COPY (limit)       {copied:10,.0f} posts/s   the spine is {spine / copied:.2f} of it   aim: 0.10 or more"
    )
    print(
        f"  one at a time, ORM      {singly:10,.0f} posts/s   the spine is {spine / singly:.0f} times   aim: 25 or more"
    )
    print(f"  memory at most          {memory:10,.0f} MB                                 aim: below 400")


if __name__ == "__main__":
    main()
