"""When a body works: hours, Ramadan, holidays and days off, and whose they are."""

from __future__ import annotations

import threading
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tafaul.bodies import calendars
from tafaul.bodies.calendars import Calendar, Stretch
from tafaul.bodies.errors import (
    DaySaidAlready,
    NotAdministrator,
    NoWorkingHours,
    OverlappingHours,
    ReversedHours,
    WorkedAnyway,
)
from tafaul.bodies.models import Body, Season, WorkingHours

RIYADH = ZoneInfo("Asia/Riyadh")
OFFICE = tuple(Stretch(day, time(8), time(16)) for day in (0, 1, 2, 3, 6))
RAMADAN = tuple(Stretch(day, time(10), time(15)) for day in (0, 1, 2, 3, 6))
ALWAYS = tuple(Stretch(day, time(0), time(0)) for day in range(7))
USUAL = Calendar(OFFICE, RAMADAN, "SA")


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


def at(told: str) -> datetime:
    """A moment by the clock of Riyadh."""
    return datetime.fromisoformat(told).replace(tzinfo=RIYADH)


def test_work_that_fits_into_a_day_ends_that_day():
    assert USUAL.after(at("2026-11-22 09:30"), hours(2)) == at("2026-11-22 11:30")
    assert USUAL.after(at("2026-11-22 08:00"), hours(8)) == at("2026-11-22 16:00")


def test_what_comes_in_after_hours_waits_for_the_next_morning():
    assert USUAL.after(at("2026-11-22 20:00"), hours(1)) == at("2026-11-23 09:00")


def test_friday_and_saturday_do_not_count():
    assert USUAL.after(at("2026-11-19 15:00"), hours(2)) == at("2026-11-22 09:00")
    assert USUAL.between(at("2026-11-19 15:00"), at("2026-11-22 09:00")) == hours(2)


def test_moments_are_told_in_utc():
    due = USUAL.after(datetime(2026, 11, 22, 5, 0, tzinfo=UTC), hours(1))
    assert due == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        USUAL.is_open(datetime(2026, 11, 22, 9, 0))


def test_nothing_to_work_is_done_at_once_and_less_than_nothing_is_refused():
    assert USUAL.after(at("2026-11-20 03:00"), timedelta()) == at("2026-11-20 03:00")
    with pytest.raises(ValueError, match="-1 day"):
        USUAL.after(at("2026-11-20 03:00"), hours(-1))


def test_time_counts_backwards_when_the_end_comes_first():
    assert USUAL.between(at("2026-11-22 12:00"), at("2026-11-22 09:00")) == hours(-3)


def test_a_body_closes_at_the_moment_it_closes_and_opens_at_the_moment_it_opens():
    assert not USUAL.is_open(at("2026-11-22 07:59"))
    assert USUAL.is_open(at("2026-11-22 08:00"))
    assert not USUAL.is_open(at("2026-11-22 16:00"))
    assert USUAL.next_opening(at("2026-11-19 16:00")) == at("2026-11-22 08:00")
    assert USUAL.next_opening(at("2026-11-22 10:15")) == at("2026-11-22 10:15")


def test_ramadan_that_begins_in_the_middle_of_a_week_shortens_the_days_from_then_on():
    # 1 Ramadan 1447 is Wednesday, 18 February 2026.
    assert USUAL.after(at("2026-02-17 08:00"), hours(8)) == at("2026-02-17 16:00")
    assert USUAL.after(at("2026-02-17 15:00"), hours(2)) == at("2026-02-18 11:00")
    assert not USUAL.is_open(at("2026-02-18 08:30"))
    assert USUAL.between(at("2026-02-17 00:00"), at("2026-02-19 00:00")) == hours(8 + 5)


def test_eid_is_off_and_work_goes_on_by_usual_hours_after_it():
    # Ramadan's last day of work is Wednesday, 18 March 2026; Eid and its days in lieu end on Tuesday, the 24th.
    assert USUAL.after(at("2026-03-18 14:30"), hours(1)) == at("2026-03-25 08:30")


def test_founding_day_and_national_day_are_off():
    assert not USUAL.is_open(at("2026-02-22 11:00"))
    assert not USUAL.is_open(at("2026-09-23 11:00"))


def test_a_year_s_end_is_crossed():
    assert USUAL.after(at("2026-12-31 15:00"), hours(2)) == at("2027-01-03 09:00")
    assert USUAL.between(at("2026-12-31 15:00"), at("2027-01-03 09:00")) == hours(2)
    assert USUAL.next_opening(at("2026-12-31 16:00")) == at("2027-01-03 08:00")
    decade = USUAL.between(at("2020-01-01 00:00"), at("2030-01-01 00:00"))
    ends = [at(f"{year}-01-01 00:00") for year in range(2020, 2031)]
    assert decade == sum((USUAL.between(*year) for year in pairwise(ends)), timedelta())


def test_a_stretch_to_midnight_goes_on_into_the_next_day():
    night = Calendar((Stretch(6, time(20), time(0)), Stretch(0, time(0), time(2))), RAMADAN, "SA")
    assert night.after(at("2026-11-22 23:30"), hours(1)) == at("2026-11-23 00:30")
    assert night.is_open(at("2026-11-23 00:00"))
    assert not night.is_open(at("2026-11-23 02:00"))


def test_who_never_closes_works_every_hour():
    always = Calendar(ALWAYS, ALWAYS, "SA")
    assert always.after(at("2026-12-31 23:30"), hours(1)) == at("2027-01-01 00:30")
    assert always.between(at("2026-12-01 00:00"), at("2027-02-01 00:00")) == timedelta(days=62)


def test_years_of_which_nothing_is_known_have_usual_days():
    assert USUAL.after(at("2150-03-05 15:00"), hours(2)) == at("2150-03-08 09:00")
    assert USUAL.after(at("1850-09-23 08:00"), hours(1)) == at("1850-09-23 09:00")
    assert not calendars.days_of_ramadan(2078)
    assert {day.month for day in calendars.days_of_ramadan(2030)} == {1, 2, 12}  # it comes twice in that year


def test_a_calendar_without_hours_is_refused():
    with pytest.raises(NoWorkingHours):
        Calendar((), RAMADAN, "SA")
    with pytest.raises(NoWorkingHours):
        Calendar(OFFICE, (), "SA")


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Stretch, ...]:
    """Some week of work with any number of stretches on its days, some of them to midnight."""
    found = []
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        marks = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
        for begin, end in zip(marks[::2], marks[1::2], strict=False):
            closes = time(0) if end == 1440 else time(end // 60, end % 60)
            found.append(Stretch(weekday, time(begin // 60, begin % 60), closes))
    return tuple(found)


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
some_calendars = st.builds(Calendar, weeks(), weeks(), st.just("SA"), st.frozensets(days), st.frozensets(days))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


@settings(deadline=None)
@given(some_calendars, moments, st.timedeltas(timedelta(), timedelta(hours=400)))
def test_so_much_is_worked_by_the_moment_by_which_it_is_worked(calendar, moment, worked):
    due = calendar.after(moment, worked)
    assert due >= moment
    assert calendar.between(moment, due) == worked
    assert worked == timedelta() or calendar.between(moment, due - timedelta(microseconds=1)) < worked


@settings(deadline=None)
@given(some_calendars, moments, moments, moments)
def test_time_worked_grows_with_time_and_adds_up(calendar, one, two, three):
    first, second, third = sorted([one, two, three])
    assert timedelta() <= calendar.between(first, second) <= calendar.between(first, third) <= third - first
    assert calendar.between(first, second) + calendar.between(second, third) == calendar.between(first, third)


@settings(deadline=None)
@given(some_calendars, moments)
def test_no_work_is_done_until_the_next_opening(calendar, moment):
    opening = calendar.next_opening(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.between(moment, opening) == timedelta()


@settings(deadline=None)
@given(some_calendars, days)
def test_an_hour_is_worked_as_its_day_says(calendar, day):
    """What a year's table says is what walking through the day minute by minute says."""
    stretches = [] if calendar.is_off(day) else calendar.hours_on(day)
    midnight = datetime.combine(day, time(0), RIYADH)
    for minute in range(0, 1440, 7):
        now = (midnight + timedelta(minutes=minute)).timetz().replace(tzinfo=None)
        works = any(item.opens <= now and (now < item.closes or item.closes == time(0)) for item in stretches)
        assert calendar.is_open(midnight + timedelta(minutes=minute)) == works


def test_thousands_of_promises_are_reckoned_in_a_second():
    begin = clock.perf_counter()
    for number in range(4000):
        moment = at("2026-01-01 00:00") + timedelta(hours=number)
        USUAL.between(moment, USUAL.after(moment, hours(160)))
    assert clock.perf_counter() - begin < 1


# Whose hours they are


@pytest.fixture
def ministry(pack: None) -> Body:
    return Body.objects.get(slug="municipal")


@pytest.fixture
def amana(pack: None) -> Body:
    return Body.objects.get(slug="amana_riyadh")


@pytest.mark.django_db
def test_a_body_that_says_nothing_has_the_usual_hours_of_the_country(amana):
    assert calendars.calendar_of(amana) == USUAL
    with translation.override("en"):
        assert calendars.source_name(calendars.hours_of(amana)[Season.USUAL], amana) == "Usual in the country"


@pytest.mark.django_db
def test_a_body_without_hours_has_those_of_the_body_above_it(ministry, amana, person):
    calendars.set_hours(ministry, person("municipal", "administrator"), Season.USUAL, ALWAYS)
    assert calendars.calendar_of(amana).usual == ALWAYS
    assert calendars.calendar_of(amana).ramadan == RAMADAN
    with translation.override("en"):
        told = calendars.hours_of(amana)
        assert calendars.source_name(told[Season.USUAL], amana) == f"From above: {ministry.name_en}"
        assert calendars.source_name(calendars.hours_of(ministry)[Season.USUAL], ministry) == "Its own"


@pytest.mark.django_db
def test_a_body_s_own_hours_go_before_those_above_until_it_gives_them_up(ministry, amana, person):
    administrator = person("municipal", "administrator")
    calendars.set_hours(ministry, administrator, Season.RAMADAN, ALWAYS)
    calendars.set_hours(amana, administrator, Season.RAMADAN, OFFICE)
    assert calendars.calendar_of(amana).ramadan == OFFICE
    calendars.inherit_hours(amana, administrator, Season.RAMADAN)
    assert calendars.calendar_of(amana).ramadan == ALWAYS
    assert calendars.calendar_of(amana).usual == OFFICE


@pytest.mark.django_db
def test_setting_hours_again_replaces_them(amana, person):
    administrator = person("amana_riyadh", "administrator")
    calendars.set_hours(amana, administrator, Season.USUAL, ALWAYS)
    calendars.set_hours(amana, administrator, Season.USUAL, OFFICE)
    assert calendars.calendar_of(amana).usual == OFFICE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "refused", "words"),
    [
        ([], NoWorkingHours, "no working hours"),
        ([Stretch(6, time(16), time(8))], ReversedHours, "Sunday.*16:00.*08:00"),
        ([Stretch(6, time(9), time(9))], ReversedHours, "Sunday.*09:00.*09:00"),
        (
            [Stretch(2, time(8), time(12)), Stretch(2, time(11), time(16))],
            OverlappingHours,
            "Wednesday.*08:00.*11:00",
        ),
        (
            [Stretch(2, time(20), time(0)), Stretch(2, time(22), time(23))],
            OverlappingHours,
            "Wednesday.*20:00.*22:00",
        ),
        (
            [Stretch(2, time(8), time(9)), Stretch(2, time(8), time(9))],
            OverlappingHours,
            "Wednesday.*08:00.*08:00",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_day_and_nothing_is_changed(amana, person, rows, refused, words):
    administrator = person("amana_riyadh", "administrator")
    calendars.set_hours(amana, administrator, Season.USUAL, ALWAYS)
    with translation.override("en"), pytest.raises(refused, match=words):
        calendars.set_hours(amana, administrator, Season.USUAL, rows)
    assert calendars.calendar_of(amana).usual == ALWAYS


@pytest.mark.django_db
def test_hours_that_touch_are_fine(amana, person):
    split = [Stretch(6, time(8), time(12)), Stretch(6, time(12), time(16))]
    calendars.set_hours(amana, person("amana_riyadh", "administrator"), Season.USUAL, split)
    assert calendars.calendar_of(amana).is_open(at("2026-11-22 12:00"))


@pytest.mark.django_db
def test_only_administrators_of_the_body_or_above_change_its_calendar(ministry, amana, person):
    calendars.set_hours(amana, person("municipal", "administrator"), Season.USUAL, ALWAYS)
    below = person("amana_riyadh", "administrator")
    for someone, body in [(person("amana_riyadh", "supervisor"), amana), (below, ministry)]:
        for change in (
            lambda someone=someone, body=body: calendars.set_hours(body, someone, Season.USUAL, OFFICE),
            lambda someone=someone, body=body: calendars.inherit_hours(body, someone, Season.USUAL),
            lambda someone=someone, body=body: calendars.add_day_off(body, someone, date(2026, 11, 25)),
            lambda someone=someone, body=body: calendars.remove_day_off(body, someone, date(2026, 11, 25)),
        ):
            with pytest.raises(NotAdministrator):
                change()
    assert calendars.calendar_of(amana).usual == ALWAYS


@pytest.mark.django_db(transaction=True)
def test_two_who_set_hours_at_once_do_not_mix_them(amana, person):
    administrator = person("amana_riyadh", "administrator")
    started = threading.Barrier(2)

    def put(stretches: tuple[Stretch, ...]) -> None:
        started.wait()
        calendars.set_hours(amana, administrator, Season.USUAL, stretches)
        connection.close()

    for _time in range(5):
        both = [threading.Thread(target=put, args=(rows,)) for rows in (OFFICE, ALWAYS)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert calendars.calendar_of(amana).usual in (OFFICE, ALWAYS)
        WorkingHours.objects.all().delete()


@pytest.mark.django_db
def test_a_day_off_is_not_worked_by_the_body_and_those_below_it(ministry, amana, person):
    calendars.add_day_off(ministry, person("municipal", "administrator"), date(2026, 11, 25), "انتقال المقر")
    for body in (ministry, amana):
        assert not calendars.calendar_of(body).is_open(at("2026-11-25 09:00"))
    assert calendars.calendar_of(Body.objects.get(slug="finance")).is_open(at("2026-11-25 09:00"))


@pytest.mark.django_db
def test_a_body_below_takes_a_day_off_back(ministry, amana, person):
    administrator = person("municipal", "administrator")
    calendars.add_day_off(ministry, administrator, date(2026, 11, 25))
    calendars.add_day_off(amana, administrator, date(2026, 11, 25), is_worked=True)
    assert calendars.calendar_of(amana).is_open(at("2026-11-25 09:00"))
    assert not calendars.calendar_of(ministry).is_open(at("2026-11-25 09:00"))


@pytest.mark.django_db
def test_a_holiday_is_taken_back_and_given_again(amana, person):
    administrator = person("amana_riyadh", "administrator")
    calendars.add_day_off(amana, administrator, date(2026, 9, 23), is_worked=True)
    assert calendars.calendar_of(amana).is_open(at("2026-09-23 09:00"))
    calendars.remove_day_off(amana, administrator, date(2026, 9, 23))
    assert not calendars.calendar_of(amana).is_open(at("2026-09-23 09:00"))


@pytest.mark.django_db
def test_a_day_that_is_worked_anyway_or_never_is_not_taken_back(amana, person):
    administrator = person("amana_riyadh", "administrator")
    for day in (
        date(2026, 11, 25),
        date(2026, 11, 27),
        date(2026, 3, 20),
    ):  # a Wednesday, a Friday, Eid on a Friday
        with pytest.raises(WorkedAnyway):
            calendars.add_day_off(amana, administrator, day, is_worked=True)


@pytest.mark.django_db
def test_a_day_is_said_once(amana, person):
    administrator = person("amana_riyadh", "administrator")
    calendars.add_day_off(amana, administrator, date(2026, 11, 25))
    for is_worked in (False, True):
        with pytest.raises(DaySaidAlready):
            calendars.add_day_off(amana, administrator, date(2026, 11, 25), is_worked=is_worked)


@pytest.mark.django_db
def test_special_days_are_told_with_their_names_and_whose_they_are(ministry, amana, person):
    administrator = person("municipal", "administrator")
    calendars.add_day_off(ministry, administrator, date(2026, 9, 20), "انتقال المقر")
    calendars.add_day_off(amana, administrator, date(2026, 9, 23), is_worked=True)
    with translation.override("ar"):
        told = calendars.special_days(amana, date(2026, 9, 1), date(2027, 2, 22))
    assert [(item.day, item.name, item.source, item.is_worked) for item in told] == [
        (date(2026, 9, 20), "انتقال المقر", ministry, False),
        (date(2026, 9, 23), "اليوم الوطني", amana, True),
        (date(2027, 2, 22), "يوم التأسيس", None, False),
    ]


@pytest.mark.django_db
def test_a_calendar_is_read_with_few_questions_and_reckoned_without_any(amana, django_assert_num_queries):
    with django_assert_num_queries(3):
        calendar = calendars.calendar_of(amana)
    with django_assert_num_queries(0):
        calendar.after(at("2026-11-22 09:30"), hours(200))
