"""The working time of bodies.

Hours are those of the body itself or of the nearest one above it that has some, else the country's usual ones; in
Ramadan those for Ramadan. The country's holidays (Eid by the Umm al-Qura calendar) are days off, and so are those
that a body or one above it adds; it may also take one back. The nearest body that speaks of a day decides.

Ramadan is known from 1924 to 2077 and Eid to 2100; beyond, every day is a usual day, so that no clock stops.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language, gettext
from hijridate import Hijri
from holidays import country_holidays

from tafaul.bodies import pack, tree
from tafaul.bodies.errors import DaySaidAlready, NoWorkingHours, OverlappingHours, ReversedHours, WorkedAnyway
from tafaul.bodies.models import Body, DayOff, Person, Season, WorkingHours

MIDNIGHT = time(0)
A_DAY = timedelta(days=1)
NO_TIME = timedelta()


class Stretch(NamedTuple):
    """A time of work on a weekday (0 is Monday), by the clock of Riyadh; one that closes at 00:00 ends the day."""

    weekday: int
    opens: time
    closes: time


class _Year(NamedTuple):
    """The stretches of a year, in UTC: where each begins and ends, and how much work lies before it."""

    begins: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    total: timedelta


@dataclass(frozen=True)
class Calendar:
    """When a body works. Moments are aware and come out in UTC. Raises `NoWorkingHours` when it never does."""

    usual: tuple[Stretch, ...]
    ramadan: tuple[Stretch, ...]
    country: str
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.usual or not self.ramadan:
            raise NoWorkingHours

    def after(self, moment: datetime, worked: timedelta) -> datetime:
        """Return the first moment by which so much was worked since `moment`; `moment` itself when it is nothing.

        Raises `ValueError` for less than nothing.
        """
        if worked < NO_TIME:
            raise ValueError(worked)
        if not worked:
            return moment.astimezone(UTC)
        number = _year_of(moment)
        year = self._year(number)
        left = worked + _done(year, moment)
        while left > year.total:
            left -= year.total
            number += 1
            year = self._year(number)
        at = bisect_left(year.before, left) - 1
        return year.begins[at] + (left - year.before[at])

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """Return the time worked from `begin` to `end`: below nothing when `end` comes first."""
        if end < begin:
            return -self.between(end, begin)
        first, last = _year_of(begin), _year_of(end)
        whole = sum((self._year(number).total for number in range(first, last)), NO_TIME)
        return whole + _done(self._year(last), end) - _done(self._year(first), begin)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the body works at a moment; no longer at the very moment when it closes."""
        year = self._year(_year_of(moment))
        at = bisect_right(year.begins, moment) - 1
        return at >= 0 and moment < year.ends[at]

    def next_opening(self, moment: datetime) -> datetime:
        """Return the first moment from `moment` on at which the body works: `moment` itself while it does."""
        if self.is_open(moment):
            return moment.astimezone(UTC)
        number = _year_of(moment)
        while (at := bisect_left(self._year(number).begins, moment)) == len(self._year(number).begins):
            number += 1
        return self._year(number).begins[at]

    def is_off(self, day: date) -> bool:
        """Tell whether a day is off: said by the tree of the body, or a holiday that nobody took back."""
        return day in self.off or (day not in self.worked and day in holidays(self.country, day.year))

    def hours_on(self, day: date) -> list[Stretch]:
        """Return the hours that a day has by its weekday and season, were it not off."""
        season = self.ramadan if day in days_of_ramadan(day.year) else self.usual
        return [stretch for stretch in season if stretch.weekday == day.weekday()]

    def _year(self, number: int) -> _Year:
        if number not in self._years:
            self._years[number] = _laid_out(self._stretches(number))
        return self._years[number]

    def _stretches(self, number: int) -> Iterator[tuple[datetime, datetime]]:
        zone, day = get_default_timezone(), date(number, 1, 1)
        while day.year == number:
            for _weekday, opens, closes in () if self.is_off(day) else self.hours_on(day):
                last = day + A_DAY if closes == MIDNIGHT else day
                yield (
                    datetime.combine(day, opens, zone).astimezone(UTC),
                    datetime.combine(last, closes, zone).astimezone(UTC),
                )
            day += A_DAY


def _laid_out(stretches: Iterator[tuple[datetime, datetime]]) -> _Year:
    year, total = _Year([], [], [], NO_TIME), NO_TIME
    for begin, end in stretches:
        year.begins.append(begin)
        year.ends.append(end)
        year.before.append(total)
        total += end - begin
    return year._replace(total=total)


def _year_of(moment: datetime) -> int:
    return moment.astimezone(get_default_timezone()).year


def _done(year: _Year, moment: datetime) -> timedelta:
    """Return how much of a year's work is done by a moment in it."""
    at = bisect_right(year.begins, moment) - 1
    return year.before[at] + min(moment, year.ends[at]) - year.begins[at] if at >= 0 else NO_TIME


@cache
def _holidays(country: str, year: int, language: str) -> Mapping[date, str]:
    return dict(country_holidays(country, years=year, language=language))


def holidays(country: str, year: int) -> Mapping[date, str]:
    """Return a country's holidays of a year with names in the reader's language; none where none are known."""
    return _holidays(country, year, "ar" if get_language() == "ar" else "en_US")


@cache
def days_of_ramadan(year: int) -> frozenset[date]:
    """Return the days of a Gregorian year that lie in Ramadan; none where it is not known."""
    days: set[date] = set()
    about = (year - 622) * 33 // 32
    for hijri_year in range(about - 1, about + 3):
        try:
            begin = Hijri(hijri_year, 9, 1)
        except OverflowError:
            continue
        first = date(*begin.to_gregorian().datetuple())
        days.update(first + number * A_DAY for number in range(begin.month_length()))
    return frozenset(day for day in days if day.year == year)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a season that hold for a body, and which body gave them; None: usual in the country."""

    season: Season
    stretches: tuple[Stretch, ...]
    source: Body | None


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A holiday or day off, perhaps worked all the same, and which body spoke of it; None: the country."""

    day: date
    name: str
    source: Body | None
    is_worked: bool


def calendar_of(body: Body) -> Calendar:
    """Return the working time of a body.

    Reads three small tables each time, so that no process works by what was changed elsewhere; what is reckoned
    from them is kept.
    """
    return calendars_of(tree.lines_of([body.pk]))[body.pk]


def calendars_of(lines: Mapping[int, Sequence[Body]]) -> dict[int, Calendar]:
    """Return the working time of several bodies, given with those above them as `tree.lines_of` does."""
    concerned = {body.pk for line in lines.values() for body in line}
    hours = list(WorkingHours.objects.filter(body__in=concerned))
    days = list(DayOff.objects.filter(body__in=concerned))
    return {body: _calendar_by(line, hours, days) for body, line in lines.items()}


def _calendar_by(line: Sequence[Body], hours: Sequence[WorkingHours], days: Sequence[DayOff]) -> Calendar:
    said = _said_of_days(line, days)
    return _calendar(
        *(told.stretches for told in _hours(line, hours).values()),
        pack.read("calendar")["country"],
        off=frozenset(day for day, told in said.items() if not told.is_worked),
        worked=frozenset(day for day, told in said.items() if told.is_worked),
    )


_calendar = lru_cache(maxsize=512)(Calendar)


def hours_of(body: Body) -> Mapping[Season, Hours]:
    """Return the hours of each season that hold for a body."""
    line = tree.line_of(body)
    return _hours(line, WorkingHours.objects.filter(body__in=line))


def source_name(hours: Hours, body: Body) -> str:
    """Say whose hours a body keeps, in the reader's language."""
    if hours.source is None:
        return gettext("Usual in the country")
    if hours.source == body:
        return gettext("Its own")
    return gettext("From above: %(body)s") % {"body": hours.source}


def special_days(body: Body, first: date, last: date) -> list[SpecialDay]:
    """Return the holidays and days off of a body from one day to another, both included, in their order."""
    country = pack.read("calendar")["country"]
    named = {
        day: name for year in range(first.year, last.year + 1) for day, name in holidays(country, year).items()
    }
    days = {day: SpecialDay(day, name, None, is_worked=False) for day, name in named.items()}
    line = tree.line_of(body)
    for day, told in _said_of_days(line, DayOff.objects.filter(body__in=line).select_related("body")).items():
        days[day] = SpecialDay(day, told.name or named.get(day, ""), told.body, told.is_worked)
    return [days[day] for day in sorted(days) if first <= day <= last]


def set_hours(body: Body, person: Person, season: Season, rows: Collection[Stretch]) -> None:
    """Give a body hours of its own for a season, in place of those that it had.

    Raises `NotAdministrator`, `NoWorkingHours`, `ReversedHours` and `OverlappingHours`.
    """
    tree.require_administrator(person, body)
    stretches = _checked(rows)
    with transaction.atomic():
        _own_hours(body, season).delete()
        WorkingHours.objects.bulk_create(
            WorkingHours(body=body, season=season, **stretch._asdict()) for stretch in stretches
        )


def inherit_hours(body: Body, person: Person, season: Season) -> None:
    """Take a body's own hours of a season away: it keeps those from above again. Raises `NotAdministrator`."""
    tree.require_administrator(person, body)
    with transaction.atomic():
        _own_hours(body, season).delete()


def add_day_off(body: Body, person: Person, day: date, name: str = "", *, is_worked: bool = False) -> DayOff:
    """Add a day off, or with `is_worked` take one back that the country or a body above gave.

    Raises `NotAdministrator`, `DaySaidAlready`, and `WorkedAnyway` when there is nothing to take back.
    """
    tree.require_administrator(person, body)
    calendar = calendar_of(body)
    said = body.days_off.filter(day=day).exists()
    if is_worked and not said and not (calendar.is_off(day) and calendar.hours_on(day)):
        raise WorkedAnyway(day)
    told, created = DayOff.objects.get_or_create(
        body=body, day=day, defaults={"name": name.strip(), "is_worked": is_worked}
    )
    if not created:
        raise DaySaidAlready(day)
    return told


def remove_day_off(body: Body, person: Person, day: date) -> None:
    """Take back what a body itself said of a day. Raises `NotAdministrator`."""
    tree.require_administrator(person, body)
    body.days_off.filter(day=day).delete()


def _own_hours(body: Body, season: Season) -> QuerySet[WorkingHours]:
    """Return a body's own hours; the body stays locked, so that two changes at once do not mix."""
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    return WorkingHours.objects.filter(body=body, season=season)


def _checked(rows: Collection[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in their order. Raises what is wrong with them."""
    stretches = tuple(sorted(rows))
    if not stretches:
        raise NoWorkingHours
    for stretch in stretches:
        if stretch.closes != MIDNIGHT and stretch.opens >= stretch.closes:
            raise ReversedHours(stretch)
    for first, second in pairwise(stretches):
        if first.weekday == second.weekday and (first.closes == MIDNIGHT or second.opens < first.closes):
            raise OverlappingHours(first, second)
    return stretches


def _hours(line: Sequence[Body], rows: Iterable[WorkingHours]) -> Mapping[Season, Hours]:
    """Return the hours of each season from the nearest body of a line that has some, else the country's."""
    found: dict[tuple[str, int], list[Stretch]] = {}
    for row in rows:
        found.setdefault((row.season, row.body_id), []).append(Stretch(row.weekday, row.opens, row.closes))
    hours = {}
    for season in Season:
        source = next((body for body in line if (season, body.pk) in found), None)
        stretches = sorted(found[season, source.pk]) if source else _usual(season)
        hours[season] = Hours(season, tuple(stretches), source)
    return hours


def _usual(season: Season) -> list[Stretch]:
    told = pack.read("calendar")["hours"][season.value]
    opens, closes = time.fromisoformat(told["opens"]), time.fromisoformat(told["closes"])
    return sorted(Stretch(weekday, opens, closes) for weekday in told["days"])


def _said_of_days(line: Sequence[Body], rows: Iterable[DayOff]) -> Mapping[date, DayOff]:
    """Return what the nearest body of a line says of each day that one of them speaks of."""
    nearest = {body.pk: distance for distance, body in enumerate(line)}
    said = [row for row in rows if row.body_id in nearest]
    return {row.day: row for row in sorted(said, key=lambda row: -nearest[row.body_id])}
