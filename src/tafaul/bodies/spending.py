"""What channels cost: every call is metered by account and operation, and a body's budget warns and stops.

Prices are the settings' `PRICES`, in US dollars. The channel charges once for reading the same thing twice
within one UTC day, so callers count only what was not read before that day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Sum

from tafaul.bodies.models import Account, Body, Spending
from tafaul.understanding.normal import digits

MOST = Decimal(100_000_000)
"""Dollars that no budget reaches."""

Level = Literal["fine", "warned", "sending_stopped", "reading_stopped"]

ADD = """
    INSERT INTO bodies_spending (account_id, day, operation, calls, failed_calls, resources, cost)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (account_id, day, operation) DO UPDATE SET
        calls = bodies_spending.calls + excluded.calls,
        failed_calls = bodies_spending.failed_calls + excluded.failed_calls,
        resources = bodies_spending.resources + excluded.resources,
        cost = bodies_spending.cost + excluded.cost
"""


@dataclass(frozen=True, slots=True)
class Month:
    """A body's spending in the current month (UTC), in US dollars. `share` is of the budget: 1 is all of it."""

    spent: Decimal
    budget: Decimal | None
    share: Decimal | None
    level: Level


def today() -> date:
    """Return the day on which a charge falls now: days of the channel's bill are days of UTC."""
    return datetime.now(UTC).date()


def record_call(account: Account, operation: str, *, failed: bool) -> None:
    """Count one call to the channel."""
    with connection.cursor() as cursor:
        cursor.execute(ADD, [account.pk, today(), operation, 1, int(failed), 0, 0])


def charge(account: Account, price: str, resources: int) -> None:
    """Add the cost of `resources` things at the named price."""
    if resources:
        cost = settings.PRICES[price] * resources
        with connection.cursor() as cursor:
            cursor.execute(ADD, [account.pk, today(), price, 0, 0, resources, cost])


def set_budget(body: Body, amount: str) -> None:
    """Set what a body may spend in a month, in US dollars; an empty amount lifts the limit.

    Raises `ValueError` for what is no amount.
    """
    try:
        budget = Decimal(digits(amount.strip()).replace("٫", ".")) if amount.strip() else None
        if budget is not None and not 0 <= budget < MOST:
            raise ValueError(amount)
    except InvalidOperation as error:
        raise ValueError(amount) from error
    body.monthly_budget = None if budget is None else budget.quantize(Decimal("0.01"))
    body.save(update_fields=["monthly_budget"])


def _this_month(bodies: Collection[Body]) -> QuerySet[Spending]:
    return Spending.objects.filter(account__body__in=bodies, day__gte=today().replace(day=1))


def level_of(spent: Decimal, budget: Decimal | None) -> Level:
    """Say what the rule lets a body do: sending stops before reading does."""
    if budget is None:
        return "fine"
    if spent >= budget * settings.BUDGET_STOPS_READING_AT:
        return "reading_stopped"
    if spent >= budget * settings.BUDGET_STOPS_SENDING_AT:
        return "sending_stopped"
    return "warned" if spent >= budget * settings.BUDGET_WARNS_AT else "fine"


def month_of(body: Body) -> Month:
    """What a body's own accounts have cost this month, against its budget."""
    return months_of([body])[body.pk]


def months_of(bodies: Collection[Body]) -> dict[int, Month]:
    """Return by id what each body has spent, as `month_of`; with one question."""
    spent = dict(_this_month(bodies).values_list("account__body").annotate(sum=Sum("cost")))
    return {body.pk: _month(spent.get(body.pk) or Decimal(0), body.monthly_budget) for body in bodies}


def _month(spent: Decimal, budget: Decimal | None) -> Month:
    share = None if budget is None else (spent / budget if budget else Decimal(1))
    return Month(spent, budget, share, level_of(spent, budget))


def by_operation(bodies: Collection[Body]) -> dict[int, list[Mapping[str, Any]]]:
    """Return by body this month's calls, resources and cost, by account and operation; with one question."""
    rows = _this_month(bodies).values("account__body", "account__handle", "operation")
    summed = rows.annotate(
        calls=Sum("calls"), failed_calls=Sum("failed_calls"), resources=Sum("resources"), cost=Sum("cost")
    )
    found: dict[int, list[Mapping[str, Any]]] = {body.pk: [] for body in bodies}
    for row in summed.order_by("account__handle", "operation"):
        found[row["account__body"]].append(row)
    return found


def may_send(body: Body) -> bool:
    """Tell whether the budget still allows sending."""
    return month_of(body).level in ("fine", "warned")


def may_read(body: Body) -> bool:
    """Tell whether the budget still allows reading."""
    return month_of(body).level != "reading_stopped"
