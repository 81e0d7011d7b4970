"""How the accounts of a body fare: reading, gaps, the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from tafaul.bodies import access
from tafaul.bodies.models import Account, Person
from tafaul.care.models import Gap, Post, Reading, Reply


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account with what people must know of it."""

    account: Account
    readings: list[Reading]
    gaps: list[Gap]
    unreadable: int
    queued: int
    failed: int
    not_worked: int


def overview(person: Person) -> list[AccountState]:
    """Return the accounts of the bodies that a person sees."""
    seen = Account.objects.filter(body__in=access.seen_by(person)).select_related("body").order_by("body_id")
    counted = seen.annotate(unreadable=Count("unreadable_posts"))
    under_way = [Reply.State.QUEUED, Reply.State.SENDING]
    states = Q(state__in=under_way), Q(state=Reply.State.FAILED)
    outbox = {
        row["account_id"]: (row["queued"], row["failed"])
        for row in Reply.objects.filter(account__in=seen, state__in=[*under_way, Reply.State.FAILED])
        .values("account_id")
        .annotate(queued=Count("id", filter=states[0]), failed=Count("id", filter=states[1]))
    }
    troubled = Post.objects.filter(account__in=seen, case__isnull=True).exclude(trouble="")
    not_worked = dict(troubled.values_list("account_id").annotate(count=Count("id")))
    readings: dict[int, list[Reading]] = {}
    for reading in Reading.objects.filter(account__in=seen).order_by("-stream"):
        readings.setdefault(reading.account_id, []).append(reading)
    gaps: dict[int, list[Gap]] = {}
    for gap in Gap.objects.filter(account__in=seen).order_by("-before")[:500]:
        gaps.setdefault(gap.account_id, []).append(gap)
    return [
        AccountState(
            account, readings.get(account.pk, []), gaps.get(account.pk, []), account.unreadable,
            *outbox.get(account.pk, (0, 0)), not_worked.get(account.pk, 0),
        )
        for account in counted
    ]  # fmt: skip
