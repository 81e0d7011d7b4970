"""Two people of two bodies, a case that goes from one to the other, in real browsers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tafaul.care.models import Case, Referral
from tests.browser.test_desk import log_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_case_is_referred_and_accepted_and_both_pages_move_by_themselves(
    page, browser, connect, person, x, desk
):
    account = connect("finance")
    person("finance")
    person("telecom")
    log_in(page, desk, "finance.agent")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    page.locator(".row", has_text="متى ينزل الراتب").click(timeout=15_000)
    page.locator("#work-referral summary").first.click()
    page.locator("#work-referral input[type=search]").press_sequentially("الاتصالات", delay=20)
    page.locator("#work-referral label", has_text="هيئة الاتصالات").click()
    page.fill("#work-referral textarea", "تخص شريحة الجوال")
    page.locator("#work-referral form button.primary").click()
    expect(page.locator("#work-referral .way li")).to_have_count(2)
    expect(page.locator("#work-referral .way .tag")).to_have_class(re.compile("sent"))

    other = browser.new_context().new_page()
    log_in(other, desk, "telecom.agent")
    expect(other.locator("nav .waits .tag")).to_have_text(re.compile("1"))
    other.click("nav a[href='/referrals']")
    other.locator(".list .decide button.primary").click()
    expect(other.locator(".list .empty")).to_be_visible()
    expect(other.locator("nav .waits .tag")).to_have_count(0)
    expect(page.locator("#work-referral .way .tag")).to_have_class(re.compile("accepted"), timeout=10_000)
    assert Case.objects.get().body.slug == "telecom"
    assert Referral.objects.get().decided_by.username == "telecom.agent"
    assert page.problems == []
    other.context.close()


def test_a_rule_is_tried_out_before_it_is_saved(page, connect, person, x, desk):
    account = connect("finance")
    person("finance", "supervisor")
    person("commerce")
    log_in(page, desk, "finance.supervisor")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    expect(page.locator(".row")).to_have_count(1, timeout=15_000)
    page.goto(f"{desk}/routing")
    page.select_option(".rule select[name=topic]", "salaries")
    page.select_option(".rule select[name=to_body]", label="وزارة التجارة")
    page.locator(".rule input[type=search]").press_sequentially("الرياض", delay=20)
    expect(page.locator(".rule-places input[value=riyadh_region]")).to_be_visible()
    page.click(".rule button[value=try]")
    expect(page.locator("#tried tbody tr")).to_have_count(1)
    page.click(".rule button[value=save]")
    expect(page.locator(".rules .gist")).to_contain_text("الرواتب")
    assert page.problems == []
