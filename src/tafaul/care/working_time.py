"""When bodies work and what they promise in that time, read once for any number of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from tafaul.bodies import calendars, pack, tree
from tafaul.bodies.calendars import Calendar
from tafaul.bodies.models import Body
from tafaul.care.models import Case, Promise, Promised


class Concern(NamedTuple):
    """What of a case a promise may depend on."""

    kind: str
    urgency: int
    channel: str


class WorkingTime:
    """The calendars and promises of some bodies, and those above them. Reads four small tables when it is made."""

    def __init__(self, bodies: Iterable[int]) -> None:
        self.lines: Mapping[int, Sequence[Body]] = tree.lines_of(bodies)
        self.calendars: Mapping[int, Calendar] = calendars.calendars_of(self.lines)
        self._made: dict[int | None, list[Promise]] = {None: of_the_country()}
        concerned = {body.pk for line in self.lines.values() for body in line}
        for promise in Promise.objects.filter(body__in=concerned):
            self._made.setdefault(promise.body_id, []).append(promise)
        self._deciding: dict[tuple[int, str, Concern], Promise | None] = {}

    def promise(self, body: int, what: str, concern: Concern) -> Promise | None:
        """Return the promise that decides for a body (its id), or None when nothing is promised.

        The nearest body of the line that promises something for such a case decides, then the country; of its
        promises the one that says most.
        """
        key = (body, what, concern)
        if key not in self._deciding:
            self._deciding[key] = next(filter(None, (_best(made, *key[1:]) for made in self._line(body))), None)
        return self._deciding[key]

    def in_use(self, body: int) -> list[Promise]:
        """Return the promises that decide for some case of a body, those that say least first."""
        found: list[Promise] = []
        for made in self._line(body):
            nearer = tuple(found)
            found += [promise for promise in made if not any(_covers(other, promise) for other in nearer)]
        return sorted(found, key=lambda promise: (Promised.values.index(promise.what), _says(promise)))

    def _line(self, body: int) -> Iterable[Sequence[Promise]]:
        own_and_above: list[int | None] = [above.pk for above in self.lines[body]]
        return (self._made[level] for level in [*own_and_above, None] if level in self._made)


@cache
def of_the_country() -> list[Promise]:
    """Return the promises of the pack. They belong to no body and are never stored."""
    return [
        Promise(
            what=told["what"],
            kind=told.get("kind", ""),
            urgency=Case.Urgency[told["urgency"].upper()] if "urgency" in told else None,
            channel=told.get("channel", ""),
            working_time=timedelta(hours=told["hours"]),
        )
        for told in pack.read("promises")
    ]


def _best(made: Sequence[Promise], what: str, concern: Concern) -> Promise | None:
    fitting = (promise for promise in made if promise.what == what and _fits(promise, concern))
    return max(fitting, key=_says, default=None)


def _fits(promise: Promise, concern: Concern) -> bool:
    return (
        promise.kind in ("", concern.kind)
        and promise.urgency in (None, concern.urgency)
        and promise.channel in ("", concern.channel)
    )


def _says(promise: Promise) -> tuple[int, bool, bool]:
    """How much a promise says: of two that say equally much, urgency goes before kind, and kind before channel."""
    told = (promise.urgency is not None, bool(promise.kind), bool(promise.channel))
    return sum(told), told[0], told[1]


def _covers(one: Promise, other: Promise) -> bool:
    """Tell whether one promise fits every case that another fits."""
    return (
        one.what == other.what
        and one.kind in ("", other.kind)
        and one.urgency in (None, other.urgency)
        and one.channel in ("", other.channel)
    )
