"""How well texts are understood: figures against labels that people gave."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tafaul.understanding import pack as packs
from tafaul.understanding.labelled import Labelled, spans_of
from tafaul.understanding.model import NONE
from tafaul.understanding.reading import Understanding, understand
from tafaul.understanding.scores import Judged, Scores, calibration_error, f1, f1_by_class, routed, scores


@dataclass(frozen=True, slots=True)
class Spotted:
    """How well something is found in posts; `f1` is None when no post bears its label."""

    f1: float | None
    n: int


@dataclass(slots=True)
class Report:
    """All figures of an evaluation. `routed_at_97` is the share of posts whose body needs no person's look.

    `calibration_error` is over the answers of kind, body and topic together. None: nothing was labelled.
    """

    kind: Scores
    body: Scores
    topic: Scores
    routed_at_97: float | None
    calibration_error: float | None
    personal_data: Spotted
    place: Spotted
    urgent: Spotted
    per_second: int
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_topic: dict[str, tuple[float, int]] = field(default_factory=dict)
    mistakes: list[Judged] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the figures alone."""
        kept = asdict(self)
        return {name: kept[name] for name in kept if name not in ("confusion", "by_topic", "mistakes")}


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
        personal_data=_personal_data(both),
        place=_places(both),
        urgent=_urgency(both),
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
            given = getattr(answer, name) or NONE
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


def _personal_data(both: Sequence[tuple[Labelled, Understanding]]) -> Spotted:
    """Return the F1 of spans where labels give spans, and of posts where they say only whether there are any."""
    posts = right = labelled = answered = 0
    for post, answer in both:
        if post.personal_data is None:
            continue
        found = {(span.start, span.end) for span in answer.personal_data}
        if isinstance(post.personal_data, list):
            wanted = set(spans_of(post.personal_data, post.text))
        else:
            wanted, found = ({(0, 0)} if whether else set() for whether in (post.personal_data, found))
        posts, right = posts + 1, right + len(wanted & found)
        labelled, answered = labelled + len(wanted), answered + len(found)
    return _spotted(posts, right, labelled, answered)


def _urgency(both: Sequence[tuple[Labelled, Understanding]]) -> Spotted:
    pairs = [(post.urgent, answer.urgent is not None) for post, answer in both if post.urgent is not None]
    right, labelled = sum(a and b for a, b in pairs), sum(a for a, _ in pairs)
    return _spotted(len(pairs), right, labelled, sum(b for _, b in pairs))


def _places(both: Sequence[tuple[Labelled, Understanding]]) -> Spotted:
    """Return the F1 of spans where labels give spans (overlapping is enough), of places where they name one."""
    posts = right = labelled = answered = 0
    for post, answer in both:
        if not post.names_places:
            continue
        posts += 1
        if isinstance(post.place, list):
            wanted, found = spans_of(post.place, post.text), [(span.start, span.end) for span in answer.places]
            hits = [
                (place, span) for place in wanted for span in found if span[0] < place[1] and place[0] < span[1]
            ]
            right += min(len({place for place, _ in hits}), len({span for _, span in hits}))
            labelled, answered = labelled + len(wanted), answered + len(found)
        else:
            right += post.place is not None and _is_there(answer, post.place)
            labelled, answered = labelled + (post.place is not None), answered + (answer.place is not None)
    return _spotted(posts, right, labelled, answered)


def _spotted(posts: int, right: int, labelled: int, answered: int) -> Spotted:
    return Spotted(f1(right, labelled, answered) if posts else None, posts)


def _is_there(answer: Understanding, label: str) -> bool:
    """Tell whether the place of an answer is the labelled one or lies in it. A label is a slug or a name."""
    places = packs.load().places
    if answer.place is None:
        return False
    meant = places.meant_by(label)
    return not meant.isdisjoint({answer.place, *places.places[answer.place].within})
