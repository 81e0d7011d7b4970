"""The page of a body's calendar: its hours as bars, the coming holidays, days off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafaul.bodies import access, calendars, pack
from tafaul.bodies.calendars import Hours, Stretch
from tafaul.bodies.errors import BodiesError, DaySaidAlready, WorkedAnyway
from tafaul.bodies.models import Body, Season
from tafaul.care import clocks
from tafaul.desk.people import DeskRequest, at_the_desk

AHEAD = timedelta(days=365)
A_DAY = 1440
"""Minutes; the width of a day's bar."""
DAYS = "days-off"
"""The part of the page that tells of days, and its messages."""

Row = tuple[str, str, str]
"""A stretch as it is typed: its weekday, when it opens and closes."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week with its hours, and what stands in the fields that change them."""

    weekday: int
    name: str
    stretches: Sequence[Stretch]
    typed: Sequence[tuple[str, str]]

    @property
    def times(self) -> list[str]:
        """The stretches in words; the day ends at 24:00."""
        return [
            f"{opens:%H:%M}–{f'{closes:%H:%M}' if _minute(closes) else '24:00'}"
            for _day, opens, closes in self.stretches
        ]

    @property
    def bars(self) -> list[tuple[int, int]]:
        """Where each stretch begins, and how long it is."""
        marks = [(_minute(item.opens), _minute(item.closes) or A_DAY) for item in self.stretches]
        return [(opens, closes - opens) for opens, closes in marks]


def _minute(of: time) -> int:
    return of.hour * 60 + of.minute


def _week(hours: Hours, typed: Sequence[Row] | None) -> list[Day]:
    """Return the days of a week in the order of the country."""
    first = pack.read("calendar")["week_begins"]
    days = []
    for number in range(first, first + 7):
        weekday = number % 7
        stretches = [item for item in hours.stretches if item.weekday == weekday]
        told = [(f"{item.opens:%H:%M}", f"{item.closes:%H:%M}") for item in stretches]
        if typed is not None:
            told = [(opens, closes) for day, opens, closes in typed if day == str(weekday)]
        days.append(Day(weekday, str(WEEKDAYS[weekday]), stretches, told))
    return days


def _season(body: Body, hours: Hours, typed: Sequence[Row] | None, why: str) -> dict[str, Any]:
    return {
        "season": hours.season,
        "days": _week(hours, typed),
        "why": why,
        "source": calendars.source_name(hours, body),
        "is_own": hours.source == body,
    }


def _page(
    request: DeskRequest, body: Body, typed: Mapping[str, Sequence[Row]] = {}, why: str = ""
) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    calendar = calendars.calendar_of(body)
    coming = calendars.special_days(body, today, today + AHEAD)
    days = [
        {"told": told, "is_own": told.source == body, "may_work": bool(calendar.hours_on(told.day))}
        for told in coming
    ]
    return {
        "body": body,
        "may_change": access.administered_by(request.user).filter(pk=body.pk).exists(),
        "is_open": calendar.is_open(now),
        "opens_at": calendar.next_opening(now),
        "seasons": [
            _season(body, hours, typed.get(season), why if season in typed else "")
            for season, hours in calendars.hours_of(body).items()
        ],
        "ramadan": _next_ramadan(today),
        "days": days,
        "today": today,
    }


def _next_ramadan(today: date) -> tuple[date, date] | None:
    """Return the first and the last day of the Ramadan that is or comes next, when it is known."""
    known = sorted(calendars.days_of_ramadan(today.year) | calendars.days_of_ramadan(today.year + 1))
    rest = [day for day in known if day >= today]
    if not rest:
        return None
    last = next(day for day in rest if day + timedelta(days=1) not in known)
    return max(day for day in known if day <= last and day - timedelta(days=1) not in known), last


@at_the_desk
def calendar(request: DeskRequest, slug: str) -> HttpResponse:
    """When a body works."""
    body = get_object_or_404(access.seen_by(request.user), slug=slug)
    return render(request, "desk/calendar.html", _page(request, body))


@require_POST
@at_the_desk
def hours(request: DeskRequest, slug: str, season: str) -> HttpResponse:
    """Give a body hours of its own for a season, or take them away; what can't be is shown as it was typed."""
    body = get_object_or_404(access.seen_by(request.user), slug=slug)
    if season not in Season.values:
        return HttpResponse(status=404)
    if "inherit" in request.POST:
        with transaction.atomic():
            calendars.inherit_hours(body, request.user, Season(season))
            clocks.recompute(body)
        return redirect("calendar", slug=slug)
    typed = _typed(request)
    try:
        with transaction.atomic():
            calendars.set_hours(body, request.user, Season(season), [_stretch(*row) for row in typed])
            clocks.recompute(body)
    except (BodiesError, ValueError) as error:
        why = str(error) if isinstance(error, BodiesError) else _("Give each stretch both its times.")
        return render(request, "desk/calendar.html", _page(request, body, {season: typed}, why), status=409)
    messages.success(request, _("The hours are saved."))
    return redirect("calendar", slug=slug)


def _typed(request: DeskRequest) -> list[Row]:
    """Return the stretches as they were typed; those without any time are left out."""
    columns = (request.POST.getlist(name) for name in ("weekday", "opens", "closes"))
    return [row for row in zip(*columns, strict=False) if row[1] or row[2]]


def _stretch(weekday: str, opens: str, closes: str) -> Stretch:
    """Return a stretch as it was typed. Raises `ValueError` for what is no time or no day of the week."""
    if weekday not in set("0123456"):
        raise ValueError(weekday)
    return Stretch(int(weekday), _time(opens), _time(closes))


def _time(typed: str) -> time:
    return datetime.strptime(typed, "%H:%M").time()


class DayForm(forms.Form):
    """What is said of a day."""

    day = forms.DateField()
    name = forms.CharField(required=False, max_length=100)
    is_worked = forms.BooleanField(required=False)


@require_POST
@at_the_desk
def day_off(request: DeskRequest, slug: str) -> HttpResponse:
    """Add a day off, take one back, or remove what was said of a day."""
    body = get_object_or_404(access.seen_by(request.user), slug=slug)
    form = DayForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Choose a day."), extra_tags=DAYS)
        else:
            with transaction.atomic():
                if "remove" in request.POST:
                    calendars.remove_day_off(body, request.user, form.cleaned_data["day"])
                else:
                    calendars.add_day_off(body, request.user, **form.cleaned_data)
                clocks.recompute(body)
    except (DaySaidAlready, WorkedAnyway) as error:
        messages.error(request, str(error), extra_tags=DAYS)
    return redirect(f"{reverse('calendar', args=[slug])}#{DAYS}")
