"""Who must hear of promises that are about to break, and of those that broke.

Of the first, whoever the case was given to, else the supervisors; of the second the supervisors, then after as
much working time again those above them, and so on up the tree. A body without supervisors has those of the next
above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tafaul.bodies.models import Body, Membership
from tafaul.care import notices, priority
from tafaul.care.models import Clock, Notice, Promised


@dataclass(frozen=True, slots=True)
class Told:
    """A clock that was looked at: whether it warns, and who must hear now that it is broken (ids of people)."""

    clock: Clock
    warns: bool
    breached: Sequence[Sequence[int]]
    levels: Sequence[Sequence[int]]


def supervisors(lines: Mapping[int, Sequence[Body]]) -> dict[int, list[list[int]]]:
    """Return for each body the supervisors at work in it and above it, level by level, those of itself first."""
    concerned = {body.pk for line in lines.values() for body in line}
    supervising = Membership.objects.filter(
        body__in=concerned, role=Membership.Role.SUPERVISOR, person__is_active=True
    )
    of_body: dict[int, list[int]] = {}
    for body_id, person_id in supervising.order_by("pk").values_list("body_id", "person_id"):
        of_body.setdefault(body_id, []).append(person_id)
    return {number: [of_body[body.pk] for body in line if body.pk in of_body] for number, line in lines.items()}


def tell(told: Iterable[Told]) -> None:
    """Tell those who must hear of it, and raise the priority of the cases, in the caller's transaction."""
    told = list(told)
    notices.tell_many((pair for one in told for pair in _warned(one)), Notice.What.WARNED)
    notices.tell_many((pair for one in told for pair in _breached(one)), Notice.What.BREACHED)
    priority.recompute({one.clock.case_id for one in told})


def _warned(told: Told) -> Iterator[tuple[int, int]]:
    if not told.warns:
        return
    case = told.clock.case
    if case.assignee_id is not None and told.clock.what != Promised.ACCEPTANCE:
        yield case.assignee_id, case.pk
    elif told.levels:
        yield from ((person, case.pk) for person in told.levels[0])


def _breached(told: Told) -> Iterator[tuple[int, int]]:
    return ((person, told.clock.case_id) for level in told.breached for person in level)
