"""An account on a simulated X, opened as the product opens it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tafaul.channels import x as x_channel
from tafaul.channels.base import Author, Call, Channel, Credentials, IncomingPost, Outgoing, Rejected, Visibility


@dataclass
class Opened:
    """A channel, what its calls were, and its credentials as they are now."""

    channel: Channel
    external_id: str
    handle: str
    calls: Counter[tuple[str, int]]
    credentials: list[Credentials]
    position: dict | None = None
    pages: list[int] = field(default_factory=list)

    def read(self, stream: str = "public") -> tuple[list[IncomingPost], list[Rejected]]:
        """Read a stream to its end from where it stands, as the worker does."""
        posts, rejected, more = [], [], True
        while more:
            batch = self.channel.read(stream, self.position)
            self.position, more = batch.position, batch.more
            posts.extend(batch.posts)
            rejected.extend(batch.rejected)
            self.pages.append(len(batch.posts))
            assert len(self.pages) < 200, "reading does not end"
        return posts, rejected

    def reply(self, post: IncomingPost, text: str, **more: object) -> Outgoing:
        """Return a reply to a post."""
        public = post.visibility == Visibility.PUBLIC
        return Outgoing(
            text=text,
            visibility=post.visibility,
            to=post.author,
            in_reply_to=post.external_id if public else None,
            **more,
        )


@pytest.fixture
def open_account(x) -> Callable[..., Opened]:
    """Open an account on the simulated X: `open_account("MoF_Care")`."""

    def open_account(handle: str = "Tafaul_Finance") -> Opened:
        known = x.add_account(handle)
        credentials = [Credentials(known["access_token"], known["refresh_token"])]
        options = {"base_url": x.url, "client_id": "test", "client_secret": ""}
        calls: Counter[tuple[str, int]] = Counter()

        def renew() -> Credentials:
            credentials.append(x_channel.refresh(options, credentials[-1]))
            return credentials[-1]

        def meter(call: Call) -> None:
            calls[call.operation, call.status] += 1

        channel = x_channel.connect(
            options,
            external_id=known["external_id"],
            handle=handle,
            credentials=credentials[0],
            renew=renew,
            meter=meter,
        )
        return Opened(channel, known["external_id"], handle, calls, credentials)

    return open_account


@pytest.fixture
def account(open_account) -> Iterator[Opened]:
    """One account that has read once, so that what is written afterwards is new."""
    opened = open_account()
    opened.read()
    return opened


@pytest.fixture
def citizen() -> Author:
    return Author("42", "abu_fahad", "أبو فهد")
