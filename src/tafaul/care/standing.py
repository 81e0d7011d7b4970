"""How promises stand at a moment, for those who look: on a case, in a list, and on the board of those who lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet

from tafaul.bodies.models import Body
from tafaul.care import clockwork
from tafaul.care.models import Case, Clock, Promised
from tafaul.care.working_time import WorkingTime

NO_TIME = timedelta()
AN_HOUR = timedelta(hours=1)
LATEST = 10
PERIODS = (7, 30)
"""Days over which it is told how many promises were kept."""


class How(StrEnum):
    """How a clock stands."""

    RUNS = "runs"
    NEAR = "near"
    LATE = "late"
    RESTS = "rests"
    MET = "met"
    BROKEN = "broken"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock at a moment. Times are working time; `left` is below nothing when it is late."""

    clock: Clock
    how: How
    left: timedelta

    @property
    def elapsed(self) -> timedelta:
        """How much of the promised time is over."""
        return self.clock.promised - self.left

    @property
    def late_by(self) -> timedelta:
        """How much working time it is late; nothing when it is not."""
        return max(-self.left, NO_TIME)

    @property
    def share(self) -> int:
        """How much of the promised time is over, in per cent, a hundred at most."""
        return min(max(int(self.elapsed / self.clock.promised * 100), 0), 100)


def of(case: Case, now: datetime) -> list[Standing]:
    """Return how all clocks of a case stand: those that run, the most pressing first, then the latest."""
    clocks = list(case.clocks.select_related("body").order_by("-started_at", "-pk"))
    time = WorkingTime({clock.body_id for clock in clocks})
    stand = [_standing(clock, time, now) for clock in clocks]
    return sorted(stand, key=lambda one: (one.clock.ended_at is not None, one.how == How.RESTS, _due(one)))


def _due(standing: Standing) -> timedelta:
    """Order those that run by what is left of them."""
    return NO_TIME if standing.clock.ended_at else standing.left


def pressing(cases: Iterable[Case], now: datetime) -> dict[int, Standing]:
    """Return, by case, how the clock stands that is due next, of those that run; always with five questions."""
    running = Clock.objects.filter(case__in=[case.pk for case in cases], ended_at=None, due_at__isnull=False)
    first = list(running.order_by("case_id", "due_at").distinct("case_id"))
    time = WorkingTime({clock.body_id for clock in first})
    return {clock.case_id: _standing(clock, time, now) for clock in first}


def _standing(clock: Clock, time: WorkingTime, now: datetime) -> Standing:
    calendar = time.calendars[clock.body_id]
    left = clockwork.time_left(clock, calendar, clock.ended_at or now)
    return Standing(clock, _how(clock, left), left)


def _how(clock: Clock, left: timedelta) -> How:
    if clock.ended_at is not None:
        return How.DROPPED if clock.was_met is None else How.MET if clock.was_met else How.BROKEN
    if clock.paused_at is not None:
        return How.RESTS
    if left < NO_TIME or clock.breached_at is not None:
        return How.LATE
    return How.NEAR if left <= clock.promised / 4 else How.RUNS


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises of a sort were decided in some days, and how many of them were kept."""

    decided: int = 0
    kept: int = 0

    @property
    def share(self) -> int | None:
        """The share that was kept, in per cent, rounded down; None when nothing was decided."""
        return self.kept * 100 // self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Row:
    """A body on the board: its cases, its clocks, and by promise what it kept over each of the periods."""

    body: Body
    open: int
    waiting: int
    late: int
    soon: int
    kept: Mapping[str, Sequence[Kept]]


def board(bodies: Iterable[Body], now: datetime) -> list[Row]:
    """Return how bodies stand, each with what is in it alone, in the order given; with three questions."""
    bodies = list(bodies)
    cases = _by_body(
        Case.objects.filter(body__in=bodies).exclude(state=Case.State.CLOSED),
        open=Count("pk"),
        waiting=Count("pk", filter=Q(state=Case.State.OPEN)),
    )
    clocks = _by_body(
        Clock.objects.filter(body__in=bodies, ended_at=None, due_at__lte=now + AN_HOUR),
        late=Count("case", distinct=True, filter=Q(due_at__lte=now)),
        soon=Count("case", distinct=True, filter=Q(due_at__gt=now)),
    )
    kept, nothing = _kept(bodies, now), {what.value: [Kept()] * len(PERIODS) for what in Promised}
    return [
        Row(
            body,
            **cases.get(body.pk, {"open": 0, "waiting": 0}),
            **clocks.get(body.pk, {"late": 0, "soon": 0}),
            kept={**nothing, **kept.get(body.pk, {})},
        )
        for body in bodies
    ]


def _by_body(found: QuerySet[Case] | QuerySet[Clock], **counted: Count) -> dict[int, dict[str, int]]:
    rows: Iterable[Any] = found.order_by().values("body_id").annotate(**counted)
    return {row.pop("body_id"): row for row in rows}


def _kept(bodies: Sequence[Body], now: datetime) -> dict[int, dict[str, list[Kept]]]:
    """A promise is decided when it is kept, or at the moment when it breaks, fulfilled later or not."""
    counted, longest = {}, now - timedelta(days=max(PERIODS))
    for days in PERIODS:
        since = now - timedelta(days=days)
        counted[f"kept_{days}"] = Count("pk", filter=Q(was_met=True, ended_at__gt=since))
        counted[f"broken_{days}"] = Count("pk", filter=_BROKEN & Q(breached_at__gt=since))
    decided = Clock.objects.filter(
        Q(ended_at__gt=longest) | Q(ended_at=None, breached_at__gt=longest), body__in=bodies
    )
    found: dict[int, dict[str, list[Kept]]] = {}
    rows: Iterable[Any] = decided.order_by().values("body_id", "what").annotate(**counted)
    for row in rows:
        pairs = [(row[f"kept_{days}"], row[f"broken_{days}"]) for days in PERIODS]
        found.setdefault(row["body_id"], {})[row["what"]] = [Kept(kept + broken, kept) for kept, broken in pairs]
    return found


_BROKEN = Q(breached_at__isnull=False) & (Q(was_met=False) | Q(ended_at=None))
"""What was dropped after it broke does not count."""


def latest(bodies: Iterable[Body], now: datetime) -> list[Standing]:
    """Return the clocks of bodies that are late the longest, with their cases."""
    late = Clock.objects.filter(body__in=list(bodies), ended_at=None, due_at__lte=now).order_by("due_at")
    related = late.select_related("case__body", "case__assignee", "body").defer("case__search")
    clocks = list(related[:LATEST])
    time = WorkingTime({clock.body_id for clock in clocks})
    return [_standing(clock, time, now) for clock in clocks]
