"""Reading the channels: by asking, from a durable position, and by listening to what they push."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import OperationalError, close_old_connections
from django.db.models import Q

from tafaul.bodies import accounts, spending
from tafaul.bodies.models import Account
from tafaul.care import intake
from tafaul.care.models import Reading
from tafaul.channels.base import ChannelError, Disconnected, RateLimited, Unavailable
from tafaul.foundation import locks

log = logging.getLogger(__name__)

STREAMS = ("public", "private")
AFTER_TROUBLE = timedelta(seconds=5)
AFTER_REFUSAL = timedelta(minutes=1)


def due() -> list[tuple[int, str]]:
    """Return the account ids and streams that are to be read now."""
    connected = Account.objects.filter(state=Account.State.CONNECTED)
    for account in connected.exclude(readings__stream__in=STREAMS):
        Reading.objects.bulk_create([Reading(account=account, stream=s) for s in STREAMS], ignore_conflicts=True)
    free = Q(read_after__isnull=True) | Q(read_after__lte=datetime.now(UTC))
    ready = Reading.objects.filter(free, account__in=connected)
    return list(ready.order_by("read_at", "id").values_list("account_id", "stream"))


def read(account: Account, stream: str) -> int:
    """Read a stream to its newest post, storing batch by batch, and return how many posts were new.

    One process reads a stream at a time; everybody else returns at once. Trouble is noted where people see it.
    """
    new = 0
    with locks.exclusive(f"read {account.pk} {stream}") as mine:
        if not mine:
            return 0
        reading = Reading.objects.get(account=account, stream=stream)
        if not spending.may_read(account.body):
            _rest(reading, datetime.now(UTC) + timedelta(minutes=5), "budget")
            return 0
        try:
            channel = accounts.open_channel(account)
            more, pause = True, timedelta(seconds=settings.READ_EVERY_SECONDS)
            while more:
                batch = channel.read(stream, reading.position)
                new += intake.read_on(account, stream, batch)
                reading.position, more = batch.position, batch.more
                pause = max(pause, batch.pause)
        except RateLimited as limit:
            _rest(reading, limit.until, "")
        except Unavailable as error:
            _rest(reading, datetime.now(UTC) + AFTER_TROUBLE, str(error))
        except Disconnected as error:
            accounts.disconnect(account, str(error))
        except ChannelError as error:
            _rest(reading, datetime.now(UTC) + AFTER_REFUSAL, str(error))
        else:
            _rest(reading, datetime.now(UTC) + pause, "")
    return new


def _rest(reading: Reading, until: datetime, trouble: str) -> None:
    Reading.objects.filter(pk=reading.pk).update(read_after=until, trouble=trouble)


def listen(channel: str, stop: threading.Event) -> None:
    """Take in what a channel pushes, on one worker of all, until `stop` is set.

    What is pushed is stored like what is read; the positions stay, so reading fills whatever a push left out.
    """
    while not stop.is_set():
        try:
            close_old_connections()
            with locks.exclusive(f"listen {channel}") as mine:
                if mine:
                    _take_in(channel, stop)
        except (OperationalError, Unavailable, RateLimited) as error:
            log.warning("listening to %s was broken off: %s", channel, error)
        except Exception:
            log.exception("listening to %s was broken off and begins again", channel)
        stop.wait(2)


def _take_in(channel: str, stop: threading.Event) -> None:
    known = {account.external_id: account for account in Account.objects.filter(channel=channel)}
    for pushed in accounts.listen(channel, stop):
        account = known.get(pushed.account_external_id)
        if account is not None:
            intake.receive(account, pushed.posts, pushed.rejected)
