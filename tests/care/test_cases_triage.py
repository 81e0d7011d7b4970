"""What is looked at first and why, whose a case is when nobody is sure, and the words that people put to cases."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tafaul.bodies.models import Body
from tafaul.care import cases, corrections, errors, priority, tags, triage
from tafaul.care.models import Case, Clock, Correction, Kind
from tests.care.citizens import at_once, writes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(person):
    return person("finance")


@pytest.fixture
def case(pack) -> Case:
    return writes("متى ينزل الراتب هالشهر؟").case


# Priority


@pytest.mark.parametrize(
    ("urgency", "kind", "repeats", "late", "level"),
    [
        (0, "inquiry", 0, 0, 0),
        (0, "thanks", 0, 2, 0),
        (1, "complaint", 0, 0, 2),
        (1, "inquiry", 0, 0, 3),
        (1, "suggestion", 0, 0, 4),
        (1, "inquiry", 1, 0, 3),
        (1, "inquiry", 2, 0, 2),
        (1, "inquiry", 5, 0, 1),
        (1, "complaint", 0, 1, 1),
        (1, "complaint", 9, 2, 1),
        (1, "inquiry", 0, 2, 1),
        (2, "complaint", 0, 0, 4),
        (2, "thanks", 9, 0, 4),
        (2, "other", 0, 2, 2),
    ],
)
def test_priority_comes_of_urgency_kind_repeats_and_promises(urgency, kind, repeats, late, level):
    assert priority.level(urgency=urgency, kind=kind, repeats=repeats, late=late) == level


def test_nothing_stands_before_a_danger_and_more_never_means_later():
    for urgency in (1, 2):
        for kind in Kind.values:
            levels = [
                [priority.level(urgency=urgency, kind=kind, repeats=repeats, late=late) for repeats in range(8)]
                for late in range(3)
            ]
            assert all(level > priority.AT_ONCE for row in levels for level in row)
            for row in levels:
                assert row == sorted(row, reverse=True)
            for column in zip(*levels, strict=True):
                assert list(column) == sorted(column, reverse=True)


def test_the_reasons_are_said_in_words_what_weighs_most_first():
    with translation.override("en"):
        said = priority.reasons(Case(kind="complaint", urgency=1, repeats=3), priority.Late.BROKEN)
    assert said == ["A promise was broken", "The citizen wrote again 3 times while waiting", "Complaint"]


def test_what_does_not_count_is_no_reason():
    with translation.override("en"):
        assert priority.reasons(Case(kind="inquiry", urgency=1, repeats=1), 0) == ["Inquiry"]
        assert priority.reasons(Case(kind="inquiry", urgency=0, urgent_because="خطر", repeats=9), 2) == [
            "Urgent: خطر"
        ]


def test_a_correction_and_a_promise_change_the_priority(case, agent):
    assert case.priority == 3
    corrections.correct(case, agent, kind="complaint", topic="salaries")
    assert case.priority == 2
    now, hour = datetime.now(UTC), timedelta(hours=1)
    clock = Clock.objects.filter(case=case, ended_at__isnull=True).first()
    if clock is None:
        clock = Clock.objects.create(
            case=case, body=case.body, promised_by=case.body, what="resolution", promised=hour, started_at=now,
            counted_from=now, time_left=hour, due_at=now + hour, look_at=now,
        )  # fmt: skip
    Clock.objects.filter(pk=clock.pk).update(warned_at=now)
    priority.recompute([case.pk])
    case.refresh_from_db()
    assert (case.priority, priority.late_of(case)) == (1, priority.Late.NEARLY)
    Clock.objects.filter(pk=clock.pk).update(breached_at=now)
    assert priority.late_of(case) == priority.Late.BROKEN
    Clock.objects.filter(case=case).update(ended_at=now, look_at=None)
    priority.recompute([case.pk])
    case.refresh_from_db()
    assert case.priority == 2


def test_recomputing_what_changed_nothing_writes_nothing(case, django_assert_num_queries):
    with django_assert_num_queries(4):  # begin, lock, look, commit
        priority.recompute([case.pk, 10**12])


# Triage


def test_triage_says_what_a_case_is_about_and_gives_it_to_a_body_of_the_person_s(pack, person):
    supervisor, amana = person("municipal", "supervisor"), Body.objects.get(slug="amana_riyadh")
    case = writes("الزبايل متكدسة عندنا", "municipal").case
    Case.objects.update(needs_triage=True, body=Body.objects.get(slug="municipal"))
    triage.settle(case, supervisor, kind="complaint", topic="cleanliness", body=amana)
    assert (case.needs_triage, case.body, case.kind, case.topic) == (False, amana, "complaint", "cleanliness")
    assert Correction.objects.get().topic == "cleanliness"
    with pytest.raises(errors.AlreadyTriaged):
        triage.settle(case, supervisor, kind="complaint", topic="")


def test_another_body_gets_a_case_by_a_referral_only(case, agent):
    Case.objects.update(needs_triage=True)
    telecom = Body.objects.get(slug="telecom")
    with pytest.raises(errors.NotBelow, match=re.escape(telecom.name)):
        triage.settle(case, agent, kind="complaint", topic="", body=telecom)
    case.refresh_from_db()
    assert case.needs_triage
    assert not Correction.objects.exists()


def test_strangers_auditors_nonsense_and_closed_cases_settle_nothing(case, agent, person):
    Case.objects.update(needs_triage=True)
    for someone in (person("telecom"), person("finance", "auditor")):
        with pytest.raises(errors.NotYours):
            triage.settle(case, someone, kind="complaint", topic="")
    with pytest.raises(ValueError, match="no kind"):
        triage.settle(case, agent, kind="complaint", topic="moon")
    cases.close(case, agent)
    with pytest.raises(errors.ClosedMeanwhile):
        triage.settle(case, agent, kind="complaint", topic="")


def test_of_two_who_decide_at_once_the_first_counts(case, agent, person):
    Case.objects.update(needs_triage=True)
    mine, theirs, other = Case.objects.get(), Case.objects.get(), person("finance", "supervisor")
    told = at_once(
        lambda: triage.settle(mine, agent, kind="complaint", topic="salaries"),
        lambda: triage.settle(theirs, other, kind="inquiry", topic=""),
    )
    (refused,) = [error for error in told if error is not None]
    assert isinstance(refused, errors.AlreadyTriaged)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("body", ["x", "1" * 30, "-1", "0"])
def test_a_form_of_triage_that_names_no_body_is_refused(case, agent, client, body):
    Case.objects.update(needs_triage=True)
    client.force_login(agent)
    response = client.post(f"/cases/{case.reference}/correction", {"kind": "complaint", "topic": "", "body": body})
    assert response.status_code in (400, 404)
    case.refresh_from_db()
    assert case.needs_triage


# Tags


def test_tags_are_added_once_and_taken_away(case, agent):
    for words in ("رواتب", " #رواتب ", "رواتب", "حملة  رمضان"):
        tags.add(case, agent, words)
    assert case.tags == ["رواتب", "حملة رمضان"]
    tags.remove(case, agent, "رواتب")
    tags.remove(case, agent, "رواتب")
    assert case.tags == ["حملة رمضان"]


@pytest.mark.parametrize("words", ["", "  ", "#", "ن" * 41, "\0"])
def test_what_is_no_tag_is_refused(case, agent, words):
    with pytest.raises(errors.NoTag):
        tags.add(case, agent, words)


def test_a_case_bears_some_tags_and_not_any_number(case, agent):
    for number in range(tags.MOST):
        tags.add(case, agent, f"t{number}")
    with pytest.raises(errors.TooManyTags):
        tags.add(case, agent, "one more")


def test_who_does_not_answer_tags_nothing(case, agent, person):
    tags.add(case, agent, "vip")
    for verb in (tags.add, tags.remove):
        with pytest.raises(errors.NotYours):
            verb(case, person("telecom") if verb is tags.add else person("finance", "auditor"), "vip")
    case.refresh_from_db()
    assert case.tags == ["vip"]


def test_the_tags_that_the_body_uses_are_suggested_the_most_used_first(case, agent):
    others = [writes("متى ينزل الراتب", by=f"c{number}").case for number in range(3)]
    foreign = writes("النت بطيء", "telecom", by="z").case
    Case.objects.filter(pk=foreign.pk).update(tags=["foreign"])
    for other in others:
        tags.add(other, agent, "often")
    tags.add(others[0], agent, "once")
    tags.add(case, agent, "own")
    assert tags.used(case) == ["often", "once"]


@pytest.mark.parametrize("words", ["<b>x</b>", "'\"", "\u202eabc", "a" * 99, ""])
def test_hostile_tags_from_the_page_are_shown_as_they_are_or_refused_in_words(case, agent, client, words):
    client.force_login(agent)
    response = client.post(f"/cases/{case.reference}/tags", {"tag": words}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<b>x</b>" not in response.content.decode()
    case.refresh_from_db()
    assert bool(case.tags) is ('class="error"' not in response.content.decode())
