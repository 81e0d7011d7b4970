"""Who hears of promises that are about to break and of those that broke, once each, whatever goes wrong."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from tafaul.bodies.models import Body
from tafaul.care import clocks
from tafaul.care.models import Case, Notice
from tests.care.clock_scene import at, change, clock, hours, opened, refer, reply

pytestmark = pytest.mark.django_db

SUNDAY = at("2026-11-22 09:00")


def heard(case: Case | None = None) -> list[tuple[str, str]]:
    """Who was told what, in order."""
    told = Notice.objects.filter(case=case) if case else Notice.objects.all()
    return list(told.order_by("pk").values_list("person__username", "what"))


def watched(now: str) -> list[tuple[str, str]]:
    """Watch at a moment; return who was told what by that."""
    before = Notice.objects.count()
    clocks.watch(at(now))
    return heard()[before:]


@pytest.fixture
def people(person) -> None:
    for body in ("amana_riyadh", "municipal"):
        for role in ("agent", "supervisor", "administrator"):
            person(body, role)


def test_who_has_the_case_is_warned_at_three_quarters(people):
    case = opened("amana_riyadh", SUNDAY)
    case.assignee = Body.objects.get(slug="amana_riyadh").people.get(username="amana_riyadh.agent")
    case.save()
    assert watched("2026-11-22 11:59") == []
    assert watched("2026-11-22 12:00") == [("amana_riyadh.agent", "warned")]
    assert watched("2026-11-22 12:59") == []
    assert clock(case, "first_reply").warned_at == at("2026-11-22 12:00")


def test_the_supervisors_are_warned_of_what_nobody_has(people):
    opened("amana_riyadh", SUNDAY)
    assert watched("2026-11-22 12:00") == [("amana_riyadh.supervisor", "warned")]


def test_a_broken_promise_goes_up_the_tree_after_as_much_working_time_again(people):
    case = opened("amana_riyadh", SUNDAY)
    watched("2026-11-22 12:30")
    assert watched("2026-11-22 13:00") == [("amana_riyadh.supervisor", "breached")]
    assert watched("2026-11-23 08:59") == []
    assert watched("2026-11-23 09:00") == [("municipal.supervisor", "breached")]
    assert watched("2026-11-25 09:00") == []
    late = clock(case, "first_reply")
    assert (late.escalations, late.look_at, late.breached_at) == (2, None, at("2026-11-22 13:00"))


def test_a_body_without_supervisors_has_those_of_the_next_above(person):
    person("municipal", "supervisor")
    person("amana_riyadh", "agent")
    opened("amana_riyadh", SUNDAY)
    assert watched("2026-11-22 13:00") == [("municipal.supervisor", "breached")]


def test_where_nobody_supervises_nothing_is_held_up(pack):
    case = opened("amana_riyadh", SUNDAY)
    assert watched("2026-11-22 13:00") == []
    assert (clock(case, "first_reply").breached_at, clock(case, "first_reply").look_at) == (
        at("2026-11-22 13:00"),
        None,
    )


def test_who_left_hears_nothing(people):
    Body.objects.get(slug="amana_riyadh").people.update(is_active=False)
    opened("amana_riyadh", SUNDAY)
    assert watched("2026-11-22 13:00") == [("municipal.supervisor", "breached")]


def test_of_a_referral_that_nobody_accepts_the_receiver_s_supervisors_hear(people, person):
    person("finance", "supervisor")
    case = opened("finance", SUNDAY, kind="other")
    case.assignee = person("finance", "agent")
    case.save()
    refer(case, "amana_riyadh", SUNDAY)
    assert watched("2026-11-22 15:00") == [("amana_riyadh.supervisor", "warned")]
    assert watched("2026-11-23 09:00") == [("amana_riyadh.supervisor", "breached")]


def test_a_clock_at_rest_or_at_its_end_tells_nobody(people):
    resting, ended = opened("amana_riyadh", SUNDAY), opened("amana_riyadh", SUNDAY)
    reply(resting, at("2026-11-22 10:00"), state="asked")
    change(ended, at("2026-11-22 10:00"), state="closed", waiting_since=None, closed_at=SUNDAY, outcome="settled")
    assert watched("2027-01-10 12:00") == []


def test_the_case_comes_first_in_the_list_as_it_gets_late_and_falls_back_when_it_is_answered(people):
    case = opened("amana_riyadh", SUNDAY, kind="inquiry", priority=3)
    priorities = []
    for now in ("2026-11-22 12:00", "2026-11-22 13:00"):
        watched(now)
        case.refresh_from_db()
        priorities.append(case.priority)
    reply(case, at("2026-11-22 14:00"))
    case.refresh_from_db()
    assert [*priorities, case.priority] == [2, 1, 3]


def test_after_an_outage_of_three_days_all_that_became_due_is_told_once(people):
    for number in range(3):
        opened("amana_riyadh", SUNDAY + hours(number), kind="suggestion")
    told = watched("2026-11-25 10:00")
    assert sorted(told) == 3 * [("amana_riyadh.supervisor", "breached")] + 3 * [
        ("municipal.supervisor", "breached")
    ]
    assert watched("2026-11-26 10:00") == []


@pytest.mark.django_db(transaction=True)
def test_several_who_watch_at_once_tell_once(people):
    for number in range(40):
        opened("amana_riyadh", SUNDAY + hours(number / 100), kind="suggestion")
    start, looked_at = threading.Barrier(4), []

    def watch() -> None:
        start.wait()
        looked_at.append(clocks.watch(at("2026-11-22 13:30")))
        connection.close()

    watchers = [threading.Thread(target=watch) for _ in range(4)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    clocks.watch(at("2026-11-22 13:30"))
    assert sum(looked_at) >= 1
    assert heard() == 40 * [("amana_riyadh.supervisor", "breached")]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_works_on_is_passed_over_and_looked_at_later(people):
    case = opened("amana_riyadh", SUNDAY, kind="suggestion")
    looked_at = []

    def watch() -> None:
        looked_at.append(clocks.watch(at("2026-11-22 13:00")))
        connection.close()

    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        watcher = threading.Thread(target=watch)
        watcher.start()
        watcher.join(10)
        reply(held, at("2026-11-22 12:59"))
    assert looked_at == [0]
    assert watched("2026-11-22 13:00") == []
    assert clock(case, "first_reply").was_met is True


def test_what_a_watcher_that_dies_has_noted_is_not_noted_and_not_told(people):
    case = opened("amana_riyadh", SUNDAY, kind="suggestion")
    with transaction.atomic():
        assert clocks.watch(at("2026-11-22 13:00")) == 1
        transaction.set_rollback(True)
    assert (clock(case, "first_reply").breached_at, heard()) == (None, [])
    assert watched("2026-11-22 13:00") == [("amana_riyadh.supervisor", "breached")]


@pytest.mark.parametrize("count", [2, 40])
def test_many_are_looked_at_with_as_few_questions_as_two(people, django_assert_max_num_queries, count):
    for number in range(count):
        opened("amana_riyadh", SUNDAY + hours(number / 100), kind="suggestion")
    with django_assert_max_num_queries(21):
        clocks.watch(at("2026-11-22 13:30"))
    assert Notice.objects.count() == count


def test_there_is_something_to_watch_when_a_moment_has_come(people):
    opened("amana_riyadh", SUNDAY)
    assert not clocks.is_due(at("2026-11-22 11:00"))
    assert clocks.is_due(at("2026-11-22 12:00"))
