"""Figures that compare answers with labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

PRECISION = 0.97
"""How often an answer must be right where no person looks."""

BINS = 10


@dataclass(slots=True)
class Judged:
    """An answer beside its label, and how sure it was. `text` is what was read."""

    label: str
    answer: str
    sure: float
    text: str = ""
    field: str = ""

    @property
    def is_right(self) -> bool:
        """Tell whether the answer is the label."""
        return self.label == self.answer


@dataclass(slots=True)
class Scores:
    """One field over all posts that bear its label; None when none does. Macro-F1 is over the labelled classes."""

    macro_f1: float | None
    accuracy: float | None
    n: int


def scores(items: Sequence[Judged]) -> Scores:
    """Return macro-F1 and accuracy."""
    if not items:
        return Scores(None, None, 0)
    by_class = [f1 for f1, _count in f1_by_class(items).values()]
    accuracy = sum(item.is_right for item in items) / len(items)
    return Scores(round(sum(by_class) / len(by_class), 4), round(accuracy, 4), len(items))


def f1_by_class(items: Sequence[Judged]) -> dict[str, tuple[float, int]]:
    """Return of each labelled class its F1 and how many bear it."""
    labels, answers = Counter(item.label for item in items), Counter(item.answer for item in items)
    right = Counter(item.label for item in items if item.is_right)
    return {label: (2 * right[label] / (count + answers[label]), count) for label, count in labels.items()}


def sure_from(items: Sequence[Judged], precision: float = PRECISION) -> float:
    """Return the lowest certainty from which on answers are right that often; above 1 when there is none."""
    right, lowest = 0, 1.01
    ordered = sorted(items, key=lambda item: -item.sure)
    for count, item in enumerate(ordered, start=1):
        right += item.is_right
        last_of_its_figure = count == len(ordered) or ordered[count].sure < item.sure
        if last_of_its_figure and right / count >= precision:
            lowest = item.sure
    return lowest


def routed(items: Sequence[Judged]) -> float | None:
    """Return the greatest share of items, the surest first, that are right at `PRECISION`; None for no items."""
    lowest = sure_from(items)
    return round(sum(item.sure >= lowest for item in items) / len(items), 4) if items else None


def calibration_error(items: Sequence[Judged]) -> float | None:
    """Return the expected calibration error with ten bins of equal width (Guo et al., 2017); None for no items."""
    if not items:
        return None
    bins: dict[int, list[Judged]] = {}
    for item in items:
        bins.setdefault(min(int(item.sure * BINS), BINS - 1), []).append(item)
    off = sum(abs(sum(item.sure - item.is_right for item in group)) for group in bins.values())
    return round(off / len(items), 4)


def f1(right: int, labelled: int, answered: int) -> float:
    """Return the F1 of what was found; 1 when nothing was to be found and nothing was."""
    return round(2 * right / (labelled + answered), 4) if labelled + answered else 1.0
