"""An administrator sets a body's hours and days off, and looks after the tree of bodies."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tafaul.bodies import calendars
from tafaul.bodies.calendars import Stretch
from tafaul.bodies.models import Body, DayOff, Season, WorkingHours
from tests.browser.test_desk import log_in

pytestmark = pytest.mark.django_db(transaction=True)

SUNDAY = 6


def hours_of(slug: str, season: str = "usual") -> list[tuple[int, str, str]]:
    rows = WorkingHours.objects.filter(body__slug=slug, season=season).order_by("weekday", "opens")
    return [(row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}") for row in rows]


def edit(page: Page, season: str = "usual"):
    """Open the fields of a season's hours; return the part of the page."""
    part = page.locator(f"#{season}")
    part.locator("summary").click()
    return part


def test_hours_are_set_split_shortened_and_given_up_again(page, person, desk):
    person("amana_riyadh", "administrator")
    log_in(page, desk, "amana_riyadh.administrator")
    page.click("nav >> text=الجهات")
    page.click("text=التقويم")
    part = page.locator("#usual")
    expect(part.locator("header .tag")).to_have_text("الدوام المعتاد في البلاد")
    expect(part.locator(".bar rect")).to_have_count(5)

    sunday = edit(page).locator("fieldset").first
    sunday.locator("[name=closes]").fill("12:00")
    sunday.locator("[data-add]").click()
    sunday.locator("[name=opens]").last.fill("20:00")
    sunday.locator("[name=closes]").last.fill("00:00")
    part.locator("fieldset").nth(4).locator("[data-remove]").click()
    part.locator("button.primary").click()
    expect(page.locator(".done")).to_be_visible()
    expect(part.locator("header .tag")).to_have_text("خاص بالجهة")
    assert hours_of("amana_riyadh") == [
        (0, "08:00", "16:00"), (1, "08:00", "16:00"), (2, "08:00", "16:00"),
        (SUNDAY, "08:00", "12:00"), (SUNDAY, "20:00", "00:00"),
    ]  # fmt: skip

    edit(page).locator("[name=inherit]").click()
    expect(part.locator("header .tag")).to_have_text("الدوام المعتاد في البلاد")
    assert hours_of("amana_riyadh") == []
    assert page.problems == []


def test_hours_that_cannot_be_are_said_and_stay_as_they_were_typed(page, person, desk):
    person("finance", "administrator")
    log_in(page, desk, "finance.administrator")
    page.goto(f"{desk}/bodies/finance/calendar")
    sunday = edit(page, "ramadan").locator("fieldset").first
    sunday.locator("[name=opens]").fill("21:00")
    sunday.locator("[name=closes]").fill("02:00")
    page.locator("#ramadan button.primary").click()
    expect(page.locator("#ramadan .error")).to_contain_text("الأحد")
    expect(sunday.locator("[name=opens]")).to_have_value("21:00")
    assert not WorkingHours.objects.exists()


def test_a_body_tells_whose_hours_it_keeps(page, person, desk):
    always = [Stretch(day, time(0), time(0)) for day in range(7)]
    calendars.set_hours(
        Body.objects.get(slug="municipal"), person("municipal", "administrator"), Season.USUAL, always
    )
    person("amana_riyadh", "agent")
    log_in(page, desk, "amana_riyadh.agent")
    page.goto(f"{desk}/bodies/amana_riyadh/calendar")
    expect(page.locator("#usual header .tag")).to_contain_text("وزارة الشؤون البلدية والقروية")
    expect(page.locator("form.add-day, summary")).to_have_count(0)
    assert page.goto(f"{desk}/bodies/municipal/calendar").status == 404


def test_days_off_are_added_and_removed_and_a_holiday_is_worked(page, person, desk):
    person("finance", "administrator")
    finance = Body.objects.get(slug="finance")
    log_in(page, desk, "finance.administrator")
    page.goto(f"{desk}/bodies/finance/calendar")
    day = timezone.localdate() + timedelta(days=40)
    page.fill("[name=day][type=date]", day.isoformat())
    page.fill(".add-day [name=name]", "انتقال المقر")
    page.click(".add-day button")
    row = page.locator(".days li", has_text="انتقال المقر")
    expect(row).to_contain_text(f"{day.day}")
    page.fill("[name=day][type=date]", day.isoformat())
    page.click(".add-day button")
    expect(page.locator("#days-off .error")).to_be_visible()
    row.locator("button").click()
    expect(row).to_have_count(0)
    assert not DayOff.objects.exists()

    page.locator(".days li", has=page.locator("[name=is_worked]")).first.locator("button").click()
    expect(page.locator(".days .worked")).to_have_count(1)
    told = DayOff.objects.get()
    assert told.is_worked
    assert not calendars.calendar_of(finance).is_off(told.day)
    assert page.problems == []


def test_a_unit_is_added_changed_moved_and_removed(page, person, desk):
    person("municipal", "administrator")
    log_in(page, desk, "municipal.administrator")
    page.goto(f"{desk}/bodies/amana_riyadh/add")
    page.fill("[name=name_ar]", "إدارة النظافة")
    page.fill("[name=name_en]", "Cleaning Department")
    page.fill("[name=contact_number]", "٩٢٠٠٠٠٠٠٠")
    page.fill("[name=place]", "العليا")
    page.locator("#places input:not(:checked)").first.check()
    page.fill("[name=place]", "الملز")
    expect(page.locator("#places")).to_contain_text("الملز")
    page.press("[name=place]", "Enter")
    page.click("form.panel button.primary")
    expect(page.locator(".tree")).to_contain_text("إدارة النظافة")
    unit = Body.objects.get(slug="cleaning-department")
    assert (unit.contact_number, len(unit.territory), unit.parent.slug) == ("920000000", 1, "amana_riyadh")

    page.goto(f"{desk}/bodies/cleaning-department")
    page.fill("[name=referral_email]", "not-an-address@")
    page.evaluate("document.querySelector('form.panel').noValidate = true")
    page.click("form.panel button.primary")
    expect(page.locator(".errorlist")).to_be_visible()
    page.fill("[name=referral_email]", "clean@example.sa")
    page.select_option("[name=parent]", label="أمانة العاصمة المقدسة")
    page.locator(".topics summary").click()
    page.locator("[name=withheld_topics][value=licences]").check()
    page.click("form.panel button.primary")
    expect(page.locator(".done")).to_be_visible()
    unit.refresh_from_db()
    assert (unit.parent.slug, unit.withheld_topics, unit.referral_email) == (
        "amana_makkah", ["licences"], "clean@example.sa"
    )  # fmt: skip

    page.once("dialog", lambda dialog: dialog.accept())
    page.click("button.danger")
    expect(page.locator(".done")).to_contain_text("حُذفت")
    assert not Body.objects.filter(pk=unit.pk).exists()
    page.goto(f"{desk}/bodies/amana_riyadh")
    person("amana_riyadh", "agent")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("button.danger")
    expect(page.locator(".error")).to_contain_text("amana_riyadh.agent")
    assert page.problems == []


def test_the_tree_of_others_is_neither_shown_nor_changed(page, person, desk):
    person("finance", "agent")
    log_in(page, desk, "finance.agent")
    page.goto(f"{desk}/bodies")
    expect(page.locator(".tree li")).to_have_count(1)
    expect(page.locator(".tree nav a")).to_have_count(1)
    for path in ("finance", "finance/add", "municipal", "municipal/calendar"):
        assert page.goto(f"{desk}/bodies/{path}").status == 404
