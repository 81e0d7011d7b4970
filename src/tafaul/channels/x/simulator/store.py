"""What the simulated X knows: users, posts, private messages and tokens, kept in a journal."""

from __future__ import annotations

import json
import re
import secrets
import time
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

EPOCH_MS = 1_288_834_974_657
MENTION = re.compile(r"@(\w{1,15})", re.ASCII)
TOKEN_LASTS = 7200
"""Seconds for which an access token is good, as X's are."""


@dataclass(slots=True)
class User:
    """A citizen, or an official account."""

    id: int
    username: str
    name: str
    official: bool = False
    closed: bool = False
    """Takes no private messages."""
    deleted: bool = False


@dataclass(slots=True)
class Post:
    """A public post. `to` are the ids of the official accounts that it addresses."""

    id: int
    author_id: int
    text: str
    created_ms: int
    conversation_id: int
    in_reply_to: int | None
    to: list[int]
    visible_ms: int = 0
    deleted: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Message:
    """A private message."""

    id: int
    sender_id: int
    recipient_id: int
    text: str
    created_ms: int


@dataclass(slots=True)
class Token:
    """What an app was given to act for a user. `app` tokens act for nobody."""

    access: str
    refresh: str
    user_id: int
    expires: float


Listener = Callable[[Post | Message], None]


def now_ms() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Store:
    """All of it in memory, and each change a line in the journal, so that a restart goes on where it was."""

    def __init__(self, folder: Path | None) -> None:
        self.users: dict[int, User] = {}
        self.by_username: dict[str, User] = {}
        self.posts: dict[int, Post] = {}
        self.ids: list[int] = []
        """Of all public posts, ascending."""
        self.mentions: dict[int, list[int]] = {}
        """Of the posts to each official account, ascending."""
        self.messages: dict[int, list[Message]] = {}
        """Of each user, in and out, ascending."""
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, Token] = {}
        self.said: dict[tuple[int, str], int] = {}
        """When a user last posted a text: the same again within a day is refused."""
        self.listeners: list[Listener] = []
        self.late_ms = 0
        self._last_id = 0
        self._journal: IO[str] | None = None
        self.app_token = "simulated-app-token"  # noqa: S105
        self.consumer_secret = "simulated-consumer-secret"  # noqa: S105
        if folder is not None:
            self._open(folder)

    def _open(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "journal.jsonl"
        if file.exists():
            for record in _records(file):
                self._apply(record)
        self._journal = file.open("a", encoding="ascii")

    def _write(self, kind: str, **values: Any) -> None:
        record = {"what": kind, **values}
        self._apply(record)
        if self._journal is not None:
            self._journal.write(json.dumps(record) + "\n")
            self._journal.flush()

    def _apply(self, record: dict[str, Any]) -> None:
        kind = record.pop("what")
        getattr(self, f"_apply_{kind}")(record)
        record["what"] = kind

    def _apply_user(self, values: dict[str, Any]) -> None:
        user = User(**values)
        self.users[user.id] = user
        self.by_username[user.username.lower()] = user
        self._last_id = max(self._last_id, user.id)
        if user.official:
            self.mentions.setdefault(user.id, [])

    def _apply_post(self, values: dict[str, Any]) -> None:
        post = Post(**values)
        self.posts[post.id] = post
        insort(self.ids, post.id)
        self._last_id = max(self._last_id, post.id)
        for account in post.to:
            insort(self.mentions.setdefault(account, []), post.id)
        self.said[post.author_id, post.text] = post.created_ms

    def _apply_message(self, values: dict[str, Any]) -> None:
        message = Message(**values)
        self._last_id = max(self._last_id, message.id)
        for user in {message.sender_id, message.recipient_id}:
            insort(self.messages.setdefault(user, []), message, key=lambda item: item.id)

    def _apply_token(self, values: dict[str, Any]) -> None:
        token = Token(**values)
        for old in [item for item in self.tokens.values() if item.user_id == token.user_id]:
            # The access token before stays good until it expires; its refresh token is spent.
            self.refreshes.pop(old.refresh, None)
        self.tokens[token.access] = token
        self.refreshes[token.refresh] = token

    def _apply_mark(self, values: dict[str, Any]) -> None:
        setattr(self.posts[values["id"]], values["field"], values["value"])

    def new_id(self, at_ms: int | None = None) -> int:
        """Return an id of a time, by default now; never one that exists."""
        wanted = ((at_ms or now_ms()) - EPOCH_MS) << 22
        if at_ms is None:
            return max(wanted, self._last_id + 1)
        while wanted in self.posts or wanted in self.users:
            wanted += 1
        return wanted

    def add_user(self, username: str, name: str, *, official: bool = False, key: int | None = None) -> User:
        """Return the user of a name, making it when there is none."""
        known = self.by_username.get(username.lower())
        if known is not None:
            return known
        self._write("user", **asdict(User(key or self.new_id(), username, name, official)))
        return self.by_username[username.lower()]

    def add_post(
        self, author: User, text: str, *, in_reply_to: int | None = None, created_ms: int | None = None
    ) -> Post:
        """Write a public post; it reaches the accounts that it mentions and the one that it answers."""
        key = self.new_id(created_ms)
        answered = self.posts.get(in_reply_to) if in_reply_to else None
        to = {
            user.id
            for name in MENTION.findall(text)
            if (user := self.by_username.get(name.lower())) and user.official and user.id != author.id
        }
        if answered and self.users[answered.author_id].official and answered.author_id != author.id:
            to.add(answered.author_id)
        created = created_ms or now_ms()
        post = Post(
            key, author.id, text, created, answered.conversation_id if answered else key, in_reply_to, sorted(to)
        )
        post.visible_ms = now_ms() + self.late_ms
        self._write("post", **asdict(post))
        self._tell(self.posts[key])
        return self.posts[key]

    def add_message(self, sender: User, recipient: User, text: str) -> Message:
        """Write a private message."""
        message = Message(self.new_id(), sender.id, recipient.id, text, now_ms())
        self._write("message", **asdict(message))
        self._tell(message)
        return message

    def mark(self, post: Post, field: str, value: bool) -> None:
        """Mark a post as hidden or deleted."""
        self._write("mark", id=post.id, field=field, value=value)

    def issue_token(self, user: User) -> Token:
        """Give a user's app a new pair of tokens; the refresh token before is worthless from now on."""
        token = Token(secrets.token_urlsafe(24), secrets.token_urlsafe(24), user.id, time.time() + TOKEN_LASTS)
        self._write("token", **asdict(token))
        return token

    def expire_tokens(self) -> None:
        """Let all access tokens be expired now; refresh tokens stay good."""
        for token in self.tokens.values():
            token.expires = 0

    def _tell(self, news: Post | Message) -> None:
        for listener in self.listeners:
            listener(news)

    def between(self, ids: list[int], since: int | None, until: int | None) -> list[Post]:
        """Return the visible posts among ids, newest first, newer than `since` and older than `until`."""
        first = bisect_left(ids, since + 1) if since is not None else 0
        last = bisect_left(ids, until) if until is not None else len(ids)
        now = now_ms()
        chosen = (self.posts[key] for key in reversed(ids[first:last]))
        return [post for post in chosen if not post.deleted and post.visible_ms <= now]

    def was_said(self, author: User, text: str) -> bool:
        """Tell whether the author posted the same text within a day."""
        last = self.said.get((author.id, text))
        return last is not None and last > now_ms() - 86_400_000

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """Yield a journal's records. A last line that a crash tore is cut off."""
    good = 0
    with file.open("rb") as stream:
        for line in stream:
            try:
                record = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n"):
                break
            good += len(line)
            yield record
    if good != file.stat().st_size:
        with file.open("r+b") as stream:
            stream.truncate(good)
