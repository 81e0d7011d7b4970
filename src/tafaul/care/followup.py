"""Reminders: a person wants to hear of a case again, and hears of it when it is time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.calendars import Calendar, calendar_of
from tafaul.bodies.models import Body, Person
from tafaul.care import cases, notices
from tafaul.care.errors import NotAhead, NotYours, TooManyWords
from tafaul.care.models import Case, Notice, Reminder

MORNING = time(8)
"""When a day begins on which the body does not work."""

A_DAY = timedelta(days=1)
LONGEST_NOTE = 500
BATCH = 200


class When(TextChoices):
    """The times that a person can choose with one click."""

    IN_TWO_HOURS = "in_two_hours", _("In two hours")
    TOMORROW = "tomorrow", _("Tomorrow morning")
    WORKING_DAY = "working_day", _("Next working day")
    ON_DAY = "on_day", _("On a day of my choice")


def moment(when: str, body: Body, now: datetime, day: date | None = None) -> datetime:
    """Return the time (UTC) that a choice means for a body: a day's opening where it works on that day.

    Raises `NotAhead` for a day that is over or not said, and `NoWorkingHours`.
    """
    if when == When.IN_TWO_HOURS:
        return now + timedelta(hours=2)
    calendar, today = calendar_of(body), localdate(now)
    if when == When.WORKING_DAY:
        return after_working_days(calendar, now, 1)
    if when == When.TOMORROW:
        return _morning(calendar, today + A_DAY)
    if day is None or not today < day < date.max:
        raise NotAhead
    return _morning(calendar, day)


def after_working_days(calendar: Calendar, now: datetime, days: int) -> datetime:
    """Return when the body opens on the working day that comes so many working days after today (UTC)."""
    for _turn in range(days):
        now = calendar.next_opening(_begin_of(localdate(now) + A_DAY))
    return now


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(0), get_default_timezone())


def _morning(calendar: Calendar, day: date) -> datetime:
    opening = calendar.next_opening(_begin_of(day))
    return opening if localdate(opening) == day else datetime.combine(day, MORNING, get_default_timezone())


def remind(case: Case, person: Person, due_at: datetime, note: str = "", *, now: datetime) -> Reminder:
    """Remind a person of a case at a time. Raises `NotYours`, `NotAhead` and `TooManyWords`."""
    note = note.strip()
    if not cases.may_answer(person, case):
        raise NotYours
    if due_at <= now:
        raise NotAhead
    if len(note) > LONGEST_NOTE:
        raise TooManyWords(LONGEST_NOTE)
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        return Reminder.objects.create(case=case, person=person, due_at=due_at, note=note)


def reminders_of(person: Person) -> QuerySet[Reminder]:
    """Return what a person is still to be reminded of, or has not done, the earliest first."""
    seen = cases.visible_to(person).order_by().values("pk")
    reminders = Reminder.objects.filter(person=person, done_at__isnull=True, case__in=seen)
    return reminders.select_related("case").order_by("due_at", "pk")


def done(reminder_id: int, person: Person, now: datetime) -> Case:
    """Tick a reminder off, however often, and return its case. Raises `NotYours`."""
    reminder = Reminder.objects.select_related("case").filter(pk=reminder_id, person=person).first()
    if reminder is None:
        raise NotYours
    Reminder.objects.filter(pk=reminder_id, done_at__isnull=True).update(done_at=now)
    return reminder.case


def tell_due(now: datetime) -> int:
    """Tell people of their reminders that are due, each once, and return how many were due.

    Several workers may do so at once; what is told and that it was told are stored together.
    """
    with transaction.atomic():
        waiting = Reminder.objects.filter(told_at__isnull=True, done_at__isnull=True, due_at__lte=now)
        locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("person", "case")
        due = list(locked.order_by("due_at", "pk")[:BATCH])
        for reminder in due:
            if cases.visible_to(reminder.person).filter(pk=reminder.case_id).exists():
                notices.tell([reminder.person], reminder.case, Notice.What.REMINDED)
        Reminder.objects.filter(pk__in=[reminder.pk for reminder in due]).update(told_at=now)
    return len(due)
