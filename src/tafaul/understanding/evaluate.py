"""How well texts are understood: figures against labels that people gave.

Labelled posts are JSON lines or CSV with the fields of the pack's posts: text, to, kind, body, topic, place,
personal_data (spans `[start, end, sort]`, or only whether there are any).
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tafaul.understanding import lexicon as lexicons
from tafaul.understanding.reading import Understanding, understand

PRECISION = 0.97
"""How often a body must be right where no person looks."""

BINS = 10
LEFT_OUT = "none"
"""Stands for «no topic» in labels, and for «not known» in answers."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post with what people say of it. A label that is None was not given."""

    text: str
    to: str
    kind: str | None = None
    body: str | None = None
    topic: str | None = None
    place: str | None = None
    personal_data: bool | list[Any] | None = None


@dataclass(slots=True)
class Scores:
    """One field over all posts that bear its label."""

    macro_f1: float
    accuracy: float
    n: int


@dataclass(slots=True)
class Mistake:
    """A post that was understood wrongly, and how sure the wrong answer was."""

    text: str
    field: str
    label: str
    answer: str
    sure: float


@dataclass(slots=True)
class Report:
    """All figures of an evaluation. `routed_at_97` is the share of posts whose body needs no person's look."""

    kind: Scores
    body: Scores
    topic: Scores
    routed_at_97: float
    calibration_error: float
    personal_data: dict[str, float]
    place: dict[str, float]
    per_second: int
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_topic: dict[str, tuple[float, int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the figures alone."""
        kept = asdict(self)
        return {name: kept[name] for name in kept if name not in ("confusion", "by_topic", "mistakes")}


def read(files: Iterable[Path]) -> tuple[list[Labelled], list[str]]:
    """Return the labelled posts of files, and of each line that is none where it stands and why."""
    posts, refused = [], []
    for file in files:
        for number, row in _rows(file):
            try:
                posts.append(_labelled(row))
            except (ValueError, TypeError, KeyError) as error:
                refused.append(f"{file}:{number}: {type(error).__name__}: {error}")
    return posts, refused


def _rows(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        if file.suffix == ".csv":
            reader = csv.DictReader(stream)
            for row in reader:
                yield reader.line_num, row
            return
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except ValueError:
                    yield number, None


def _labelled(row: Any) -> Labelled:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row.get("to"):
        raise ValueError("a post with text and to is wanted")
    personal = row.get("personal_data")
    if isinstance(personal, str):
        personal = json.loads(personal) if personal.startswith("[") else personal.lower() in ("1", "true", "yes")
    labels = {name: row.get(name) or None for name in ("kind", "body", "topic", "place")}
    return Labelled(text=row["text"], to=str(row["to"]), personal_data=personal, **labels)


Understand = Callable[[Sequence[str], Sequence[str]], list[Understanding]]


def measure(posts: Sequence[Labelled], using: Understand = understand) -> Report:
    """Understand the posts and compare. Raises `ValueError` when there are none."""
    if not posts:
        raise ValueError("there is no labelled post to measure with")
    texts, accounts = [post.text for post in posts], [post.to for post in posts]
    using(texts[:100], accounts[:100])
    begun = time.perf_counter()
    answers = using(texts, accounts)
    seconds = time.perf_counter() - begun
    both = list(zip(posts, answers, strict=True))
    judged = {name: list(_judged(name, both)) for name in ("kind", "body", "topic")}
    return Report(
        kind=_scores(judged["kind"]),
        body=_scores(judged["body"]),
        topic=_scores(judged["topic"]),
        routed_at_97=_routed(judged["body"]),
        calibration_error=round(_calibration_error([item for items in judged.values() for item in items]), 4),
        personal_data={"f1": _personal_f1(both)},
        place={"f1": _place_f1(both)},
        per_second=int(len(posts) / seconds),
        confusion=Counter((item.label, item.answer) for item in judged["kind"]),
        by_topic={
            label: (round(f1, 3), count) for label, (f1, count) in sorted(_f1_by_class(judged["topic"]).items())
        },
        mistakes=sorted(
            (item for items in judged.values() for item in items if item.label != item.answer),
            key=lambda item: -item.sure,
        )[:20],
    )


def _judged(name: str, both: Sequence[tuple[Labelled, Understanding]]) -> Iterator[Mistake]:
    """Yield label and answer of each post that bears a label of the field; not all of them are mistakes."""
    for post, answer in both:
        label = getattr(post, name)
        if label is not None:
            given = getattr(answer, name) or LEFT_OUT
            if name == "body" and label in _above(given):
                # Labels name ministries; an amana of the labelled ministry is a finer answer, and right.
                given = label
            yield Mistake(post.text, name, str(label), given, getattr(answer, f"{name}_sure"))


def _above(body: str) -> Iterator[str]:
    """Yield the bodies above one, its own parent first."""
    parents = lexicons.load().parents
    while body in parents:
        body = parents[body]
        yield body


def _f1_by_class(items: Sequence[Mistake]) -> dict[str, tuple[float, int]]:
    labels, answers = Counter(item.label for item in items), Counter(item.answer for item in items)
    right = Counter(item.label for item in items if item.label == item.answer)
    return {label: (2 * right[label] / (count + answers[label]), count) for label, count in labels.items()}


def _scores(items: Sequence[Mistake]) -> Scores:
    """Macro-F1 is over the classes that labels name."""
    if not items:
        return Scores(0.0, 0.0, 0)
    by_class = [f1 for f1, _count in _f1_by_class(items).values()]
    accuracy = sum(item.label == item.answer for item in items) / len(items)
    return Scores(round(sum(by_class) / len(by_class), 4), round(accuracy, 4), len(items))


def _routed(items: Sequence[Mistake]) -> float:
    """Return the greatest share of posts, the surest first, whose bodies are right at `PRECISION`."""
    right, most = 0, 0
    ordered = sorted(items, key=lambda item: -item.sure)
    for count, item in enumerate(ordered, start=1):
        right += item.label == item.answer
        last_of_its_figure = count == len(ordered) or ordered[count].sure < item.sure
        if last_of_its_figure and right / count >= PRECISION:
            most = count
    return round(most / len(items), 4) if items else 0.0


def _calibration_error(items: Sequence[Mistake]) -> float:
    """Expected calibration error with ten bins of equal width (Guo et al., 2017)."""
    bins: dict[int, list[Mistake]] = {}
    for item in items:
        bins.setdefault(min(int(item.sure * BINS), BINS - 1), []).append(item)
    return sum(
        abs(sum(item.sure for item in group) - sum(item.label == item.answer for item in group))
        for group in bins.values()
    ) / max(len(items), 1)


def _f1(right: int, labelled: int, answered: int) -> float:
    return round(2 * right / (labelled + answered), 4) if labelled + answered else 1.0


def _personal_f1(both: Sequence[tuple[Labelled, Understanding]]) -> float:
    """Return the F1 of spans where labels give spans, and of posts where they say only whether there are any."""
    right = labelled = answered = 0
    for post, answer in both:
        if isinstance(post.personal_data, list):
            wanted = {(int(span[0]), int(span[1])) for span in post.personal_data}
            found = {(span.start, span.end) for span in answer.personal_data}
        elif post.personal_data is not None:
            wanted = {(0, 0)} if post.personal_data else set()
            found = {(0, 0)} if answer.personal_data else set()
        else:
            continue
        right, labelled, answered = right + len(wanted & found), labelled + len(wanted), answered + len(found)
    return _f1(right, labelled, answered)


def _place_f1(both: Sequence[tuple[Labelled, Understanding]]) -> float:
    right = sum(post.place is not None and post.place == answer.place for post, answer in both)
    labelled = sum(post.place is not None for post, _answer in both)
    return _f1(right, labelled, sum(answer.place is not None for _post, answer in both))
