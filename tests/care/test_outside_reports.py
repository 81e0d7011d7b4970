"""Cases that wait for a report in another system."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tafaul.care import outside_reports
from tafaul.care.errors import AlreadyNoted, AlreadySettled, NoNumberOf, NothingSaid, NotYours
from tafaul.care.models import Case, OutsideReport
from tests.care.conftest import take_in

pytestmark = pytest.mark.django_db(transaction=True)

SUNDAY = datetime(2026, 10, 4, 7, tzinfo=UTC)


@pytest.fixture
def following(x, connect):
    """A citizen who asks the Ministry of Commerce what became of a report."""
    account = connect("commerce")
    x.write(account.handle, "وش صار على بلاغ تجاري رقم ٤٤١١٢٢٣ له شهر وجوالي 0501234567")
    take_in(account)
    case = Case.objects.get()
    assert case.topic == "report_follow_up"
    return case


def test_the_number_in_the_citizen_s_words_is_suggested_and_personal_data_is_not(following):
    ((system, number),) = outside_reports.suggestions(following)
    assert (system.slug, number) == ("commercial_report", "4411223")


def test_a_number_is_looked_for_where_the_topic_says_that_a_report_is_meant(following):
    Case.objects.update(topic="price_rise")
    following.refresh_from_db()
    assert outside_reports.suggestions(following) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("بلاغي ٨٨٤١٢٠٩ وش صار عليه؟", ["8841209"]),
        ("ثلاث بلاغات (71120، 71121، 71188) دمجت", ["71120", "71121", "71188"]),
        ("رقم الفاتوره 350856681 ما لقيت رقم البلاغ", []),
        ("بلاغ على متجر بمبلغ 25000 ريال ورقمه 5520918", ["5520918"]),
        ("اتصلت على 1900 وما ردوا", []),
        ("هويتي 1023456784 وبلاغي 7935437", ["7935437"]),
        ("https://x.com/a/status/1234567890123 شوفوا", []),
        ("بلاغ رقم " + "9" * 40, []),
        ("بلاغ 2026-10-04 رفعته", []),
    ],
)
def test_which_numbers_look_like_those_of_a_report(text, numbers):
    system = outside_reports.systems()["commercial_report"]
    assert list(outside_reports._numbers(text, system)) == numbers


def test_a_report_that_is_kept_is_asked_after_in_working_days(following, person):
    report = outside_reports.note(following, person("commerce"), "commercial_report", "٤٤١١٢٢٣", now=SUNDAY)
    assert report.number == "4411223"
    assert report.ask_again_at == datetime(2026, 10, 11, 5, tzinfo=UTC)  # five working days, a weekend between
    assert outside_reports.suggestions(following) == []


@pytest.mark.parametrize("number", ["", "12", "abc", "4411223; DROP TABLE", "1" * 41, "٤٤ ١١"])
def test_what_is_no_number_of_the_system_is_refused(following, person, number):
    with pytest.raises(NoNumberOf):
        outside_reports.note(following, person("commerce"), "commercial_report", number, now=SUNDAY)


def test_a_report_is_noted_once(following, person):
    agent = person("commerce")
    outside_reports.note(following, agent, "commercial_report", "4411223", now=SUNDAY)
    with pytest.raises(AlreadyNoted):
        outside_reports.note(following, agent, "commercial_report", "4411223", now=SUNDAY)


def test_those_late_come_first_and_asking_again_waits_anew(following, person):
    agent = person("commerce")
    early = outside_reports.note(following, agent, "commercial_report", "4411223", now=SUNDAY)
    late = outside_reports.note(following, agent, "city_report", "940111", now=SUNDAY)
    assert list(outside_reports.waiting(agent)) == [late, early]
    outside_reports.asked_again(late.pk, agent, SUNDAY + timedelta(days=14))
    assert list(outside_reports.waiting(agent)) == [early, late]


def test_what_came_of_a_report_is_said_once(following, person):
    agent = person("commerce")
    report = outside_reports.note(following, agent, "commercial_report", "4411223", now=SUNDAY)
    with pytest.raises(NothingSaid):
        outside_reports.settled(report.pk, agent, "  ", SUNDAY)
    outside_reports.settled(report.pk, agent, "أعاد المتجر المبلغ", SUNDAY)
    with pytest.raises(AlreadySettled):
        outside_reports.settled(report.pk, agent, "مرة أخرى", SUNDAY)
    with pytest.raises(AlreadySettled):
        outside_reports.asked_again(report.pk, agent, SUNDAY)
    assert not outside_reports.waiting(agent).exists()
    assert OutsideReport.objects.get().note == "أعاد المتجر المبلغ"


def test_another_body_neither_sees_nor_changes_reports(following, person):
    report = outside_reports.note(following, person("commerce"), "commercial_report", "4411223", now=SUNDAY)
    for stranger in (person("labour"), person("commerce", "auditor")):
        with pytest.raises(NotYours):
            outside_reports.note(following, stranger, "commercial_report", "5520918", now=SUNDAY)
        with pytest.raises(NotYours):
            outside_reports.settled(report.pk, stranger, "لا شيء", SUNDAY)
    assert not outside_reports.waiting(person("finance")).exists()
