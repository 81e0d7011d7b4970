"""How well texts are understood: figures against labels that people gave.

Labelled posts are JSON lines or CSV with the fields of the pack's posts: text, to, kind, body, topic, place (spans
`[start, end]`, or the name or slug of one), personal_data (spans `[start, end, sort]`, or whether there are any).
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tafaul.understanding import pack as packs
from tafaul.understanding.reading import NOTHING, Understanding, understand
from tafaul.understanding.scores import Judged, Scores, calibration_error, f1, f1_by_class, routed, scores


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post with what people say of it. A label that is None was not given.

    `names_places` says that places were labelled: `place` None then means that there is none.
    """

    text: str
    to: str
    kind: str | None = None
    body: str | None = None
    topic: str | None = None
    place: str | list[Any] | None = None
    names_places: bool = True
    personal_data: bool | list[Any] | None = None
    urgent: bool | None = None


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
    urgent: dict[str, float]
    per_second: int
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_topic: dict[str, tuple[float, int]] = field(default_factory=dict)
    mistakes: list[Judged] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the figures alone."""
        kept = asdict(self)
        return {name: kept[name] for name in kept if name not in ("confusion", "by_topic", "mistakes")}


def read(files: Iterable[Path]) -> tuple[list[Labelled], list[str]]:
    """Return the labelled posts of files, and of each line that is none where it stands and why.

    Raises `ValueError` that names the file when it is no text in UTF-8.
    """
    posts, refused = [], []
    for file in files:
        for number, row in _checked_rows(file):
            try:
                posts.append(_labelled(row))
            except (ValueError, TypeError, LookupError) as error:
                refused.append(f"{file}:{number}: {type(error).__name__}: {error}")
    return posts, refused


def _checked_rows(file: Path) -> Iterator[tuple[int, Any]]:
    try:
        yield from _rows(file)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{file} can't be read: {error}. Save it as UTF-8, as CSV or as JSON lines") from error


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
                except (ValueError, RecursionError):
                    yield number, None


def _labelled(row: Any) -> Labelled:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row.get("to"):
        raise ValueError("a post with text and to is wanted")
    personal, urgent, place = (_told(row.get(name)) for name in ("personal_data", "urgent", "place"))
    if isinstance(personal, str):
        personal = personal.lower() in TRUE
    if isinstance(urgent, str):
        urgent = urgent.lower() in TRUE
    for spans in (personal, place):
        if isinstance(spans, list):
            list(_spans(spans, row["text"]))
        elif not isinstance(spans, bool | str | None):
            raise TypeError(f"spans, a name or yes or no are wanted, not {spans!r}")
    labels = {name: None if row.get(name) in ("", None) else str(row[name]) for name in ("kind", "body", "topic")}
    return Labelled(
        row["text"],
        str(row["to"]),
        place=place,
        names_places="place" in row,
        personal_data=personal,
        urgent=None if urgent is None else bool(urgent),
        **labels,
    )


def _told(label: Any) -> Any:
    """Return a label as JSON has it: a cell of a table may hold a list; an empty one says nothing."""
    if isinstance(label, str):
        return json.loads(label) if label.startswith("[") else label or None
    return label


TRUE = ("1", "true", "yes")
"""How a table of text says yes."""


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
        kind=scores(judged["kind"]),
        body=scores(judged["body"]),
        topic=scores(judged["topic"]),
        routed_at_97=routed(judged["body"]),
        calibration_error=calibration_error([item for items in judged.values() for item in items]),
        personal_data={"f1": _personal_f1(both)},
        place={"f1": _place_f1(both)},
        urgent={"f1": _urgent_f1(both)},
        per_second=int(len(posts) / seconds),
        confusion=Counter((item.label, item.answer) for item in judged["kind"]),
        by_topic={
            label: (round(f1, 3), count) for label, (f1, count) in sorted(f1_by_class(judged["topic"]).items())
        },
        mistakes=sorted(
            (item for items in judged.values() for item in items if not item.is_right),
            key=lambda item: -item.sure,
        )[:20],
    )


def _judged(name: str, both: Sequence[tuple[Labelled, Understanding]]) -> Iterator[Judged]:
    """Yield label and answer of each post that bears a label of the field; not all of them are mistakes."""
    for post, answer in both:
        label = getattr(post, name)
        if label is not None:
            given = getattr(answer, name) or NOTHING
            if name == "body" and label in _above(given):
                # Labels name ministries; an amana of the labelled ministry is a finer answer, and right.
                given = label
            yield Judged(str(label), given, getattr(answer, f"{name}_sure"), post.text, name)


def _above(body: str) -> Iterator[str]:
    """Yield the bodies above one, its own parent first."""
    parents = packs.load().parents
    while body in parents:
        body = parents[body]
        yield body


def _personal_f1(both: Sequence[tuple[Labelled, Understanding]]) -> float:
    """Return the F1 of spans where labels give spans, and of posts where they say only whether there are any."""
    right = labelled = answered = 0
    for post, answer in both:
        found = {(span.start, span.end) for span in answer.personal_data}
        if isinstance(post.personal_data, list):
            wanted = set(_spans(post.personal_data, post.text))
        elif post.personal_data is not None:
            wanted, found = ({(0, 0)} if whether else set() for whether in (post.personal_data, found))
        else:
            continue
        right, labelled, answered = right + len(wanted & found), labelled + len(wanted), answered + len(found)
    return f1(right, labelled, answered)


def _urgent_f1(both: Sequence[tuple[Labelled, Understanding]]) -> float:
    """Return the F1 of urgency over the posts that bear its label."""
    pairs = [(post.urgent, answer.urgent is not None) for post, answer in both if post.urgent is not None]
    return f1(sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs))


def _place_f1(both: Sequence[tuple[Labelled, Understanding]]) -> float:
    """Return the F1 of spans where labels give spans (overlapping is enough), of places where they name one."""
    right = labelled = answered = 0
    for post, answer in both:
        if not post.names_places:
            continue
        if isinstance(post.place, list):
            wanted, found = _spans(post.place, post.text), [(span.start, span.end) for span in answer.places]
            hits = [
                (place, span) for place in wanted for span in found if span[0] < place[1] and place[0] < span[1]
            ]
            right += min(len({place for place, _ in hits}), len({span for _, span in hits}))
            labelled, answered = labelled + len(wanted), answered + len(found)
        else:
            right += post.place is not None and _is_there(answer, post.place)
            labelled, answered = labelled + (post.place is not None), answered + (answer.place is not None)
    return f1(right, labelled, answered)


def _spans(label: Iterable[Any], text: str) -> list[tuple[int, int]]:
    """Return start and end of what a label marks: `[start, end, ...]`, `{"start": .., "end": ..}` or the words."""
    found = []
    for item in label:
        if isinstance(item, str):
            found += [(text.index(item), text.index(item) + len(item))] if item in text else []
        elif isinstance(item, Mapping):
            found.append((int(item["start"]), int(item["end"])))
        else:
            found.append((int(item[0]), int(item[1])))
    return found


def _is_there(answer: Understanding, label: str) -> bool:
    """Tell whether the place of an answer is the labelled one or lies in it. A label is a slug or a name."""
    places = packs.load().places
    if answer.place is None:
        return False
    meant = places.meant_by(label)
    return not meant.isdisjoint({answer.place, *places.places[answer.place].within})
