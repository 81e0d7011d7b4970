"""What the channel costs, and the budget that warns and stops."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tafaul.bodies import spending
from tafaul.care import errors, outbox, replies
from tafaul.care.models import Case, Reading
from tafaul.jobs import reading
from tests.care.conftest import answer, take_in

pytestmark = pytest.mark.django_db(transaction=True)


def costs(account) -> dict[str, tuple[int, Decimal]]:
    return {row.operation: (row.resources, row.cost) for row in account.spending.filter(resources__gt=0)}


def test_each_post_and_each_citizen_is_paid_once(x, connect):
    account = connect("finance")
    x.write(account.handle, *[f"متى ينزل راتب {n}" for n in range(10)])
    take_in(account)
    Reading.objects.update(position={"newest": "1", "gaps": []})
    take_in(account)
    assert costs(account) == {"read_post": (10, Decimal("0.0500")), "read_citizen": (1, Decimal("0.0100"))}


def test_a_reply_is_paid_when_it_is_out_and_a_link_is_dear(asked, person):
    agent = person("finance")
    assert replies.price(asked, "public", "نسعد بخدمتك") == Decimal("0.015")
    assert replies.price(asked, "public", "التفاصيل في mof.gov.sa") == Decimal("0.200")
    assert replies.price(asked, "private", "التفاصيل في mof.gov.sa") == Decimal("0.015")
    answer(asked, agent, "التفاصيل في mof.gov.sa")
    assert "send_link" not in costs(asked.account)
    outbox.deliver(asked.account)
    assert costs(asked.account)["send_link"] == (1, Decimal("0.2000"))


def test_calls_are_counted_with_those_that_failed(asked, x):
    x.fault("unavailable", endpoint="mentions", times=2)
    take_in(asked.account)
    row = asked.account.spending.get(operation="mentions")
    assert (row.calls, row.failed_calls) == (4, 2)


@pytest.mark.parametrize(
    ("spent", "level"),
    [("0", "fine"), ("79.99", "fine"), ("80", "warned"), ("95", "sending_stopped"), ("100", "reading_stopped")],
)
def test_a_budget_warns_then_stops_sending_then_reading(spent, level):
    assert spending.level_of(Decimal(spent), Decimal(100)) == level
    assert spending.level_of(Decimal(spent), None) == "fine"


def test_a_spent_budget_sends_nothing_more_and_reads_on_until_it_is_all_gone(asked, person, x):
    body = asked.account.body
    body.monthly_budget = Decimal("1.00")
    body.save()
    spending.charge(asked.account, "send_link", 4)
    spending.charge(asked.account, "read_post", 31)
    assert spending.month_of(body).level == "sending_stopped"
    with pytest.raises(errors.BudgetSpent):
        answer(asked, person("finance"))
    x.write(asked.account.handle, "وأنا متى راتبي؟", author="um_khalid")
    take_in(asked.account)
    assert Case.objects.count() == 2

    spending.charge(asked.account, "send_link", 1)
    asked.account.refresh_from_db()
    x.write(asked.account.handle, "والتقاعد؟", author="saad")
    reading.read(asked.account, "public")
    assert Reading.objects.get().trouble == "budget"
    assert Case.objects.count() == 2


def test_nothing_of_a_budget_of_zero_is_left():
    assert spending.level_of(Decimal(0), Decimal(0)) == "reading_stopped"
