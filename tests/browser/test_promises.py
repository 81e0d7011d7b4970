"""Promises in a real browser: the chip in the list and the section on the case, which move by themselves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tafaul.bodies.models import Body
from tafaul.care import clocks, promises
from tafaul.care.promises import Told
from tests.browser.test_desk import log_in
from tests.care.clock_scene import hours, new_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(person):
    """A case of long ago whose first reply is due in long."""
    long_ago = datetime.now(UTC) - timedelta(days=60)
    leader = person("finance", "supervisor")
    promises.make(Body.objects.get(slug="finance"), leader, Told("first_reply"), hours(2000))
    case = new_case("finance", long_ago, kind="suggestion", subject="أقترح نافذة واحدة للرواتب")
    clocks.follow([case], long_ago)
    return case


def be_late(case) -> None:
    """A stricter promise, by which the case is late."""
    promises.make(case.body, case.body.people.get(), Told("first_reply"), hours(1))


def test_the_chip_and_the_section_turn_late_without_reloading(page, desk, case):
    log_in(page, desk, "finance.supervisor")
    chip = page.locator(f"#due-{case.pk}")
    expect(chip).to_have_text(re.compile("المتبقي|left"))
    page.evaluate("window.notReloaded = true")
    page.locator(".row").click()
    section = page.locator("#work-promises")
    expect(section.locator(".tag.due.runs").first).to_be_visible()
    page.evaluate("window.notReloaded = true")
    be_late(case)
    expect(chip.locator(".late")).to_be_visible(timeout=10_000)
    expect(section.locator("summary .late")).to_be_visible(timeout=10_000)
    expect(section.locator("meter").first).to_have_attribute("value", "100")
    assert page.evaluate("window.notReloaded") is True
    assert page.problems == []


def test_a_chip_moves_while_somebody_reads_far_down_the_list(page, desk, case):
    log_in(page, desk, "finance.supervisor")
    with page.expect_response(re.compile(r"/due\?"), timeout=25_000) as answer:
        pass
    assert f'id="due-{case.pk}" hx-swap-oob="true"' in answer.value.text()
    assert page.problems == []


@pytest.mark.parametrize("path", ["/board", "/promises"])
@pytest.mark.parametrize("width", [375, 1280])
def test_no_page_of_promises_scrolls_sideways(page, desk, case, path, width):
    be_late(case)
    log_in(page, desk, "finance.supervisor")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(desk + path)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.problems == []
