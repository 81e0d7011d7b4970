"""X's filtered stream: posts to all accounts of the app, pushed as they are written.

It may repeat posts and leave some out, so reading goes on beside it.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests

from tafaul.channels.base import IncomingPost, Pushed, Rejected, Unavailable
from tafaul.channels.x import parse
from tafaul.channels.x.reader import POST_FIELDS

GATHER = 0.15
"""Seconds for which posts that arrive one after the other are gathered into one batch."""

BATCH = 200
SILENCE = 30
"""Seconds without even a keep-alive line, which X sends every 20, after which a connection counts as dead."""


def listen(
    base_url: str, app_token: str, accounts: Mapping[str, str], until: Callable[[], bool]
) -> Iterator[Pushed]:
    """Yield what X pushes to the accounts (external id ▸ handle) until `until` is true.

    Raises `Unavailable` when the stream breaks: the caller waits and listens again.
    """
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {app_token}"
    base_url = base_url.rstrip("/")
    try:
        _set_rules(session, base_url, accounts)
        with session.get(
            f"{base_url}/2/tweets/search/stream", params=POST_FIELDS, stream=True, timeout=(5, SILENCE)
        ) as response:
            if response.status_code != 200:
                raise Unavailable(f"X: the stream answers HTTP {response.status_code}")
            yield from _batches(response, until)
    except requests.RequestException as error:
        raise Unavailable(f"X: the stream broke: {type(error).__name__}") from error


def _set_rules(session: requests.Session, base_url: str, accounts: Mapping[str, str]) -> None:
    """Make the stream's rules these accounts: one each, tagged with the account's id, to tell the addressee."""
    url = f"{base_url}/2/tweets/search/stream/rules"
    wanted = {key: f"(@{handle} OR to:{handle}) -is:retweet" for key, handle in accounts.items()}
    told = _checked(session.get(url, timeout=(5, 30))).get("data")
    listed = [rule for rule in told if isinstance(rule, dict) and rule.get("id")] if isinstance(told, list) else []
    stale = [rule["id"] for rule in listed if wanted.get(rule.get("tag", "")) != rule.get("value")]
    there = {rule.get("tag") for rule in listed if rule["id"] not in stale}
    if stale:
        _checked(session.post(url, json={"delete": {"ids": stale}}, timeout=(5, 30)))
    missing = [{"value": value, "tag": key} for key, value in wanted.items() if key not in there]
    if missing:
        _checked(session.post(url, json={"add": missing}, timeout=(5, 30)))


def _checked(response: requests.Response) -> dict[str, Any]:
    if response.status_code not in (200, 201):
        raise Unavailable(f"X: the stream's rules answer HTTP {response.status_code}")
    try:
        document = response.json()
    except ValueError as error:
        raise Unavailable("X: the stream's rules are no JSON") from error
    return document if isinstance(document, dict) else {}


def _batches(response: requests.Response, until: Callable[[], bool]) -> Iterator[Pushed]:
    """Gather lines, which a thread of their own reads, into a batch an account."""
    lines: queue.Queue[bytes | Exception] = queue.Queue(maxsize=10_000)
    reader = threading.Thread(target=_read_lines, args=(response, lines), daemon=True, name="x-stream")
    reader.start()
    while not until():
        try:
            first = lines.get(timeout=0.5)
        except queue.Empty:
            continue
        yield from _by_account(_gathered(first, lines))


def _read_lines(response: requests.Response, lines: queue.Queue[bytes | Exception]) -> None:
    try:
        for line in response.iter_lines(chunk_size=None, delimiter=b"\r\n"):
            if line.strip():
                lines.put(line)
        lines.put(Unavailable("X: the stream ended"))
    except (requests.RequestException, OSError, AttributeError, ValueError) as error:
        lines.put(Unavailable(f"X: the stream broke: {type(error).__name__}"))


def _gathered(first: bytes | Exception, lines: queue.Queue[bytes | Exception]) -> list[bytes]:
    gathered: list[bytes] = []
    item: bytes | Exception = first
    deadline = time.monotonic() + GATHER
    while True:
        if isinstance(item, Exception):
            if gathered:
                lines.put(item)
                return gathered
            raise item
        gathered.append(item)
        if len(gathered) >= BATCH:
            return gathered
        try:
            item = lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return gathered


def _by_account(lines: list[bytes]) -> Iterator[Pushed]:
    posts: dict[str, list[IncomingPost]] = {}
    rejected: dict[str, list[Rejected]] = {}
    for line in lines:
        try:
            document = json.loads(line)
            tags = [str(rule["tag"]) for rule in document["matching_rules"]]
        except (ValueError, KeyError, TypeError):
            # Without its rule nobody knows the addressee; reading the timeline brings it all the same.
            continue
        parsed = parse.public_posts(document)
        for tag in tags:
            posts.setdefault(tag, []).extend(parsed.posts)
            rejected.setdefault(tag, []).extend(parsed.rejected)
    for tag in posts.keys() | rejected.keys():
        others = [post for post in posts.get(tag, ()) if post.author.external_id != tag]
        yield Pushed(tag, others, rejected.get(tag, ()))
