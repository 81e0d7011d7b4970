"""The contract between Tafaul and a channel on which citizens write.

A channel is pure Python: it speaks a protocol and knows neither Django nor the database. What it must
remember between two reads it returns as an opaque `position`, which the caller stores in the same
transaction as the posts. So a crash between two steps reads again, and never skips.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

Position = dict[str, Any]
"""Where reading stands: JSON of the channel's own making, kept by the caller and handed back unread."""


class Visibility(StrEnum):
    """Who can read a post: everybody, or the citizen and the account only."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Author:
    """Whoever wrote a post. Handle and name are None when the channel does not say (a deleted author)."""

    external_id: str
    handle: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingPost:
    """One message addressed to an account, as the channel gave it.

    `text` can be stored as it is: no NUL, no lone surrogate. `raw` is the channel's own JSON in ASCII.
    `written_at` is aware and in UTC. Ids are the channel's, as text.
    """

    external_id: str
    author: Author
    text: str
    written_at: datetime
    visibility: Visibility
    raw: str
    conversation_id: str | None = None
    in_reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something the channel served that could not be read as a post: kept and listed, never dropped."""

    raw: str
    reason: str


@dataclass(slots=True)
class Parsed:
    """Posts of a page or a document, and what of it could not be read."""

    posts: list[IncomingPost] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch of time whose posts the channel will not give any more."""

    after: datetime
    before: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read gave. `more` is true when reading again at once would give more.

    `pause` is how long to wait between reads, so that the calls which the channel still allows last to the end of
    its window.
    """

    posts: Sequence[IncomingPost]
    position: Position
    rejected: Sequence[Rejected] = ()
    lost: Sequence[Lost] = ()
    more: bool = False
    pause: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply to send: in public under `in_reply_to`, or in private to the citizen.

    `first_tried_at` is set when an earlier try may have succeeded unseen; `others` are the ids of what the account
    is known to have sent otherwise, none of which is this one.
    """

    text: str
    visibility: Visibility
    to: Author
    in_reply_to: str | None = None
    conversation_id: str | None = None
    first_tried_at: datetime | None = None
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account shows to its channel. Never logged; stored encrypted."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """An account whose owner allowed Tafaul to speak for it."""

    external_id: str
    handle: str
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the channel, for metering: which operation, and how it ended (an HTTP status, 0 if none)."""

    operation: str
    status: int


Meter = Callable[[Call], None]


class ChannelError(Exception):
    """A channel did not do what was asked. The message can be shown to people."""


class RateLimited(ChannelError):
    """Asked too often: wait until `until` (aware, UTC)."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"rate limited until {until.isoformat()}")
        self.until = until


class Unavailable(ChannelError):
    """The channel is out of order and surely did nothing: try again later."""


class Uncertain(ChannelError):
    """A send may or may not have happened: look with `find` before sending again."""


class Disconnected(ChannelError):
    """The account's credentials are refused: a person must connect it again."""


class Refused(ChannelError):
    """The channel understood and said no: trying the same again is useless.

    `duplicate` is true when it refused because the same text was posted before.
    """

    def __init__(self, reason: str, *, duplicate: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.duplicate = duplicate


class Channel(Protocol):
    """One account on one channel."""

    def read(self, stream: str, position: Position | None) -> Batch:
        """Read the next batch of "public" or "private" posts. None starts at the newest posts."""

    def send(self, outgoing: Outgoing) -> str:
        """Send a reply and return its external id. Raises `Uncertain` when nobody knows if it went out."""

    def find(self, outgoing: Outgoing) -> str | None:
        """Return the external id of a reply that an earlier try may have sent, or None if it is not there."""

    def hide(self, external_id: str) -> None:
        """Hide a citizen's public post under the account's own."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Posts that a channel pushed, and the external id of the account they are addressed to."""

    account_external_id: str
    posts: Sequence[IncomingPost] = ()
    rejected: Sequence[Rejected] = ()


Options = Mapping[str, str]
"""A channel's settings, such as the address of its API."""


class ChannelKind(Protocol):
    """What the package of a channel offers, as functions of its own."""

    def connect(
        self,
        options: Options,
        /,
        *,
        external_id: str,
        handle: str,
        credentials: Credentials,
        renew: Callable[[], Credentials],
        meter: Meter,
    ) -> Channel:
        """Open an account."""

    def reach(self, options: Options, /) -> str:
        """Return why the channel can't be reached from this machine, or nothing when it answers."""

    def permission_page(self, options: Options, /, *, redirect_uri: str, state: str) -> tuple[str, str]:
        """Return the page on which an account's owner allows it, and a secret to keep for `granted`."""

    def granted(self, options: Options, /, *, code: str, redirect_uri: str, secret: str) -> Granted:
        """Trade the code that the owner came back with for the account. Raises `ChannelError`."""

    def refresh(self, options: Options, credentials: Credentials, /) -> Credentials:
        """Trade an account's credentials for fresh ones."""

    def listen(
        self, options: Options, /, *, accounts: Mapping[str, str], until: Callable[[], bool]
    ) -> Iterator[Pushed]:
        """Yield what the channel pushes, until `until` is true."""

    def length(self, text: str, /) -> int:
        """Length of a public text as the channel counts it."""

    def has_link(self, text: str, /) -> bool:
        """Tell whether the channel finds a link in a text."""

    def is_id(self, text: str, /) -> bool:
        """Tell whether a text can be an id of a post or an author."""

    def parse_archive(self, item: object, /) -> Parsed:
        """Read one JSON document of an archive."""
