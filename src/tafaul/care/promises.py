"""Promises: how much working time a body gives itself for a first reply, an acceptance and a resolution."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tafaul.bodies import access
from tafaul.bodies.models import Body, Person
from tafaul.care import clocks
from tafaul.care.errors import ImpossiblePromise, NotYours
from tafaul.care.models import Case, Kind, Promise, Promised
from tafaul.care.working_time import WorkingTime
from tafaul.channels import CHANNELS

LONGEST = 2000
"""Hours of work: about a year."""


@dataclass(frozen=True, slots=True)
class Told:
    """For what a person promises something. Raises `ValueError` for what there is not; empty fits everything."""

    what: str
    kind: str = ""
    urgency: int | None = None
    channel: str = ""

    @property
    def fits(self) -> dict[str, Any]:
        """What is told, by the names of a promise's fields."""
        return asdict(self)

    def __post_init__(self) -> None:
        if (
            self.what not in Promised.values
            or self.kind not in ("", *Kind.values)
            or self.urgency not in (None, *Case.Urgency.values)
            or self.channel not in ("", *CHANNELS)
        ):
            raise ValueError(f"nothing can be promised for {self}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A promise that decides for some cases of a body, whose it is (None: the country's), and by when it would be
    kept for what is written now."""

    promise: Promise
    source: Body | None
    due_at: datetime


def make(body: Body, person: Person, told: Told, working_time: timedelta) -> Promise:
    """Promise so much working time; what was promised for the same before is replaced. Running clocks follow.

    Raises `NotYours` and `ImpossiblePromise`.
    """
    _require(person, body)
    if not timedelta(minutes=1) <= working_time <= timedelta(hours=LONGEST):
        raise ImpossiblePromise(LONGEST)
    with transaction.atomic():
        promise, _created = Promise.objects.update_or_create(
            body=body, **told.fits, defaults={"working_time": working_time}
        )
        clocks.recompute(body)
    return promise


def take_back(promise: Promise, person: Person) -> None:
    """Take a body's own promise back: what those above it promise holds again. Raises `NotYours`."""
    _require(person, promise.body)
    with transaction.atomic():
        Promise.objects.filter(pk=promise.pk).delete()
        clocks.recompute(promise.body)


def shown(body: Body, now: datetime) -> list[Shown]:
    """Return the promises that decide for a body, its own and those from above, the most general first."""
    time = WorkingTime([body.pk])
    calendar = time.calendars[body.pk]
    sources = {above.pk: above for above in time.lines[body.pk]}
    return [
        Shown(promise, sources.get(promise.body_id), calendar.after(now, promise.working_time))
        for promise in time.in_use(body.pk)
    ]


def _require(person: Person, body: Body) -> None:
    if not access.led_by(person).filter(pk=body.pk).exists():
        raise NotYours
