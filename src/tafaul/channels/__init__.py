"""Channels on which citizens write. The one place that knows which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tafaul.channels import x
from tafaul.channels.base import Channel, ChannelKind, Credentials, Granted, Meter, Options, Parsed, Pushed

CHANNELS: Mapping[str, ChannelKind] = {"x": x}


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


def reach(name: str, options: Options) -> str:
    """Return why a channel can't be reached from this machine, or nothing when it answers."""
    return CHANNELS[name].reach(options)


def permission_page(name: str, options: Options, *, redirect_uri: str, state: str) -> tuple[str, str]:
    """Return the page on which an account's owner allows Tafaul in, and a secret to keep for `granted`."""
    return CHANNELS[name].permission_page(options, redirect_uri=redirect_uri, state=state)


def granted(name: str, options: Options, *, code: str, redirect_uri: str, secret: str) -> Granted:
    """Trade the code that the owner came back with for the account. Raises `ChannelError`."""
    return CHANNELS[name].granted(options, code=code, redirect_uri=redirect_uri, secret=secret)


def refresh(name: str, options: Options, credentials: Credentials) -> Credentials:
    """Trade credentials for fresh ones. Raises `Disconnected` when the channel refuses."""
    return CHANNELS[name].refresh(options, credentials)


def listen(
    name: str, options: Options, *, accounts: Mapping[str, str], until: Callable[[], bool]
) -> Iterator[Pushed]:
    """Yield posts as the channel pushes them, until `until` is true; `accounts` maps external ids to handles."""
    return CHANNELS[name].listen(options, accounts=accounts, until=until)


def length(name: str, text: str) -> int:
    """Length of a public text as the channel counts it."""
    return CHANNELS[name].length(text)


def has_link(name: str, text: str) -> bool:
    """Tell whether the channel finds a link in a text."""
    return CHANNELS[name].has_link(text)


def is_id(name: str, text: str) -> bool:
    """Tell whether a text can be an id of a post or an author on the channel."""
    return CHANNELS[name].is_id(text)


def parse_archive(name: str, item: object) -> Parsed:
    """Read one JSON document of an archive of the channel: a page of posts, or a single post."""
    return CHANNELS[name].parse_archive(item)
