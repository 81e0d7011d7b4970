"""Promises: which one decides for a case, who makes them, and what becomes of the clocks that run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tafaul.bodies.models import Body
from tafaul.care import clocks, promises
from tafaul.care.errors import ImpossiblePromise, NotYours
from tafaul.care.models import Promise
from tafaul.care.promises import Told
from tafaul.care.working_time import Concern, WorkingTime
from tests.care.clock_scene import at, clock, hours, opened

pytestmark = pytest.mark.django_db

SUNDAY = at("2026-11-22 09:00")


@pytest.fixture
def ministry(pack) -> Body:
    return Body.objects.get(slug="municipal")


@pytest.fixture
def amana(pack) -> Body:
    return Body.objects.get(slug="amana_riyadh")


def promise(body: Body, what: str, number: float, **fits: object) -> Promise:
    return Promise.objects.create(body=body, what=what, working_time=hours(number), **fits)


def promised(body: Body, what: str, kind: str = "complaint", urgency: int = 1, channel: str = "x") -> float | None:
    found = WorkingTime([body.pk]).promise(body.pk, what, Concern(kind, urgency, channel))
    return found and found.working_time / timedelta(hours=1)


def test_a_body_that_promises_nothing_has_what_the_country_promises(amana):
    assert promised(amana, "first_reply") == 4
    assert promised(amana, "first_reply", urgency=0) == 1
    assert promised(amana, "acceptance", kind="other") == 8
    assert [promised(amana, "resolution", kind) for kind in ("complaint", "inquiry", "thanks")] == [40, 16, None]
    assert promised(amana, "first_reply", kind="other") is None


def test_the_nearest_body_that_promises_something_for_such_a_case_decides(ministry, amana):
    promise(ministry, "resolution", 24)
    promise(amana, "resolution", 10, kind="inquiry")
    assert promised(amana, "resolution", "inquiry") == 10
    assert promised(amana, "resolution", "complaint") == 24
    assert promised(ministry, "resolution", "inquiry") == 24


def test_of_one_body_s_promises_the_one_that_says_most_decides(amana):
    promise(amana, "first_reply", 6)
    promise(amana, "first_reply", 5, channel="x")
    promise(amana, "first_reply", 4, kind="complaint")
    promise(amana, "first_reply", 2, urgency=0)
    promise(amana, "first_reply", 3, kind="complaint", channel="x")
    assert promised(amana, "first_reply", "thanks", channel="email") == 6
    assert promised(amana, "first_reply", "thanks") == 5
    assert promised(amana, "first_reply", "complaint", channel="email") == 4
    assert promised(amana, "first_reply", "complaint", urgency=0, channel="email") == 2
    assert promised(amana, "first_reply", "complaint") == 3
    assert promised(amana, "first_reply", "thanks", urgency=0) == 2


def test_a_promise_is_made_and_made_otherwise_and_taken_back_by_who_leads_the_body(amana, person):
    someone = person("municipal", "supervisor")
    told = Told("resolution", kind="complaint")
    promises.make(amana, someone, told, hours(20))
    made = promises.make(amana, someone, told, hours(24))
    assert list(Promise.objects.values_list("working_time", flat=True)) == [hours(24)]
    promises.take_back(made, someone)
    assert promised(amana, "resolution") == 40


@pytest.mark.parametrize(
    ("body", "role"), [("amana_riyadh", "agent"), ("amana_riyadh", "auditor"), ("finance", "administrator")]
)
def test_others_make_and_take_back_nothing(amana, person, body, role):
    someone, made = person(body, role), promise(amana, "resolution", 3)
    for verb in (
        lambda: promises.make(amana, someone, Told("first_reply"), hours(1)),
        lambda: promises.take_back(made, someone),
    ):
        with pytest.raises(NotYours):
            verb()
    assert Promise.objects.get() == made


@pytest.mark.parametrize("time", [timedelta(), timedelta(seconds=1), hours(-4), hours(2001)])
def test_no_time_and_more_than_anybody_waits_are_refused(amana, person, time):
    with pytest.raises(ImpossiblePromise):
        promises.make(amana, person("amana_riyadh", "supervisor"), Told("first_reply"), time)


@pytest.mark.parametrize(
    "told", [("breakfast",), ("resolution", "song"), ("resolution", "", 9), ("resolution", "", None, "pigeon")]
)
def test_nothing_is_promised_for_what_there_is_not(told):
    with pytest.raises(ValueError, match="nothing can be promised"):
        Told(*told)


def test_running_clocks_follow_a_promise_that_changes(ministry, amana, person):
    case, elsewhere = opened("amana_riyadh", SUNDAY), opened("finance", SUNDAY)
    made = promises.make(ministry, person("municipal", "supervisor"), Told("first_reply"), hours(2))
    clocks.recompute(ministry, SUNDAY)
    assert clock(case, "first_reply").due_at == at("2026-11-22 11:00")
    assert clock(elsewhere, "first_reply").due_at == at("2026-11-22 13:00")
    promises.take_back(made, person("municipal", "administrator"))
    assert clock(case, "first_reply").due_at == at("2026-11-22 13:00")


def test_a_case_that_was_moved_keeps_what_it_was_promised(amana, person):
    case = opened("finance", SUNDAY)
    case.body = amana
    case.save()
    clocks.follow([case], at("2026-11-22 10:00"))
    promises.make(amana, person("amana_riyadh", "supervisor"), Told("resolution"), hours(5))
    assert clock(case, "resolution").promised == hours(40)
    promises.make(Body.objects.get(slug="finance"), person("finance", "supervisor"), Told("resolution"), hours(30))
    assert clock(case, "resolution").promised == hours(30)


def test_the_page_shows_what_decides_where_it_comes_from_and_by_when_it_is_kept(ministry, amana):
    promise(ministry, "resolution", 24)
    promise(amana, "first_reply", 2)
    promise(amana, "first_reply", 0.5, urgency=0)
    told = [(shown.promise.what, shown.source, shown.due_at) for shown in promises.shown(amana, SUNDAY)]
    assert told == [
        ("first_reply", amana, at("2026-11-22 11:00")),
        ("first_reply", amana, at("2026-11-22 09:30")),
        ("acceptance", None, at("2026-11-23 09:00")),
        ("resolution", ministry, at("2026-11-25 09:00")),
    ]
