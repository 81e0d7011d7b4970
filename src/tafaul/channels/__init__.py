"""Channels on which citizens write. The one place that knows which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Event

from tafaul.channels import x
from tafaul.channels.base import Channel, Credentials, Meter, Parsed, Pushed

CHANNELS = {"x": x}

Options = Mapping[str, str]
"""A channel's settings, such as the address of its API."""


def connect(
    name: str,
    options: Options,
    *,
    external_id: str,
    handle: str,
    credentials: Credentials,
    renew: Callable[[], Credentials],
    meter: Meter,
) -> Channel:
    """Open an account on a channel. Raises `KeyError` for a channel that does not exist."""
    return CHANNELS[name].connect(
        options,
        external_id=external_id,
        handle=handle,
        credentials=credentials,
        renew=renew,
        meter=meter,
    )


def refresh(name: str, options: Options, credentials: Credentials) -> Credentials:
    """Trade credentials for fresh ones. Raises `Disconnected` when the channel refuses."""
    return CHANNELS[name].refresh(options, credentials)


def listen(name: str, options: Options, *, accounts: Mapping[str, str], stop: Event) -> Iterator[Pushed]:
    """Yield posts as the channel pushes them; `accounts` maps external ids to handles."""
    return CHANNELS[name].listen(options, accounts=accounts, stop=stop)


def length(name: str, text: str) -> int:
    """Length of a public text as the channel counts it."""
    return CHANNELS[name].length(text)


def parse_archive(name: str, item: object) -> Parsed:
    """Read one JSON document of an archive of the channel: a page of posts, or a single post."""
    return CHANNELS[name].parse_archive(item)
