"""X (Twitter) as a channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import requests

from tafaul.channels.base import (
    Channel,
    Credentials,
    Disconnected,
    Granted,
    Meter,
    Pushed,
    Unavailable,
)
from tafaul.channels.x import oauth, stream
from tafaul.channels.x.channel import XChannel
from tafaul.channels.x.client import Client
from tafaul.channels.x.length import has_link
from tafaul.channels.x.length import weighted_length as length
from tafaul.channels.x.parse import archive_item as parse_archive
from tafaul.channels.x.parse import is_id

__all__ = [
    "connect", "granted", "has_link", "is_id", "length", "listen", "parse_archive", "permission_page", "reach",
    "refresh",
]  # fmt: skip


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


def reach(options: Mapping[str, str]) -> str:
    """Return why X can't be reached, or nothing when it answers, were it with a refusal."""
    try:
        requests.get(options["base_url"], timeout=5)
    except requests.RequestException as error:
        return f"{options['base_url']} does not answer: {type(error).__name__}"
    return ""


def permission_page(options: Mapping[str, str], *, redirect_uri: str, state: str) -> tuple[str, str]:
    """Return X's page on which an account is allowed, and the PKCE verifier."""
    return oauth.authorization(options["authorize_url"], options["client_id"], redirect_uri, state)


def granted(options: Mapping[str, str], *, code: str, redirect_uri: str, secret: str) -> Granted:
    """Trade a code for an account and its credentials."""
    base_url = options["base_url"]
    credentials = oauth.exchange(
        base_url,
        options["client_id"],
        options["client_secret"],
        code=code,
        redirect_uri=redirect_uri,
        verifier=secret,
    )

    def renew() -> Credentials:
        raise Disconnected("X refuses the credentials that it has just given")

    answer = Client(base_url, credentials, renew, lambda _call: None).read("me", "/2/users/me", {})
    me = answer.get("data")
    if not isinstance(me, dict) or not me.get("id") or not me.get("username"):
        raise Unavailable("X: an answer without the account")
    return Granted(str(me["id"]), str(me["username"]), credentials)


def refresh(options: Mapping[str, str], credentials: Credentials) -> Credentials:
    """Trade an account's credentials for fresh ones."""
    return oauth.refresh(
        options["base_url"], options["client_id"], options["client_secret"], credentials.refresh_token
    )


def listen(
    options: Mapping[str, str], *, accounts: Mapping[str, str], until: Callable[[], bool]
) -> Iterator[Pushed]:
    """Yield what X's filtered stream pushes."""
    return stream.listen(options["base_url"], options["app_token"], accounts, until)
