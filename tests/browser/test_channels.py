"""An administrator connects an account, and sees how the accounts fare."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tafaul.bodies.models import Account
from tests.browser.test_desk import log_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_connects_an_account_and_it_is_read_and_answered_from(page, person, x, desk):
    person("finance", "administrator")
    x.add_account("Tafaul_Finance", "العناية بالعملاء")
    log_in(page, desk, "finance.administrator")
    page.goto(f"{desk}/channels")
    page.click("text=وصِّل حساباً على X")
    page.click("text=@Tafaul_Finance")
    expect(page.locator(".done")).to_contain_text("وُصِّل الحساب @Tafaul_Finance")
    assert Account.objects.get().body.slug == "finance"

    x.write("Tafaul_Finance", "متى ينزل الراتب هالشهر؟")
    page.goto(desk)
    expect(page.locator(".row")).to_have_count(1, timeout=15_000)
    assert page.problems == []


def test_an_account_of_another_body_is_not_taken_from_it(page, connect, person, x, desk):
    connect("commerce")
    person("finance", "administrator")
    log_in(page, desk, "finance.administrator")
    page.goto(f"{desk}/channels")
    page.click("text=وصِّل حساباً على X")
    page.locator("a", has_text="@").first.click()
    expect(page.locator(".error")).to_contain_text("موصول بجهة أخرى")
    assert Account.objects.get().body.slug == "commerce"


def test_a_stranger_s_code_is_not_accepted(page, person, x, desk):
    person("finance", "administrator")
    log_in(page, desk, "finance.administrator")
    page.goto(f"{desk}/channels/x/connected?code=stolen&state=guessed")
    expect(page.locator(".error")).to_be_visible()
    assert not Account.objects.exists()


def test_an_agent_connects_nothing(page, person, x, desk):
    person("finance", "agent")
    log_in(page, desk, "finance.agent")
    page.goto(f"{desk}/channels")
    expect(page.locator("text=وصِّل حساباً")).to_have_count(0)
    assert page.goto(f"{desk}/channels/x/connect?body=1").status == 404


def test_an_administrator_sets_a_budget(page, connect, person, desk):
    account = connect("finance")
    person("finance", "administrator")
    log_in(page, desk, "finance.administrator")
    page.goto(f"{desk}/channels")
    page.fill("input[name=amount]", "كثير")
    page.click("text=حفظ")
    expect(page.locator(".error")).to_contain_text("مثل 250")
    page.fill("input[name=amount]", "٢٥٠٫٥")
    page.click("text=حفظ")
    expect(page.locator(".done")).to_contain_text("حُفظت")
    account.body.refresh_from_db()
    assert account.body.monthly_budget == Decimal("250.50")

    with page.expect_navigation():
        page.click("text=حفظ")  # as the field shows it now
    expect(page.locator(".done")).to_contain_text("حُفظت")
    account.body.refresh_from_db()
    assert account.body.monthly_budget == Decimal("250.50")
    page.fill("input[name=amount]", "")
    with page.expect_navigation():
        page.click("text=حفظ")
    account.body.refresh_from_db()
    assert account.body.monthly_budget is None
