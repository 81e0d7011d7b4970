"""Clocks: promises in working time that start, rest, go on, move and end with their cases."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tafaul.bodies import calendars
from tafaul.bodies.calendars import Stretch
from tafaul.bodies.models import Body, Season
from tafaul.care import clocks, clockwork
from tafaul.care.models import Case, Clock
from tests.bodies.test_calendars import moments, some_calendars
from tests.care.clock_scene import (
    at,
    change,
    clock,
    close,
    decide,
    hours,
    new_case,
    opened,
    refer,
    reply,
    write_again,
)
from tests.care.conftest import take_in

pytestmark = pytest.mark.django_db

ALWAYS = tuple(Stretch(day, time(0), time(0)) for day in range(7))
SUNDAY = at("2026-11-22 09:00")


def sorts(case: Case) -> set[str]:
    return set(case.clocks.filter(ended_at=None).values_list("what", flat=True))


# When a promise is due


@pytest.mark.parametrize(
    ("told", "first_reply", "resolution"),
    [
        ({"kind": "complaint"}, "2026-11-22 13:00", "2026-11-29 09:00"),
        ({"kind": "inquiry"}, "2026-11-22 13:00", "2026-11-24 09:00"),
        ({"kind": "complaint", "urgency": 0}, "2026-11-22 10:00", "2026-11-29 09:00"),
        ({"kind": "suggestion"}, "2026-11-22 13:00", None),
        ({"kind": "thanks", "urgency": 2}, "2026-11-22 13:00", None),
        ({"kind": "other"}, None, None),
    ],
)
def test_a_case_opens_with_what_is_promised_for_its_sort(pack, told, first_reply, resolution):
    case = opened("finance", SUNDAY, **told)
    due = {"first_reply": first_reply, "resolution": resolution}
    assert dict(case.clocks.values_list("what", "due_at")) == {what: at(day) for what, day in due.items() if day}


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-11-19 15:00", "2026-11-22 11:00"),  # over a weekend
        ("2026-11-20 12:00", "2026-11-22 12:00"),  # on a Friday
        ("2026-02-17 14:00", "2026-02-18 12:00"),  # Ramadan begins the next day
        ("2026-03-18 14:00", "2026-03-25 11:00"),  # the last day before Eid
    ],
)
def test_a_first_reply_is_due_in_working_time(pack, since, due):
    assert clock(opened("finance", at(since)), "first_reply").due_at == at(due)


def test_somebody_must_hear_of_it_at_three_quarters(pack):
    assert clock(opened("finance", SUNDAY), "first_reply").look_at == at("2026-11-22 12:00")


def test_who_wrote_long_before_it_came_here_was_promised_nothing(pack):
    case = new_case("finance", SUNDAY - timedelta(days=7))
    clocks.follow([case], SUNDAY)
    assert sorts(case) == set()


# What keeps a promise


def test_a_reply_in_time_keeps_the_promise_and_a_late_one_breaks_it(pack):
    prompt, late = opened("finance", SUNDAY), opened("finance", SUNDAY)
    reply(prompt, at("2026-11-22 13:00"))
    reply(late, at("2026-11-22 13:01"))
    assert clock(prompt, "first_reply").was_met is True
    assert clock(late, "first_reply").was_met is False
    assert clock(late, "first_reply").breached_at == at("2026-11-22 13:00")


def test_each_time_that_the_citizen_begins_to_wait_a_reply_is_promised_anew(pack):
    case = opened("finance", SUNDAY)
    reply(case, at("2026-11-22 10:00"))
    assert sorts(case) == {"resolution"}
    write_again(case, at("2026-11-23 09:00"))
    assert clock(case, "first_reply").due_at == at("2026-11-23 13:00")
    reply(case, at("2026-11-23 10:00"))
    assert list(case.clocks.filter(what="first_reply").values_list("was_met", flat=True)) == [True, True]


def test_who_writes_while_the_reply_is_under_way_is_promised_another(pack):
    case = opened("finance", SUNDAY)
    change(case, at("2026-11-22 10:00"), waiting_since=at("2026-11-22 09:59"), answered_at=at("2026-11-22 10:00"))
    first, second = case.clocks.filter(what="first_reply").order_by("pk")
    assert (first.was_met, second.ended_at) == (True, None)
    clocks.follow([case], at("2026-11-22 10:30"))
    assert clock(case, "first_reply").ended_at is None


def test_a_resolution_rests_while_the_citizen_is_asked_and_goes_on_with_what_was_left(pack):
    case = opened("finance", SUNDAY, kind="inquiry")
    reply(case, at("2026-11-22 10:00"), state="asked")
    resting = clock(case, "resolution")
    assert (resting.due_at, resting.look_at, resting.time_left) == (None, None, hours(15))
    write_again(case, at("2026-11-26 15:00"))
    assert clock(case, "resolution").due_at == at("2026-11-30 14:00")


@pytest.mark.parametrize(
    ("mode", "rests"),
    [
        ("answered", True),
        ("taken_private", True),
        ("contact_number", True),
        ("acknowledged", False),
        ("referred", False),
    ],
)
def test_a_resolution_rests_after_an_answer_but_not_after_a_mere_receipt(pack, mode, rests):
    case = opened("finance", SUNDAY)
    reply(case, at("2026-11-22 10:00"), mode=mode)
    assert (clock(case, "resolution").due_at is None) == rests
    close(case, at("2026-11-26 12:00"))
    assert clock(case, "resolution").was_met is True


def test_closing_too_late_breaks_the_promise(pack):
    case = opened("finance", SUNDAY)
    close(case, at("2026-11-29 09:01"))
    assert clock(case, "resolution").was_met is False


@pytest.mark.parametrize("outcome", ["misuse", "merged"])
def test_what_is_merged_or_misuse_was_promised_nothing_even_when_late(pack, outcome):
    case = opened("finance", SUNDAY)
    case.merged_into = new_case("finance", SUNDAY) if outcome == "merged" else None
    close(case, at("2026-12-10 12:00"), outcome)
    assert set(case.clocks.values_list("was_met", flat=True)) == {None}
    assert sorts(case) == set()


def test_closing_without_a_reply_is_no_way_around_the_promise_of_one(pack):
    prompt, late = opened("finance", SUNDAY), opened("finance", SUNDAY)
    close(prompt, at("2026-11-22 12:00"))
    close(late, at("2026-11-22 14:00"))
    assert clock(prompt, "first_reply").was_met is None
    assert clock(late, "first_reply").was_met is False


def test_a_case_that_opens_again_is_promised_all_anew(pack):
    case = opened("finance", SUNDAY)
    close(case, at("2026-11-23 12:00"))
    write_again(case, at("2026-11-24 09:00"))
    assert sorts(case) == {"first_reply", "resolution"}
    assert clock(case, "resolution").due_at == at("2026-12-01 09:00")


# Referrals


@pytest.mark.parametrize(
    ("state", "more", "was_met"),
    [
        ("accepted", {}, True),
        ("returned", {"returned_because": "-"}, True),
        ("passed_on", {}, True),
        ("withdrawn", {}, None),
    ],
)
def test_a_referral_s_acceptance_is_promised_until_it_is_decided(pack, state, more, was_met):
    case = opened("finance", SUNDAY)
    sent = refer(case, "telecom", at("2026-11-22 10:00"))
    waiting = clock(case, "acceptance")
    assert (waiting.body.slug, waiting.due_at) == ("telecom", at("2026-11-23 10:00"))
    decide(sent, at("2026-11-22 12:00"), state, **more)
    assert clock(case, "acceptance").ended_at is not None
    assert clock(case, "acceptance").was_met is was_met


def test_who_passes_a_case_on_has_decided_and_the_next_is_promised_anew(pack):
    case = opened("finance", SUNDAY)
    decide(refer(case, "telecom", SUNDAY), at("2026-11-22 10:00"), "passed_on")
    refer(case, "commerce", at("2026-11-22 10:00"))
    assert list(case.clocks.filter(what="acceptance").order_by("pk").values_list("body__slug", "was_met")) == [
        ("telecom", True),
        ("commerce", None),
    ]


def test_an_accepted_case_goes_on_by_the_new_body_s_calendar_with_the_time_that_was_left(pack, person):
    calendars.set_hours(Body.objects.get(slug="telecom"), person("telecom", "administrator"), Season.USUAL, ALWAYS)
    case = opened("finance", at("2026-11-19 15:00"), kind="inquiry")  # an hour before the weekend
    decide(refer(case, "telecom", at("2026-11-19 15:00")), at("2026-11-20 16:00"), "accepted")
    moved = clock(case, "resolution")
    assert (moved.body.slug, moved.time_left, moved.promised) == ("telecom", hours(15), hours(16))
    assert moved.due_at == at("2026-11-21 07:00")


# When the case becomes another


def test_a_corrected_kind_is_promised_what_its_kind_is(pack):
    case = opened("finance", SUNDAY, kind="inquiry")
    change(case, at("2026-11-22 11:00"), kind="complaint")
    assert clock(case, "resolution").due_at == at("2026-11-29 09:00")
    change(case, at("2026-11-22 12:00"), kind="other")
    assert sorts(case) == set()
    assert set(case.clocks.values_list("was_met", flat=True)) == {None}


def test_what_becomes_urgent_is_answered_within_the_hour_from_then_or_as_promised_before(pack):
    early, late = opened("finance", SUNDAY), opened("finance", SUNDAY)
    change(early, at("2026-11-22 10:00"), urgency=0)
    change(late, at("2026-11-22 12:30"), urgency=0)
    assert clock(early, "first_reply").due_at == at("2026-11-22 11:00")
    assert clock(late, "first_reply").due_at == at("2026-11-22 13:00")


# Calendars that change


def test_a_new_day_off_puts_off_what_is_due_and_unbreaks_what_is_not_due_yet(pack, person):
    finance = Body.objects.get(slug="finance")
    case = opened("finance", at("2026-11-22 15:00"))
    clocks.watch(at("2026-11-23 12:00"))
    assert clock(case, "first_reply").breached_at == at("2026-11-23 11:00")
    calendars.add_day_off(finance, person("finance", "administrator"), date(2026, 11, 23))
    clocks.recompute(finance, at("2026-11-23 12:00"))
    late = clock(case, "first_reply")
    assert (late.due_at, late.breached_at, late.warned_at) == (at("2026-11-24 11:00"), None, None)
    assert late.look_at == at("2026-11-24 10:00")


def test_a_change_above_reaches_the_bodies_below_and_a_clock_at_rest_stays_at_rest(pack, person):
    case, resting = opened("amana_riyadh", SUNDAY), opened("amana_riyadh", SUNDAY)
    reply(resting, at("2026-11-22 10:00"), state="asked")
    ministry = Body.objects.get(slug="municipal")
    calendars.add_day_off(ministry, person("municipal", "administrator"), date(2026, 11, 24))
    clocks.recompute(ministry, SUNDAY)
    assert clock(case, "resolution").due_at == at("2026-11-30 09:00")
    assert clock(resting, "resolution").due_at is None


def test_a_clock_is_recomputed_from_where_it_went_on(pack, person):
    finance = Body.objects.get(slug="finance")
    case = opened("finance", SUNDAY, kind="inquiry")
    reply(case, at("2026-11-22 10:00"), state="asked")
    write_again(case, at("2026-11-24 09:00"))
    assert clock(case, "resolution").due_at == at("2026-11-25 16:00")
    calendars.set_hours(finance, person("finance", "administrator"), Season.USUAL, ALWAYS)
    clocks.recompute(finance, at("2026-11-24 10:00"))
    assert clock(case, "resolution").due_at == at("2026-11-25 00:00")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["opens", "changes"])
def test_no_clock_is_started_by_a_calendar_that_changes_at_the_same_moment(pack, person, first):
    finance, administrator = Body.objects.get(slug="finance"), person("finance", "administrator")
    case = new_case("finance", SUNDAY, kind="suggestion")
    begun, both = threading.Event(), threading.Event()

    def opens() -> None:
        with transaction.atomic():
            clocks.follow([case], SUNDAY)
            begun.set()
            both.wait(0.5)

    def changes() -> None:
        with transaction.atomic():
            calendars.add_day_off(finance, administrator, SUNDAY.date())
            clocks.recompute(finance, SUNDAY)
            begun.set()
            both.wait(0.5)

    def run(verb) -> None:
        verb()
        connection.close()

    order = [opens, changes] if first == "opens" else [changes, opens]
    threads = [threading.Thread(target=run, args=(verb,)) for verb in order]
    threads[0].start()
    begun.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join(10)
    assert clock(case, "first_reply").due_at == at("2026-11-23 12:00")


# All at once


@pytest.mark.django_db(transaction=True)
def test_posts_open_their_cases_with_their_clocks(x, connect):
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    case = Case.objects.get()
    assert sorts(case) == {"first_reply", "resolution"}
    assert clock(case, "first_reply").started_at == case.waiting_since


@pytest.mark.parametrize("count", [2, 60])
def test_hundreds_of_cases_are_followed_with_as_many_questions_as_two(pack, django_assert_num_queries, count):
    bodies = ["finance", "telecom", "commerce", "amana_riyadh"]
    cases = [new_case(bodies[number % 2 if count < 4 else number % 4], SUNDAY) for number in range(count)]
    with django_assert_num_queries(8):
        clocks.follow(cases, SUNDAY)  # the rows themselves go with one COPY, which is not counted
    assert Clock.objects.count() == 2 * count


def test_following_again_changes_nothing(pack):
    case = opened("finance", SUNDAY)
    reply(case, at("2026-11-22 10:00"))
    before = list(case.clocks.order_by("pk").values())
    clocks.follow([case, new_case("telecom", SUNDAY, kind="other")], at("2026-11-22 15:00"))
    assert list(case.clocks.order_by("pk").values()) == before


def test_no_two_clocks_of_a_sort_run_on_a_case(pack):
    running = clock(opened("finance", SUNDAY), "resolution")
    running.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        running.save(force_insert=True)


# The reckoning alone


def some_clock(promised: timedelta, started_at, calendar) -> Clock:
    clock = Clock(promised=promised, started_at=started_at, counted_from=started_at, time_left=promised)
    clockwork.set_due(clock, calendar)
    return clock


promised_times = st.timedeltas(hours(0.5), hours(80))


@given(some_calendars, promised_times, st.lists(moments, min_size=3, max_size=9))
def test_however_often_a_clock_rests_it_gives_the_promised_working_time(calendar, promised, told):
    start, *stops = sorted(told)
    running, worked = some_clock(promised, start, calendar), timedelta()
    for number, moment in enumerate(stops):
        if number % 2:
            clockwork.resume(running, calendar, moment)
        else:
            worked += calendar.between(running.counted_from, moment)
            clockwork.pause(running, calendar, moment)
        assert running.time_left == max(promised - worked, timedelta())
        assert (running.breached_at is not None) == (worked > promised)
    if running.due_at is not None:
        assert calendar.between(running.counted_from, running.due_at) == running.time_left


@given(some_calendars, some_calendars, promised_times, moments, moments)
def test_a_clock_that_moves_keeps_the_time_that_was_left(before, after, promised, one, other):
    start, moved_at = sorted([one, other])
    running = some_clock(promised, start, before)
    clockwork.move(running, 2, before, after, moved_at)
    left = max(promised - before.between(start, moved_at), timedelta())
    assert after.between(moved_at, running.due_at) == left


@given(
    some_calendars, promised_times, moments, st.lists(st.timedeltas(hours(0), hours(900)), min_size=1, max_size=6)
)
def test_looking_late_tells_of_the_same_breaches_as_looking_often(calendar, promised, start, waits):
    often, once = (some_clock(promised, start, calendar) for _ in range(2))
    looks = [start + wait for wait in sorted(waits)]
    told = [level for now in looks for level in clockwork.take_further(often, calendar, 3, now)[1]]
    warned, levels = clockwork.take_further(once, calendar, 3, looks[-1])
    assert told == list(levels)
    assert (often.due_at, often.look_at, often.breached_at) == (once.due_at, once.look_at, once.breached_at)
    assert not (warned and once.breached_at)
    assert clockwork.take_further(once, calendar, 3, looks[-1]) == (False, range(len(levels), len(levels)))


@given(some_calendars, promised_times, promised_times, moments)
def test_a_changed_promise_is_reckoned_as_if_it_had_always_been_so(calendar, promised, other, start):
    running = some_clock(promised, start, calendar)
    clockwork.reckon_again(running, other, calendar, start)
    assert running.due_at == some_clock(other, start, calendar).due_at
