"""Priority: which case is looked at first, from 0 (at once) to 4 (last), and why, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafaul.care.models import Case, Clock, Kind

AT_ONCE, LAST = 0, 4
BEFORE_OTHERS = 1
"""The first level of what is not urgent: nothing stands before a danger."""

WROTE_AGAIN, WROTE_AND_WROTE = 2, 5
"""Posts of somebody who waits, from which on a case is looked at sooner, and sooner again."""


class Late(IntEnum):
    """How a case stands by its promises."""

    NOT = 0
    NEARLY = 1
    BROKEN = 2


def level(*, urgency: int, kind: str, repeats: int, late: int) -> int:
    """Return the priority of a case: 0 first to 4 last."""
    if urgency == Case.Urgency.URGENT:
        return AT_ONCE
    steps = _by_kind(urgency, kind) - _by_repeats(urgency, repeats) - late
    return min(max(steps, BEFORE_OTHERS), LAST)


def _by_kind(urgency: int, kind: str) -> int:
    if urgency == Case.Urgency.LOW:
        return LAST
    return {Kind.COMPLAINT.value: 2, Kind.INQUIRY.value: 3}.get(kind, LAST)


def _by_repeats(urgency: int, repeats: int) -> int:
    if urgency == Case.Urgency.LOW:
        return 0
    return (repeats >= WROTE_AGAIN) + (repeats >= WROTE_AND_WROTE)


def name(of_level: int) -> str:
    """Return the name of a level in the reader's language."""
    return (_("At once"), _("High"), _("Raised"), _("Usual"), _("Can wait"))[of_level]


def reasons(case: Case, late: int) -> list[str]:
    """Return why a case has its priority, in the reader's language, what weighs most first."""
    return list(_reasons(case, late))


def _reasons(case: Case, late: int) -> Iterator[str]:
    if case.urgency == Case.Urgency.URGENT:
        yield _("Urgent: %(why)s") % {"why": case.urgent_because} if case.urgent_because else _("Urgent")
        return
    if late:
        yield _("A promise was broken") if late == Late.BROKEN else _("A promise is about to break")
    if _by_repeats(case.urgency, case.repeats):
        yield ngettext(
            "The citizen wrote again %(count)d time while waiting",
            "The citizen wrote again %(count)d times while waiting",
            case.repeats,
        ) % {"count": case.repeats}
    yield _("Nothing in it presses") if case.urgency == Case.Urgency.LOW else str(Kind(case.kind).label)


def late() -> models.Case:
    """Return the expression that tells of a case in a query how it stands by the promises that run."""
    running = Clock.objects.filter(case=OuterRef("pk"), ended_at__isnull=True)
    return models.Case(
        When(Exists(running.filter(breached_at__isnull=False)), then=Value(Late.BROKEN.value)),
        When(Exists(running.filter(warned_at__isnull=False)), then=Value(Late.NEARLY.value)),
        default=Value(Late.NOT.value),
    )


def late_of(case: Case) -> Late:
    """Return how a stored case stands by its promises."""
    return Late(Case.objects.annotate(late=late()).values_list("late", flat=True).get(pk=case.pk))


def judge(case: Case, late: int) -> None:
    """Set the priority of a case that is not stored yet, or is stored by the caller."""
    case.priority = level(urgency=case.urgency, kind=case.kind, repeats=case.repeats, late=late)


def recompute(numbers: Iterable[int]) -> None:
    """Set the priority of stored cases anew, by their ids: a promise was warned of, broken or kept.

    The cases are locked, in the order of their ids, until the transaction ends.
    """
    with transaction.atomic():
        found = Case.objects.filter(pk__in=list(numbers)).order_by("pk").select_for_update(no_key=True)
        kept = {case.pk: case for case in found.only("urgency", "kind", "repeats", "priority")}
        lateness = Case.objects.filter(pk__in=kept).annotate(late=late()).values_list("pk", "late")
        changed: dict[int, list[int]] = {}
        for number, how_late in lateness:
            case, before = kept[number], kept[number].priority
            judge(case, how_late)
            if case.priority != before:
                changed.setdefault(case.priority, []).append(number)
        for priority, of_level in changed.items():
            Case.objects.filter(pk__in=of_level).update(priority=priority)
