"""The outbox: queued ▶ sending ▶ sent or failed, each approved reply exactly once on the channel.

A channel has no idempotency key. So «sending» is stored before the call, and a reply that is found in
«sending» afterwards is first looked for on the channel, and sent again only if it is not there.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from tafaul.bodies import accounts
from tafaul.bodies.models import Account
from tafaul.care import cases, replies
from tafaul.care.models import Reply
from tafaul.channels.base import (
    Author,
    Channel,
    ChannelError,
    Disconnected,
    Outgoing,
    RateLimited,
    Refused,
    Unavailable,
    Uncertain,
    Visibility,
)
from tafaul.foundation import locks

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=10)
MOST_TRIES = 8
"""Tries of unknown fate after which a person must look."""


def deliver(account: Account) -> int:
    """Send what the account's outbox holds, oldest first, and return how many arrived.

    One process delivers for an account at a time; everybody else returns at once.
    """
    arrived = 0
    with locks.exclusive(f"deliver {account.pk}") as mine:
        if not mine or not accounts.may_send_now(account):
            return 0
        channel = accounts.open_channel(account)
        while (reply := _next(account)) is not None:
            try:
                arrived += _deliver_one(reply, channel)
            except RateLimited as limit:
                accounts.wait_until(account, limit.until)
                break
            except Disconnected as error:
                accounts.disconnect(account, str(error))
                break
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # one reply must not hold up the others
                log.exception("reply %s could not be delivered", reply.pk)
                _try_later(reply, str(error) if isinstance(error, ChannelError) else "internal error")
    return arrived


def due() -> list[int]:
    """Return the ids of accounts whose outbox holds something to send now."""
    ready = _ready().filter(account__state=Account.State.CONNECTED)
    ready = ready.filter(Q(account__send_after__isnull=True) | Q(account__send_after__lte=datetime.now(UTC)))
    return list(ready.order_by("account_id").values_list("account_id", flat=True).distinct())


def _ready() -> QuerySet[Reply]:
    waits = Q(try_after__isnull=True) | Q(try_after__lte=datetime.now(UTC))
    return Reply.objects.filter(waits, state__in=[Reply.State.QUEUED, Reply.State.SENDING])


def _next(account: Account) -> Reply | None:
    related = ("account__body", "answers__citizen")
    return _ready().filter(account=account).select_related(*related).order_by("id").first()


def _deliver_one(reply: Reply, channel: Channel) -> bool:
    """Take one reply a step further; tell whether it is on the channel now.

    Under the lock nobody else sends, so one that stands in «sending» was left by a crash or an unknown answer.
    """
    if reply.state == Reply.State.SENDING:
        tried = reply.last_tried_at or datetime.now(UTC)
        settled = tried + timedelta(seconds=settings.SETTLE_SECONDS)
        if datetime.now(UTC) < settled:
            _try_after(reply, settled)
            return False
        try:
            found = channel.find(_outgoing(reply, tried=True))
        except (Unavailable, Refused) as error:
            _try_later(reply, str(error))
            return False
        if found is not None:
            _sent(reply, found)
            return True
    return _send(reply, channel)


def _send(reply: Reply, channel: Channel) -> bool:
    tried = reply.state == Reply.State.SENDING
    _mark_sending(reply)
    try:
        external_id = channel.send(_outgoing(reply, tried=tried))
    except (RateLimited, Disconnected):
        _not_sent(reply, tried=tried)
        raise
    except Unavailable as error:
        _not_sent(reply, tried=tried)
        _try_later(reply, str(error))
        return False
    except Uncertain as error:
        log.info("reply %s has an unknown fate: %s", reply.pk, error)
        if reply.tries >= MOST_TRIES:
            _failed(reply, f"{error}: look on the channel before you send it again")
            return False
        _try_after(reply, datetime.now(UTC) + timedelta(seconds=settings.SETTLE_SECONDS))
        return False
    except Refused as error:
        _failed(reply, error.reason)
        return False
    _sent(reply, external_id)
    return True


def _outgoing(reply: Reply, *, tried: bool) -> Outgoing:
    post, citizen = reply.answers, reply.answers.citizen
    return Outgoing(
        text=reply.text,
        visibility=Visibility(reply.visibility),
        to=Author(citizen.external_id, citizen.handle or None, citizen.name or None),
        in_reply_to=post.external_id if post.visibility == Visibility.PUBLIC else None,
        conversation_id=post.conversation_id or None,
        first_tried_at=reply.first_tried_at if tried else None,
        others=_sent_otherwise(reply) if tried else frozenset(),
    )


def _sent_otherwise(reply: Reply) -> frozenset[str]:
    """Return the ids of what this citizen was sent by other replies of the account."""
    same = Reply.objects.filter(account=reply.account, answers__citizen=reply.answers.citizen_id)
    return frozenset(same.exclude(external_id="").values_list("external_id", flat=True))


def _mark_sending(reply: Reply) -> None:
    reply.state = Reply.State.SENDING
    reply.last_tried_at = datetime.now(UTC)
    reply.first_tried_at = reply.first_tried_at or reply.last_tried_at
    reply.tries += 1
    reply.save(update_fields=["state", "first_tried_at", "last_tried_at", "tries"])


def _sent(reply: Reply, external_id: str) -> None:
    with transaction.atomic():
        reply.state, reply.external_id, reply.sent_at = Reply.State.SENT, external_id, datetime.now(UTC)
        reply.failure, reply.try_after = "", None
        reply.save(update_fields=["state", "external_id", "sent_at", "failure", "try_after"])
        reached = cases.ask if reply.asks else cases.answered
        reached(reply.case, reply.sent_at, seen=reply.seen_post_id)
        replies.charge(reply)


def _failed(reply: Reply, reason: str) -> None:
    reply.state, reply.failure = Reply.State.FAILED, reason or "refused"
    reply.save(update_fields=["state", "failure"])


def _not_sent(reply: Reply, *, tried: bool) -> None:
    """This try surely did nothing; when an earlier one may have, the reply keeps its mark."""
    if not tried:
        reply.state, reply.first_tried_at = Reply.State.QUEUED, None
        reply.save(update_fields=["state", "first_tried_at"])


def _try_later(reply: Reply, why: str) -> None:
    reply.failure = why
    reply.save(update_fields=["failure"])
    _try_after(reply, datetime.now(UTC) + min(timedelta(seconds=2 ** min(reply.tries, 10)), LONGEST_WAIT))


def _try_after(reply: Reply, when: datetime | None) -> None:
    reply.try_after = when
    reply.save(update_fields=["try_after"])
