"""Outside reports: a case that waits for what becomes of a report in another system, known by its number there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import get_language

from tafaul.bodies import pack
from tafaul.bodies.calendars import calendar_of
from tafaul.bodies.models import Person
from tafaul.care import cases, followup
from tafaul.care.errors import AlreadyNoted, AlreadySettled, NoNumberOf, NothingSaid, NotYours, TooManyWords
from tafaul.care.models import Case, OutsideReport
from tafaul.understanding import personal
from tafaul.understanding.normal import digits

BEHIND = 24
"""Characters before a number in which a word says that it is the number of something else."""

MOST_SUGGESTED = 3
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class System:
    """A system in which citizens report, as the pack tells of it."""

    slug: str
    name_ar: str
    name_en: str
    number: re.Pattern[str]
    not_behind: re.Pattern[str] | None
    topics: frozenset[str]
    ask_again_after: int

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_ar


@cache
def systems() -> Mapping[str, System]:
    """Return the pack's outside systems by slug."""
    found = {}
    for slug, told in pack.read("outside_systems").items():
        others = "|".join(map(re.escape, told.get("not_behind", ())))
        found[slug] = System(
            slug=slug,
            name_ar=told["ar"],
            name_en=told["en"],
            number=re.compile(rf"(?<![\w.,/:+-])(?:{told['number']})(?![\w/:-])", re.ASCII),
            not_behind=re.compile(rf"(?:{others})[^\d\n]*$", re.IGNORECASE) if others else None,
            topics=frozenset(told.get("topics", ())),
            ask_again_after=told["ask_again_after"],
        )
    return found


def name_of(slug: str) -> str:
    """Name of an outside system; the slug itself when the pack does not know it any more."""
    return systems()[slug].name if slug in systems() else slug


def usual_system(case: Case) -> str:
    """Return the system in which a case's body is reported to, or the first of the pack."""
    told = pack.bodies().get(case.body.slug, {}).get("outside_system")
    return told if told in systems() else next(iter(systems()), "")


def suggestions(case: Case) -> list[tuple[System, str]]:
    """Return numbers in a citizen's words that look like those of a report, and are not noted yet.

    They are looked for where the case's topic says that a report is meant; personal data is never one.
    """
    known = set(case.outside_reports.values_list("system", "number"))
    about = [system for system in systems().values() if case.topic in system.topics]
    if not about:
        return []
    texts = list(case.posts.order_by("written_at", "id").values_list("text", flat=True))
    found = [(system, number) for system in about for text in texts for number in _numbers(text, system)]
    return [item for item in dict.fromkeys(found) if (item[0].slug, item[1]) not in known][:MOST_SUGGESTED]


def _numbers(text: str, system: System) -> Iterator[str]:
    plain, hidden = digits(text), personal.spans(text)
    for match in system.number.finditer(plain):
        if any(span.start < match.end() and match.start() < span.end for span in hidden):
            continue
        before = plain[max(0, match.start() - BEHIND) : match.start()]
        if system.not_behind is None or not system.not_behind.search(before):
            yield match.group()


def note(
    case: Case, person: Person, system: str, number: str, reported_on: date | None = None, *, now: datetime
) -> OutsideReport:
    """Note that a case waits for a report; somebody asks again after the system's working days.

    Raises `NotYours`, `NoNumberOf`, `AlreadyNoted`, and `ValueError` for a system that the pack does not know.
    """
    if system not in systems():
        raise ValueError(f"there is no outside system «{system}»")
    if not cases.may_answer(person, case):
        raise NotYours
    told, number = systems()[system], digits(number).strip()
    if not told.number.fullmatch(number):
        raise NoNumberOf(told.name)
    try:
        with transaction.atomic():
            case = cases.locked(case)
            return OutsideReport.objects.create(
                case=case,
                system=system,
                number=number,
                reported_on=reported_on,
                noted_at=now,
                ask_again_at=followup.after_working_days(calendar_of(case.body), now, told.ask_again_after),
            )
    except IntegrityError as error:
        raise AlreadyNoted(number) from error


def waiting(person: Person) -> QuerySet[OutsideReport]:
    """Return the reports that cases of a person's bodies wait for: the latest asked after first."""
    seen = cases.visible_to(person).order_by().values("pk")
    reports = OutsideReport.objects.filter(settled_at__isnull=True, case__in=seen)
    related = ("case__body", "case__account__body")
    return reports.select_related(*related).order_by(F("ask_again_at").asc(nulls_last=True), "pk")


def asked_again(report_id: int, person: Person, now: datetime) -> Case:
    """Note that somebody asked after a report: the next time is due after as many working days again.

    Raises `NotYours` and `AlreadySettled`.
    """
    with transaction.atomic():
        report = _open(report_id, person)
        days = systems()[report.system].ask_again_after if report.system in systems() else 1
        report.ask_again_at = followup.after_working_days(calendar_of(report.case.body), now, days)
        report.save(update_fields=["ask_again_at"])
    return report.case


def settled(report_id: int, person: Person, came_of: str, now: datetime) -> Case:
    """Note what came of a report. Raises `NotYours`, `NothingSaid`, `TooManyWords` and `AlreadySettled`."""
    came_of = came_of.strip()
    if not came_of:
        raise NothingSaid
    if len(came_of) > LONGEST_NOTE:
        raise TooManyWords(LONGEST_NOTE)
    with transaction.atomic():
        report = _open(report_id, person)
        report.settled_at, report.note, report.ask_again_at = now, came_of, None
        report.save(update_fields=["settled_at", "note", "ask_again_at"])
    return report.case


def _open(report_id: int, person: Person) -> OutsideReport:
    """Return a report that waits, its case and itself locked."""
    of_report = Case.objects.filter(outside_reports=report_id).only("pk").first()
    if of_report is None:
        raise NotYours
    found = cases.locked(of_report)
    cases.require(person, found)
    report = OutsideReport.objects.select_for_update(no_key=True).get(pk=report_id)
    if report.settled_at is not None:
        raise AlreadySettled
    report.case = found
    return report
