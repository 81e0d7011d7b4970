"""Where a case may go, who closes it with what outcome, and what happens when the citizen comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tafaul.care import cases, errors, outbox
from tafaul.care.models import Case, Notice
from tests.care.citizens import answers, at_once, write_all, writes
from tests.care.conftest import answer

pytestmark = pytest.mark.django_db(transaction=True)

SALARY = "متى ينزل الراتب هالشهر؟"


@pytest.fixture
def agent(person):
    return person("finance")


@pytest.fixture
def case(pack) -> Case:
    return writes(SALARY).case


def fields(case: Case, state: str) -> dict[str, object]:
    """What a case has in a state."""
    return {
        "state": state,
        "waiting_since": case.last_post_at if state == "open" else None,
        "closed_at": case.last_post_at if state == "closed" else None,
        "outcome": "settled" if state == "closed" else "",
    }


@pytest.mark.parametrize("before", Case.State.values)
@pytest.mark.parametrize("after", Case.State.values)
def test_the_database_lets_a_case_go_where_the_table_of_moves_says(case, before, after):
    for step in ["open", "closed"] if before == "closed" else ["open", before]:
        Case.objects.filter(pk=case.pk).update(**fields(case, step))
    allowed = after == before or after in cases.MOVES[before]
    if allowed:
        Case.objects.filter(pk=case.pk).update(**fields(case, after))
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**fields(case, after))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "answered"},
        {"outcome": "settled"},
        {"outcome_note": "ok"},
        {"waiting_since": None},
        {"state": "closed", "waiting_since": None},
        {"state": "unheard_of", "waiting_since": None},
        {"priority": 5},
    ],
)
def test_a_case_that_contradicts_itself_can_t_be_stored(case, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**wrong)


def test_a_case_is_closed_with_what_came_of_it(case, agent):
    cases.close(case, agent, "not_possible", " لا يسمح النظام ")
    assert (case.state, case.outcome, case.outcome_note) == ("closed", "not_possible", "لا يسمح النظام")
    assert case.closed_at is not None
    assert case.waiting_since is None


@pytest.mark.parametrize("outcome", ["merged", "", "whatever"])
def test_an_outcome_that_nobody_may_choose_is_refused(case, agent, outcome):
    with pytest.raises(ValueError, match="can't be closed"):
        cases.close(case, agent, outcome)


@pytest.mark.parametrize("role", ["auditor", "knowledge_editor", "administrator"])
def test_who_does_not_answer_neither_closes_nor_reopens(case, agent, person, role):
    with pytest.raises(errors.NotYours):
        cases.close(case, person("finance", role))
    cases.close(case, agent)
    with pytest.raises(errors.NotYours):
        cases.reopen(case, person("commerce"))


def test_of_two_who_close_at_once_one_hears_what_came_of_it(case, agent, person):
    other = person("finance", "supervisor")
    mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    told = at_once(lambda: cases.close(mine, agent, "settled"), lambda: cases.close(theirs, other, "withdrawn"))
    (refused,) = [error for error in told if error is not None]
    assert isinstance(refused, errors.ClosedMeanwhile)
    case.refresh_from_db()
    assert case.get_outcome_display() in str(refused)


def test_reopening_forgets_the_outcome_and_the_citizen_waits_from_now(case, agent):
    cases.close(case, agent, "settled", "done")
    closed_at = case.closed_at
    cases.reopen(case, agent)
    assert (case.state, case.outcome, case.outcome_note, case.closed_at) == ("open", "", "", None)
    assert case.waiting_since > closed_at
    with pytest.raises(errors.AlreadyOpen):
        cases.reopen(case, agent)


def test_a_question_that_arrived_lets_us_wait_for_the_citizen(asked, person, x):
    reply = answer(asked, person("finance"), "ما رقم طلبك؟", asks=True)
    assert reply.asks
    outbox.deliver(asked.account)
    asked.refresh_from_db()
    assert (asked.state, asked.waiting_since) == ("asked", None)
    answer(asked, person("finance", "supervisor"), "شكراً، ينزل الأحد")
    outbox.deliver(asked.account)
    asked.refresh_from_db()
    assert asked.state == "answered"


def test_what_the_citizen_adds_meanwhile_goes_on_waiting_though_they_were_asked(case, agent):
    seen = case.posts.get().pk
    later = writes("والعلاوة متى تنزل مع الراتب؟")
    with transaction.atomic():
        cases.ask(case, later.written_at, seen=seen)
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("open", later.written_at)


def test_whoever_was_asked_and_writes_opens_the_case(case, agent):
    answers(case, agent, asks=True)
    assert case.state == "asked"
    post = writes("رقمي في الطلب 88")
    case.refresh_from_db()
    assert (post.case, case.state, case.waiting_since) == (case, "open", post.written_at)


def test_thanks_open_nothing_and_count_as_no_reminder(case, agent):
    answers(case, agent)
    writes("شكرا ما قصرتوا")
    case.refresh_from_db()
    assert (case.state, case.repeats, case.posts_count) == ("answered", 0, 2)


def test_a_citizen_who_returns_to_a_closed_case_opens_it_and_who_had_it_is_told(case, agent):
    Case.objects.update(assignee=agent)
    cases.close(case, agent, "settled", "نزل الراتب")
    post = writes("للحين ما نزل الراتب وينكم")
    case.refresh_from_db()
    assert (post.case, case.state, case.outcome, case.outcome_note, case.closed_at) == (case, "open", "", "", None)
    assert case.waiting_since == post.written_at
    assert Notice.objects.get(what="reopened").person == agent


def test_after_some_days_it_is_a_case_of_its_own(pack, agent, settings):
    days = timedelta(days=settings.CASE_JOINS_WITHIN_DAYS)
    old = writes(SALARY, ago=days + timedelta(hours=1)).case
    cases.close(old, agent, "answered")
    new = writes("للحين ما نزل الراتب وينكم").case
    assert new != old
    old.refresh_from_db()
    assert old.state == "closed"


def test_who_waits_and_writes_again_is_counted_and_looked_at_sooner(case, agent):
    assert (case.repeats, case.priority) == (0, 3)
    writes("متى ينزل الراتب ردوا")
    case.refresh_from_db()
    assert (case.repeats, case.priority) == (1, 3)
    write_all(["وين الراتب", "للحين ما نزل الراتب"])
    case.refresh_from_db()
    assert (case.repeats, case.priority) == (3, 2)
    answers(case, agent)
    writes("متى ينزل الراتب")
    case.refresh_from_db()
    assert (case.state, case.repeats, case.priority) == ("open", 0, 3)
