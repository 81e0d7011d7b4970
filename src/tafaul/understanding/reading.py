"""Reading texts: what each wants, of what it speaks, who is competent, where, and how surely that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from pathlib import Path

import numpy as np

from tafaul.understanding import model as models
from tafaul.understanding import pack as packs
from tafaul.understanding.language import language
from tafaul.understanding.model import NONE, YES, Answers, Classifier, Model
from tafaul.understanding.normal import FOLDED, words
from tafaul.understanding.pack import SA, Pack
from tafaul.understanding.personal import Span, spans
from tafaul.understanding.places import Found

LONGEST_TEXT = 4000
"""Characters that are read; what comes after does not change what a post is about."""

YES_FROM = 0.3
"""Probability from which on a post counts as urgent: to miss a danger is worse than to look once more."""

READABLE = {"ar", "en"}
"""Languages that the model was taught; of others it says nothing but which they are."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a text. The figures `*_sure` are calibrated probabilities; that of the body is of its
    ministry, whose amana the place names.

    `topic` None means: of no topic. `body` is the competent body's slug, which may differ from the account's.
    `sure_of` are those of «kind», «topic» and «body» that need no person's look; from others the model abstains,
    and of misuse from topic and body, so that nothing of it is routed unseen.
    `place_alternatives` are other places that the text names, or that a name may mean; `places` are where names of
    places stand in the text. `language` is as `language.language` says. `why` are the words that decided.
    """

    kind: str
    kind_sure: float
    topic: str | None
    topic_sure: float
    body: str
    body_sure: float
    sure_of: tuple[str, ...] = ()
    place: str | None = None
    place_alternatives: tuple[str, ...] = ()
    places: tuple[Span, ...] = ()
    urgent: str | None = None
    personal_data: tuple[Span, ...] = ()
    dialect: str | None = None
    language: str = "ar"
    spam: bool = False
    abuse: bool = False
    why: tuple[str, ...] = ()

    @classmethod
    def unknown(cls, body: str) -> Understanding:
        """Return the understanding of a text that says nothing: it stays with the addressed body."""
        return cls("inquiry", 0.0, None, 0.0, body, 0.0)


@cache
def trained(folder: Path) -> Model:
    """Return the model of a folder, read once."""
    return models.load(folder)


def understand(
    texts: Sequence[str], to: str | Sequence[str], *, pack: Path = SA, classifier: Classifier | None = None
) -> list[Understanding]:
    """Understand texts written to the account of a body (its slug), or each to the account of its own body.

    A body that the pack does not know has no topics and lies nowhere: it keeps what is of no topic. `classifier`
    is another than the pack's own trained model. Raises `TypeError` for what are no texts and slugs, and
    `ValueError` when there are not as many slugs as texts.
    """
    known = packs.load(pack)
    addressed = _checked(texts, to)
    read = [text[:LONGEST_TEXT] for text in texts]
    said = [words(text) for text in read]
    reader = classifier or trained(pack / "model")
    answers = reader.answer(texts, said, [known.root(body) for body in addressed])
    best = {question: list(_best(answer)) for question, answer in answers.items()}
    why = zip(*(answers[question].why or repeat((), len(said)) for question in models.EXPLAINED), strict=True)
    judged = zip(*(best.get(question) or repeat(UNKNOWN, len(said)) for question in models.QUESTIONS), strict=True)
    return [
        _understand(text, beginning, words_of, body, answered, reasons, known)
        for text, beginning, words_of, body, answered, reasons in zip(
            texts, read, said, addressed, judged, map(chain.from_iterable, why), strict=True
        )
    ]


def _checked(texts: Sequence[str], to: str | Sequence[str]) -> list[str]:
    """Return the body of each text."""
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise TypeError("understand wants a list of texts: understand([text], to=body)")
    addressed = [to] * len(texts) if isinstance(to, str) else list(to or ())
    if not all(isinstance(body, str) for body in addressed) or (not addressed and texts):
        raise TypeError("`to` is the slug of a body, such as «municipal», or a list with one for each text")
    if len(addressed) != len(texts):
        raise ValueError(f"{len(texts)} texts, but {len(addressed)} bodies that they were written to")
    return addressed


Best = tuple[str, float, bool]
UNKNOWN: Best = ("", 0.0, False)
"""The answer to a question that a plugged-in classifier does not answer."""


def _best(answers: Answers) -> Iterator[Best]:
    """Yield of each text the likeliest answer, its probability, and whether it needs no person."""
    columns = answers.shares.argmax(axis=1)
    if YES in answers.classes:
        columns[answers.shares[:, answers.classes.index(YES)] >= YES_FROM] = answers.classes.index(YES)
    shares = answers.shares[np.arange(len(columns)), columns]
    sure = (shares >= answers.sure_from).tolist()
    return zip(map(answers.classes.__getitem__, columns.tolist()), shares.round(4).tolist(), sure, strict=True)


def _understand(
    text: str, read: str, said: list[str], to: str, best: Sequence[Best], why: Iterable[str], pack: Pack
) -> Understanding:
    said_in = language(read)
    if said_in not in READABLE or _says_nothing(said):
        return _nothing_said(text, said, to, said_in)
    (kind, kind_sure, kind_clear), (topic, topic_sure, topic_clear), (body, body_sure, body_clear), *others = best
    dialect, urgent, misuse = (answer for answer, _, _ in others)
    is_proper = misuse not in ("spam", "abuse")
    if topic == NONE and to not in pack.bodies:
        body = to
    found = pack.places.find(read, said, to)
    return Understanding(
        kind=kind,
        kind_sure=kind_sure,
        topic=None if topic == NONE else topic,
        topic_sure=topic_sure,
        body=_by_place(to if body == pack.root(to) else body, found, to, pack),
        body_sure=body_sure,
        sure_of=_sure_of(kind_clear, topic_clear and is_proper, body_clear and is_proper),
        place=found.place.slug if found else None,
        place_alternatives=tuple(place.slug for place in found.alternatives) if found else (),
        places=found.spans if found else (),
        urgent=pack.reasons.of(said, is_urgent=urgent == YES),
        personal_data=spans(text),
        dialect=dialect or None,
        language=said_in,
        spam=misuse == "spam",
        abuse=misuse == "abuse",
        why=tuple(word for word in dict.fromkeys(why) if word not in FOLDED),
    )


def _sure_of(kind: bool, topic: bool, body: bool) -> tuple[str, ...]:
    return ("kind",) * kind + ("topic",) * topic + ("body",) * body


def _says_nothing(said: Sequence[str]) -> bool:
    """Tell whether a text has no word of two letters, only links, mentions, numbers, emoji or signs."""
    return not any(len(word) > 1 and word[0].isalpha() for word in said)


def _nothing_said(text: str, said: Sequence[str], to: str, said_in: str) -> Understanding:
    kind = "inquiry" if "؟" in said else "other"
    return Understanding(kind, 0.3, None, 0.0, to, 0.3, personal_data=spans(text), language=said_in)


def _by_place(body: str, found: Found | None, to: str, pack: Pack) -> str:
    """Return the amana or municipality of the place, for what is municipal; else the body itself."""
    if found is None or pack.root(body) != "municipal":
        return body
    if any(place.body == to for place in (found.place, *found.alternatives)):
        return to
    if found.is_open:
        return body
    # Somebody who wrote to a body below that of the place knew better.
    return to if pack.is_below(to, found.place.body) else found.place.body
