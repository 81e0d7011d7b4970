"""A citizen with a phone on the page of their case, and the agent at the desk meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tafaul.care import cases
from tafaul.care.models import Case, Rating
from tests.browser.test_desk import log_in
from tests.care.conftest import take_in
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A citizen's phone, which runs no scripts."""
    context = browser.new_context(viewport={"width": 375, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_citizen_follows_a_case_adds_to_it_and_rates_it(page, phone, connect, person, x, desk):
    account, agent = connect("commerce"), person("commerce")
    x.write(account.handle, "وش صار على بلاغ تجاري رقم 4411223 له شهر")
    take_in(account)
    case = Case.objects.get()

    log_in(page, desk, "commerce.agent")
    page.goto(f"{desk}/cases/{case.reference}")
    page.locator("#work-outside_reports .suggested button").click()
    expect(page.locator("#work-outside_reports .lines")).to_contain_text("4411223")
    page.locator("#work-reminders > details > summary").click()
    page.locator("#work-reminders button[value=in_two_hours]").click()
    expect(page.locator("#work-reminders .lines li")).to_have_count(1)
    page.locator("#work-portal > details > summary").click()
    link = page.locator("#work-portal input[readonly]").input_value()

    phone.goto(link)
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.locator(".events")).to_contain_text("4411223")
    phone.fill("#text", "هذا رقم الفاتورة أيضاً")
    phone.locator("#add button").click()
    expect(phone.locator(".done")).to_be_visible()
    expect(phone.locator(".events li")).to_have_count(2)
    expect(page.locator(".conversation")).to_contain_text("هذا رقم الفاتورة أيضاً", timeout=20_000)

    wait_for(lambda: Case.objects.get().posts_count == 2)
    cases.close(Case.objects.get(), agent, "settled")
    phone.goto(link)
    phone.locator(".stars label").nth(3).click()
    phone.fill("#words", "شكراً لكم")
    phone.locator("#rating button").click()
    expect(phone.locator(".done")).to_be_visible()
    assert (Rating.objects.get().stars, Rating.objects.get().words) == (4, "شكراً لكم")
    expect(page.locator("#work-portal .stars")).to_have_text("★★★★☆", timeout=20_000)

    phone.locator(".top a[lang=en]").click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone).to_have_url(re.compile(re.escape(link.split("/r/")[1])))
    for path in ("", "x"):
        phone.goto(link + path)
        assert phone.locator("body").bounding_box()["width"] <= 375
    assert page.problems == []
