"""An agent at the desk, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, desk: str, name: str) -> None:
    page.goto(f"{desk}/log-in")
    page.fill("#id_username", name)
    page.fill("#id_password", "a-long-password")
    page.click("button.primary")
    page.wait_for_selector(".cases")


def test_a_post_appears_without_reloading_and_its_answer_is_found_on_x(page, connect, person, x, desk):
    account = connect("finance")
    person("finance")
    log_in(page, desk, "finance.agent")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    wait_for(lambda: x.state()["streams"])
    page.evaluate("window.notReloaded = true")

    (post_id,) = x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    row = page.locator(".row", has_text="متى ينزل الراتب")
    expect(row).to_be_visible(timeout=10_000)
    assert page.evaluate("window.notReloaded") is True

    row.click()
    expect(page.locator(".conversation .message")).to_have_count(1)
    expect(page.locator(".composer textarea")).to_have_value(re.compile("يسعدنا التواصل معك"))
    page.locator(".modes label", has_text="إجابة مباشرة").click()
    expect(page.locator(".composer textarea")).not_to_have_value(re.compile("يسعدنا التواصل معك"))
    page.fill(".composer textarea", "")
    page.locator(".composer textarea").press_sequentially("ينزل الراتب يوم الأحد بإذن الله.", delay=10)
    expect(page.locator("#measure")).to_contain_text(re.compile(r"4\d / 280"))
    page.locator(".composer textarea").press("Control+Enter")
    expect(page.locator(".done")).to_be_visible()
    expect(page.locator(".composer textarea")).to_have_value("")
    expect(page.locator(".message.ours .tag.sent")).to_be_visible(timeout=15_000)
    expect(page.locator("#case-head .tag.kind")).to_have_text("تم الرد")

    (reply,) = x.replies()
    assert reply["in_reply_to"] == post_id
    assert reply["text"] == "@abu_fahad ينزل الراتب يوم الأحد بإذن الله."
    assert page.problems == []


def test_english_is_one_click_away_and_remembered(page, person, desk):
    person("finance")
    log_in(page, desk, "finance.agent")
    page.click("button[value=en]")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator("nav >> text=Channels")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_personal_data_is_masked_until_asked_for(page, connect, person, x, desk):
    account = connect("finance")
    person("finance")
    x.write(account.handle, "راتبي ما نزل هويتي 1023456784 شوفو المشكله")
    log_in(page, desk, "finance.agent")
    page.locator(".row").click(timeout=15_000)
    expect(page.locator(".conversation")).not_to_contain_text("1023456784")
    page.click("text=إظهار البيانات الشخصية")
    expect(page.locator(".conversation .unmasked")).to_contain_text("1023456784")


def test_a_reply_with_personal_data_stays_and_says_why(page, connect, person, x, desk):
    account = connect("finance")
    person("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    log_in(page, desk, "finance.agent")
    page.locator(".row").click(timeout=15_000)
    page.fill(".composer textarea", "هويتك 1023456784 مسجلة لدينا")
    page.click("button.primary")
    expect(page.locator(".composer .error")).to_contain_text("بيانات شخصية")
    expect(page.locator(".composer textarea")).to_have_value("هويتك 1023456784 مسجلة لدينا")
    assert x.replies() == []


def test_an_auditor_reads_and_cannot_answer(page, connect, person, x, desk):
    account = connect("finance")
    person("finance", "auditor")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    log_in(page, desk, "finance.auditor")
    page.locator(".row").click(timeout=15_000)
    expect(page.locator(".composer textarea")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/channels"])
@pytest.mark.parametrize("width", [375, 1280])
def test_no_page_scrolls_sideways(page, connect, person, desk, path, width):
    connect("finance")
    person("finance")
    log_in(page, desk, "finance.agent")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(desk + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_agent_corrects_what_a_case_is_about(page, connect, person, x, desk):
    account = connect("finance")
    person("finance")
    log_in(page, desk, "finance.agent")
    wait_for(lambda: x.state()["streams"])
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    page.locator(".row", has_text="متى ينزل الراتب").click(timeout=10_000)
    page.locator(".correction summary").click()
    page.select_option(".correction select[name=kind]", "complaint")
    page.select_option(".correction select[name=topic]", "bank_customers")
    page.locator(".correction button").click()
    expect(page.locator("article .top h2, article .top h1")).to_contain_text("مشاكل عملاء البنوك")
    expect(page.locator("article .top select[name=kind]")).to_have_value("complaint")
    assert page.problems == []
