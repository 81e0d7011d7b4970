"""Reminders, and cases that close by themselves when their citizens are silent."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from tafaul.bodies.models import Body
from tafaul.care import followup, outbox, silence
from tafaul.care.errors import NotAhead, NotYours, TooManyWords
from tafaul.care.followup import When
from tafaul.care.models import Case, Clock, Notice, Referral, Reminder, Reply
from tests.care.conftest import answer, take_in

pytestmark = pytest.mark.django_db(transaction=True)

SUNDAY = datetime(2026, 10, 4, 7, tzinfo=UTC)
"""Ten in the morning in Riyadh, on a working day."""

DAY = timedelta(days=1)


def remind(case, person, due_at=SUNDAY + DAY, **more) -> Reminder:
    return followup.remind(case, person, due_at, now=SUNDAY, **more)


def test_the_times_of_one_click_follow_the_body_s_calendar(pack):
    finance, thursday = Body.objects.get(slug="finance"), SUNDAY + 4 * DAY
    at = {when: followup.moment(when, finance, thursday) for when in list(When)[:3]}
    assert at[When.IN_TWO_HOURS] == thursday + timedelta(hours=2)
    assert at[When.TOMORROW] == datetime(2026, 10, 9, 5, tzinfo=UTC)  # a Friday: eight o'clock all the same
    assert at[When.WORKING_DAY] == datetime(2026, 10, 11, 5, tzinfo=UTC)
    on_day = followup.moment(When.ON_DAY, finance, thursday, date(2026, 10, 13))
    assert on_day == datetime(2026, 10, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize("day", [None, date(2026, 10, 4), date(2020, 1, 1), date.max])
def test_a_day_that_is_over_or_not_said_is_refused(pack, day):
    with pytest.raises(NotAhead):
        followup.moment(When.ON_DAY, Body.objects.get(slug="finance"), SUNDAY, day)


def test_a_reminder_is_told_once_when_it_is_due(asked, person):
    agent = person("finance")
    remind(asked, agent, note="اتصل بالمالية")
    assert followup.tell_due(SUNDAY) == 0
    assert followup.tell_due(SUNDAY + DAY) == 1
    assert followup.tell_due(SUNDAY + 2 * DAY) == 0
    notice = Notice.objects.get()
    assert (notice.person, notice.case, notice.what) == (agent, asked, "reminded")
    assert followup.reminders_of(agent).count() == 1


def test_two_workers_tell_once(asked, person):
    remind(asked, person("finance"))
    told = []

    def work() -> None:
        told.append(followup.tell_due(SUNDAY + DAY))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(told) == 1
    assert Notice.objects.count() == 1


def test_what_is_done_is_not_told(asked, person):
    agent = person("finance")
    reminder = remind(asked, agent)
    followup.done(reminder.pk, agent, SUNDAY)
    assert followup.tell_due(SUNDAY + DAY) == 0
    assert not followup.reminders_of(agent).exists()


def test_who_left_the_body_is_not_told(asked, person):
    agent = person("finance")
    remind(asked, agent)
    agent.memberships.all().delete()
    followup.tell_due(SUNDAY + DAY)
    assert not Notice.objects.exists()


def test_nobody_is_reminded_of_what_they_may_not_answer_or_ticks_off_another_s(asked, person):
    for stranger in (person("commerce"), person("finance", "auditor")):
        with pytest.raises(NotYours):
            remind(asked, stranger)
    mine = remind(asked, person("finance"))
    with pytest.raises(NotYours):
        followup.done(mine.pk, person("finance", "supervisor"), SUNDAY)


def test_a_reminder_for_yesterday_or_with_a_novel_is_refused(asked, person):
    agent = person("finance")
    with pytest.raises(NotAhead):
        remind(asked, agent, SUNDAY - DAY)
    with pytest.raises(TooManyWords):
        remind(asked, agent, note="ن" * 501)


@pytest.fixture
def answered(asked, person):
    """A case whose citizen was answered, the agent who answered, and the moment."""
    agent = person("finance")
    answer(asked, agent)
    outbox.deliver(asked.account)
    asked.refresh_from_db()
    assert asked.state == Case.State.ANSWERED
    return asked


@pytest.fixture
def questioned(answered):
    """A case whose citizen was asked something."""
    Case.objects.filter(pk=answered.pk).update(state=Case.State.ASKED)
    answered.refresh_from_db()
    return answered


def said_at(case: Case) -> datetime:
    return max(case.answered_at, case.last_post_at)


def test_who_is_silent_after_an_answer_closes_after_three_days(answered):
    assert silence.close_due(said_at(answered) + timedelta(days=2, hours=23)) == 0
    assert silence.closes_at(answered) == said_at(answered) + 3 * DAY
    assert silence.close_due(said_at(answered) + 3 * DAY) == 1
    answered.refresh_from_db()
    assert (answered.state, answered.outcome) == (Case.State.CLOSED, Case.Outcome.ANSWERED)
    assert "أيام" in answered.outcome_note
    assert not Clock.objects.filter(case=answered, ended_at__isnull=True).exists()
    assert silence.close_due(said_at(answered) + 30 * DAY) == 0


def test_who_is_silent_after_a_question_is_reminded_by_a_draft_and_then_closed(questioned):
    begin = said_at(questioned)
    silence.close_due(begin + 5 * DAY - timedelta(minutes=1))
    assert not Reply.objects.filter(state="draft").exists()
    assert silence.close_due(begin + 5 * DAY) == 0
    draft = Reply.objects.get(state="draft")
    assert questioned.reference in draft.text
    assert draft.approved_by is None
    assert silence.close_due(begin + 7 * DAY) == 1
    questioned.refresh_from_db()
    assert (questioned.state, questioned.outcome) == (Case.State.CLOSED, Case.Outcome.SILENT)


def test_after_an_outage_the_reminder_still_lies_two_days_before_the_case_closes(questioned):
    late = said_at(questioned) + 20 * DAY
    assert silence.close_due(late) == 0
    assert silence.close_due(late + DAY) == 0
    assert silence.close_due(late + 2 * DAY) == 1
    assert Reply.objects.filter(state="draft").count() == 1


def test_a_body_says_how_long_it_waits_and_those_below_wait_as_long(answered, person):
    with pytest.raises(NotYours):
        silence.wait(
            answered.body, person("commerce", "supervisor"), after_question=1, after_answer=1, reminds_first=False
        )
    silence.wait(
        answered.body, person("finance", "supervisor"), after_question=1, after_answer=0, reminds_first=False
    )
    below = Body.objects.create(slug="unit", parent=answered.body, name_ar="وحدة", name_en="Unit")
    assert silence.patience_of(below).after_question == 1
    assert silence.closes_at(answered) is None
    assert silence.close_due(said_at(answered) + 300 * DAY) == 0
    Case.objects.update(state=Case.State.ASKED, body=below)
    assert silence.close_due(said_at(answered) + DAY) == 1


def test_nothing_closes_while_a_reply_is_on_its_way(answered, person):
    answer(answered, person("finance", "supervisor"), "وهذه إضافة")
    assert silence.close_due(said_at(answered) + 30 * DAY) == 0


def test_nothing_closes_while_a_referral_is_open(answered):
    to = Body.objects.get(slug="labour")
    Referral.objects.create(
        case=answered, from_body=answered.body, to_body=to, reason="competence", sent_at=said_at(answered)
    )
    assert silence.close_due(said_at(answered) + 30 * DAY) == 0


def test_nothing_closes_while_we_only_said_that_it_was_received(asked, person):
    answer(asked, person("finance"), "وصلتنا رسالتك", mode="acknowledged")
    outbox.deliver(asked.account)
    asked.refresh_from_db()
    assert asked.state == Case.State.ANSWERED
    assert silence.closes_at(asked) is None
    assert silence.close_due(said_at(asked) + 30 * DAY) == 0


def test_nothing_closes_while_a_post_waits_to_be_worked(answered, x):
    from tafaul.care.models import Reading
    from tafaul.jobs import reading

    x.write(answered.account.handle, "للحين ما نزل الراتب")
    Reading.objects.get_or_create(account=answered.account, stream="public")
    reading.read(answered.account, "public")
    assert silence.close_due(datetime.now(UTC) + 30 * DAY) == 0


def test_a_word_after_closing_opens_the_case_again(answered, x):
    silence.close_due(said_at(answered) + 3 * DAY)
    x.write(answered.account.handle, "للحين ما نزل الراتب وينكم")
    take_in(answered.account)
    answered.refresh_from_db()
    assert (answered.state, answered.outcome) == (Case.State.OPEN, "")


def test_whoever_holds_the_case_is_not_waited_for(answered):
    """A post that joins at the same moment holds the case's row: closing passes it by, and the word wins."""
    holds, release = threading.Event(), threading.Event()

    def join() -> None:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).get(pk=answered.pk)
            holds.set()
            release.wait(10)
            Case.objects.filter(pk=answered.pk).update(state=Case.State.OPEN, waiting_since=datetime.now(UTC))
        connection.close()

    joining = threading.Thread(target=join)
    joining.start()
    holds.wait(10)
    assert silence.close_due(said_at(answered) + 30 * DAY) == 0
    release.set()
    joining.join()
    assert silence.close_due(said_at(answered) + 30 * DAY) == 0
    answered.refresh_from_db()
    assert answered.state == Case.State.OPEN


def test_many_cases_close_with_hardly_more_statements_than_one(answered, django_assert_max_num_queries):
    one = Case.objects.get()
    for number in range(600):
        one.pk, one.reference, one.portal_key = None, f"X{number:05}", uuid.uuid4()
        one.save(force_insert=True)
    with django_assert_max_num_queries(60):
        assert silence.close_due(said_at(answered) + 3 * DAY) == 601
    assert not Case.objects.exclude(state=Case.State.CLOSED).exists()
