"""X (Twitter) as a channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Event

from tafaul.channels.base import Channel, Credentials, Meter, Pushed
from tafaul.channels.x import oauth, stream
from tafaul.channels.x.channel import XChannel
from tafaul.channels.x.length import weighted_length as length
from tafaul.channels.x.parse import archive_item as parse_archive

__all__ = ["connect", "length", "listen", "parse_archive", "refresh"]


def connect(
    options: Mapping[str, str],
    *,
    external_id: str,
    handle: str,
    credentials: Credentials,
    renew: Callable[[], Credentials],
    meter: Meter,
) -> Channel:
    """Open an account."""
    return XChannel(
        options["base_url"],
        external_id=external_id,
        handle=handle,
        credentials=credentials,
        renew=renew,
        meter=meter,
    )


def refresh(options: Mapping[str, str], credentials: Credentials) -> Credentials:
    """Trade an account's credentials for fresh ones."""
    return oauth.refresh(
        options["base_url"], options["client_id"], options["client_secret"], credentials.refresh_token
    )


def listen(options: Mapping[str, str], *, accounts: Mapping[str, str], stop: Event) -> Iterator[Pushed]:
    """Yield what X's filtered stream pushes."""
    return stream.listen(options["base_url"], options["app_token"], accounts, stop)
