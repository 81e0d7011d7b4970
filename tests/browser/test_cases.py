"""What an agent decides about cases, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tafaul.care import links
from tafaul.care.models import Case
from tests.browser.test_desk import log_in
from tests.care.citizens import writes
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

REFUND = "المتجر رافض يرجع لي فلوسي رغم ان المنتج خربان"
REGISTER = "كيف اطلع سجل تجاري جديد لشركتي"


@pytest.fixture
def agent(person):
    return person("commerce")


def test_a_case_is_closed_with_its_outcome_and_opened_again(page, agent, desk):
    case = writes(REFUND, "commerce").case
    log_in(page, desk, "commerce.agent")
    page.goto(f"{desk}/cases/{case.reference}")
    page.click(".priority summary")
    expect(page.locator(".priority li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".priority li")).to_be_hidden()
    page.click(".closing summary")
    page.select_option(".closing select[name=outcome]", "settled")
    page.fill(".closing input[name=note]", "أُعيد المبلغ")
    page.click(".closing button")
    expect(page.locator(".understood")).to_contain_text("أُعيد المبلغ")
    expect(page.locator("#composer")).to_have_count(0)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "settled")
    page.click("#case-head form button")
    expect(page.locator("#composer")).to_be_visible()
    assert page.problems == []


def test_posts_are_split_off_and_merged_again(page, agent, desk):
    first, second = writes(REFUND, "commerce", ago=timedelta(hours=1)), writes(REGISTER, "commerce")
    links.merge(second.case, first.case, agent)
    log_in(page, desk, "commerce.agent")
    page.goto(f"{desk}/cases/{first.case.reference}")
    page.click("#work-links .splitting summary")
    page.locator(".message", has_text="سجل تجاري").locator(".to-split input").check()
    page.click("#split button")
    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator(".message")).to_contain_text("سجل تجاري")
    new = Case.objects.latest("pk")
    assert page.url.endswith(new.reference)

    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#work-links .merging summary")
    page.locator(".merging label", has_text=first.case.reference).click()
    page.click(".merging button")
    expect(page.locator(".message")).to_have_count(2)
    page.goto(f"{desk}/cases/{new.reference}")
    assert page.url.endswith(first.case.reference), "a merged case leads to the other"
    assert page.problems == []


def test_ticked_cases_stay_ticked_while_others_arrive_and_are_closed_together(page, agent, desk):
    ticked = [writes(f"{REFUND} {number}", "commerce", by=f"c{number}").case for number in range(2)]
    log_in(page, desk, "commerce.agent")
    for case in ticked:
        page.check(f".tick-row input[value='{case.reference}']")
    page.wait_for_timeout(1500)  # the stream of events is open by now
    writes(REGISTER, "commerce", by="late_comer")
    expect(page.locator(".news")).to_be_visible()
    expect(page.locator(".tick-row :checked")).to_have_count(2)
    page.select_option(".many [name=outcome]", "answered")
    page.click(".many button")
    expect(page.locator("#told .done")).to_contain_text("طلبان")
    expect(page.locator(".row")).to_have_count(1)
    wait_for(lambda: Case.objects.filter(outcome="answered").count() == 2)
    assert page.problems == []


def test_words_a_tag_and_a_filter_narrow_the_list_without_a_reload(page, agent, desk):
    case = writes(REFUND, "commerce").case
    writes(REGISTER, "commerce", by="other")
    log_in(page, desk, "commerce.agent")
    page.fill("input[type=search]", "فلوس")
    expect(page.locator(".row")).to_have_count(1)
    page.click(".row")
    page.click("#work-tags summary")
    page.fill("#work-tags input[name=tag]", "متاجر")
    page.click("#work-tags .add button")
    expect(page.locator("#work-tags .tag.own")).to_contain_text("#متاجر")
    page.click("#work-tags .tag.own a")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".toggles [name=tag]")).to_be_checked()
    page.locator(".toggles label", has_text="متاجر").click()
    expect(page.locator(".row")).to_have_count(2)
    case.refresh_from_db()
    assert case.tags == ["متاجر"]
    assert page.problems == []


def test_triage_is_decided_on_the_case(page, agent, desk):
    case = writes("ابي حل", "commerce").case
    Case.objects.update(needs_triage=True)
    log_in(page, desk, "commerce.agent")
    page.click("text=ابي حل")
    page.select_option(".correction [name=topic]", "refund_exchange")
    page.click(".correction button")
    expect(page.locator(".correction.triage")).to_have_count(0)
    case.refresh_from_db()
    assert (case.needs_triage, case.topic) == (False, "refund_exchange")
