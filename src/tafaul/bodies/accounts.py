"""Accounts and the channels behind them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event

from django.conf import settings
from django.db import IntegrityError, transaction

from tafaul.bodies import spending
from tafaul.bodies.models import Account, Body
from tafaul.channels import CHANNELS
from tafaul.channels.base import Call, Channel, Credentials, Disconnected, Granted, Pushed

log = logging.getLogger(__name__)

LOOK_EVERY = 5
"""Seconds between two looks whether accounts were connected or lost while listening."""


def _credentials(account: Account) -> Credentials:
    return Credentials(account.access_token, account.refresh_token or None, account.token_expires_at)


def _renew(account: Account, used: str) -> Credentials:
    """Get credentials fresher than `used`: another process's, or new ones from the channel.

    The row stays locked meanwhile, so one process refreshes at a time, and what the channel gives is stored
    before anybody uses it.
    """
    with transaction.atomic():
        stored = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if stored.access_token == used:
            fresh = CHANNELS[account.channel].refresh(settings.CHANNELS[account.channel], _credentials(stored))
            stored.access_token = fresh.access_token
            stored.refresh_token = fresh.refresh_token or stored.refresh_token
            stored.token_expires_at = fresh.expires_at
            stored.save(update_fields=["access_token", "refresh_token", "token_expires_at"])
    account.access_token, account.refresh_token = stored.access_token, stored.refresh_token
    return _credentials(stored)


def open_channel(account: Account) -> Channel:
    """Open an account's channel, metering each call. Raises `Disconnected` when a person must connect it."""
    if account.state == Account.State.DISCONNECTED:
        raise Disconnected(account.trouble)

    def meter(call: Call) -> None:
        spending.record_call(account, call.operation, failed=not 200 <= call.status < 300)

    return CHANNELS[account.channel].connect(
        settings.CHANNELS[account.channel],
        external_id=account.external_id,
        handle=account.handle,
        credentials=_credentials(account),
        renew=lambda: _renew(account, account.access_token),
        meter=meter,
    )


class BelongsToAnotherBody(Exception):
    """The account is connected to another body already; the text is its handle."""


def permission_page(channel: str, redirect_uri: str, state: str) -> tuple[str, str]:
    """Return the page on which an account's owner allows Tafaul in, and a secret to keep for `connect`."""
    options = settings.CHANNELS[channel]
    return CHANNELS[channel].permission_page(options, redirect_uri=redirect_uri, state=state)


def connect(body: Body, channel: str, *, code: str, redirect_uri: str, secret: str) -> Account:
    """Connect the account whose owner came back with `code`, for the first time or again.

    Raises `ChannelError` when the channel does not give it, and `BelongsToAnotherBody`.
    """
    options = settings.CHANNELS[channel]
    return keep(
        body, channel, CHANNELS[channel].granted(options, code=code, redirect_uri=redirect_uri, secret=secret)
    )


def keep(body: Body, channel: str, granted: Granted) -> Account:
    """Store an account with the credentials that its channel gave. Raises `BelongsToAnotherBody`."""
    known = {"channel": channel, "external_id": granted.external_id}
    values = {
        "handle": granted.handle,
        "access_token": granted.credentials.access_token,
        "refresh_token": granted.credentials.refresh_token or "",
        "token_expires_at": granted.credentials.expires_at,
        "state": Account.State.CONNECTED,
        "trouble": "",
    }
    try:
        with transaction.atomic():
            account, _created = Account.objects.update_or_create(
                **known, defaults=values, create_defaults={**values, "body": body}
            )
            if account.body_id != body.pk:
                raise BelongsToAnotherBody(f"@{granted.handle}")
    except IntegrityError as error:  # of a body that the person does not see
        raise BelongsToAnotherBody(f"@{granted.handle}") from error
    return account


def disconnect(account: Account, why: str) -> None:
    """Mark an account as disconnected, where people see it, until its credentials are renewed by a person."""
    log.warning("account %s is disconnected: %s", account, why)
    account.state, account.trouble = Account.State.DISCONNECTED, why
    account.save(update_fields=["state", "trouble"])


def wait_until(account: Account, until: datetime) -> None:
    """Send nothing from the account before `until`: the channel asked for it."""
    account.send_after = until
    account.save(update_fields=["send_after"])


def may_send_now(account: Account) -> bool:
    """Tell whether the account is connected and not told to wait."""
    waits = account.send_after is not None and account.send_after > datetime.now(UTC)
    return account.state == Account.State.CONNECTED and not waits


def listen(channel: str, stop: Event) -> Iterator[Pushed]:
    """Yield posts as the channel pushes them to its connected accounts, until these change or `stop` is set."""
    handles = _handles(channel)
    looked_at = time.monotonic()

    def until() -> bool:
        nonlocal looked_at
        if time.monotonic() < looked_at + LOOK_EVERY:
            return stop.is_set()
        looked_at = time.monotonic()
        return stop.is_set() or _handles(channel) != handles

    return CHANNELS[channel].listen(settings.CHANNELS[channel], accounts=handles, until=until)


def _handles(channel: str) -> dict[str, str]:
    """Return the handles of the connected accounts by external id."""
    connected = Account.objects.filter(channel=channel, state=Account.State.CONNECTED)
    return dict(connected.values_list("external_id", "handle"))
