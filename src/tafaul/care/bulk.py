"""Many cases at once: what one verb does to each of them, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tafaul.bodies.models import Person
from tafaul.care import cases
from tafaul.care.errors import CareError, NothingTicked, TooManyAtOnce
from tafaul.care.models import Case

MOST = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a case; `why` it was not done, else empty."""

    reference: str
    why: str = ""


def each(references: Sequence[str], person: Person, do: Callable[[Case], None]) -> list[Told]:
    """Do something to cases, by their references, each for itself: what fails keeps nothing else from being done.

    Raises `NothingTicked` or `TooManyAtOnce`.
    """
    unique = list(dict.fromkeys(references))
    if not unique:
        raise NothingTicked
    if len(unique) > MOST:
        raise TooManyAtOnce(MOST)
    return [_one(reference, person, do) for reference in unique]


def _one(reference: str, person: Person, do: Callable[[Case], None]) -> Told:
    try:
        do(cases.get(person, reference))
    except CareError as error:
        return Told(reference, str(error))
    return Told(reference)
