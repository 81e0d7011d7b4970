"""Reading texts with a lexicon: words and phrases speak for topics and kinds, and the loudest wins.

How sure it is, is a softmax over what was said for each: little or contradictory evidence gives a low figure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tafaul.understanding import lexicon as lexicons
from tafaul.understanding.lexicon import LONGEST, SA, Lexicon, Phrase, Place
from tafaul.understanding.normal import normalise, words
from tafaul.understanding.personal import Span, spans

LONGEST_TEXT = 4000
"""Characters that are read; what comes after does not change what a post is about."""

PRIOR = 0.8
"""How loudly the account that was addressed speaks for each topic of its body."""

SURE_ENOUGH = 0.34
"""Below this the topic is left open."""

PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ف", "ل", "ك", "ه", "ع")
LATIN = re.compile(r"[a-z]")
ARABIC = re.compile(r"[\u0621-\u064a]")


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a text. The figures `*_sure` are between 0 and 1; `topic` None means: not known.

    `body` is the competent body's slug, which may differ from the account's. `why` are the words that decided.
    """

    kind: str
    kind_sure: float
    topic: str | None
    topic_sure: float
    body: str
    body_sure: float
    place: str | None = None
    place_alternatives: tuple[str, ...] = ()
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


def understand(texts: Sequence[str], to: str | Sequence[str], *, pack: Path = SA) -> list[Understanding]:
    """Understand texts written to the account of a body (its slug), or each to the account of its own body."""
    lexicon = lexicons.load(pack)
    addressed = [to] * len(texts) if isinstance(to, str) else to
    return [_understand(text, body, lexicon) for text, body in zip(texts, addressed, strict=True)]


def _understand(text: str, to: str, lexicon: Lexicon) -> Understanding:
    plain = normalise(text[:LONGEST_TEXT])
    found = _phrases(plain, lexicon)
    if not found:
        return _nothing_said(text, plain, to)
    topics, topic_words = _votes(found, lexicon.topics)
    kinds, kind_words = _votes(found, lexicon.kinds)
    spam, abuse = any(key in lexicon.spam for key in found), any(key in lexicon.abuse for key in found)
    topic, topic_sure, body, body_sure = _topic_and_body(topics, to, lexicon)
    kind, kind_sure = _kind(kinds, text, asks_for_something=topic is not None, spam=spam)
    if kind == "other" and kind_sure > 0.6:
        topic, body = None, to
    places = list(dict.fromkeys(lexicon.places[key] for key in found if key in lexicon.places))
    why = dict.fromkeys([*topic_words.get(topic or "", ()), *kind_words.get(kind, ())])
    return Understanding(
        kind=kind,
        kind_sure=kind_sure,
        topic=topic,
        topic_sure=topic_sure,
        body=_by_place(body, places, to, lexicon),
        body_sure=body_sure,
        place=places[0].slug if places else None,
        place_alternatives=tuple(place.slug for place in places[1:]),
        urgent=next((lexicon.urgent[key] for key in found if key in lexicon.urgent), None),
        personal_data=spans(text),
        language=_language(plain),
        spam=spam,
        abuse=abuse,
        why=tuple(why)[:6],
    )


def _nothing_said(text: str, plain: str, to: str) -> Understanding:
    kind = "inquiry" if "?" in text or "؟" in text else "other"
    return Understanding(kind, 0.3, None, 0.0, to, 0.3, personal_data=spans(text), language=_language(plain))


def _language(plain: str) -> str:
    if not LATIN.search(plain):
        return "ar"
    latin, arabic = len(LATIN.findall(plain)), len(ARABIC.findall(plain))
    return "en" if latin > 2 * arabic and latin > 3 else "ar"


@lru_cache(maxsize=100_000)
def _stem(word: str, pack_words: frozenset[str]) -> str | None:
    """Return the form under which the lexicon has a word, prefixes taken off; None when it has none."""
    if word in pack_words:
        return word
    for prefix in PREFIXES:
        if word.startswith(prefix) and (bare := word[len(prefix) :]) in pack_words and len(bare) > 1:
            return bare
    return None


_FROZEN: dict[int, tuple[frozenset[str], frozenset[Phrase]]] = {}


def _known(lexicon: Lexicon) -> tuple[frozenset[str], frozenset[Phrase]]:
    key = id(lexicon)
    if key not in _FROZEN:
        tables = (lexicon.topics, lexicon.kinds, lexicon.urgent, lexicon.spam, lexicon.abuse, lexicon.places)
        _FROZEN[key] = (frozenset(lexicon.vocabulary), frozenset(item for table in tables for item in table))
    return _FROZEN[key]


def _phrases(plain: str, lexicon: Lexicon) -> list[Phrase]:
    """Return the phrases and words of a text that the lexicon knows; a word in a known phrase counts with it."""
    vocabulary, phrases = _known(lexicon)
    stems = [_stem(word, vocabulary) for word in words(plain)]
    found: list[Phrase] = []
    start, end = 0, len(stems)
    while start < end:
        if stems[start] is None:
            start += 1
            continue
        for length in range(min(LONGEST, end - start), 0, -1):
            key = tuple(stems[start : start + length])
            if key in phrases:
                found.append(key)  # type: ignore[arg-type]
                start += length
                break
        else:
            start += 1
    return found


def _votes(
    found: Sequence[Phrase], table: Mapping[Phrase, list[tuple[str, float]]]
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Sum what the phrases say for each answer, a phrase once, and list who said it."""
    votes: dict[str, float] = {}
    said: dict[str, list[str]] = {}
    for key in dict.fromkeys(found):
        for slug, weight in table.get(key, ()):
            votes[slug] = votes.get(slug, 0.0) + weight
            said.setdefault(slug, []).append(" ".join(key))
    return votes, said


def _softmax(votes: Mapping[str, float], silence: float) -> dict[str, float]:
    """Return shares that sum to one with what nobody said (`silence`)."""
    powers = {slug: math.exp(vote) for slug, vote in votes.items()}
    total = sum(powers.values()) + math.exp(silence)
    return {slug: power / total for slug, power in powers.items()}


def _topic_and_body(
    topics: Mapping[str, float], to: str, lexicon: Lexicon
) -> tuple[str | None, float, str, float]:
    """Return the topic and the competent body. The addressed body speaks for its own topics, others for theirs."""
    own = _root(to, lexicon)
    if not topics:
        return None, 0.0, to, 0.5
    votes = {slug: vote + PRIOR * (lexicon.body_of_topic[slug] == own) for slug, vote in topics.items()}
    shares = _softmax(votes, silence=0.3)
    topic = max(shares, key=lambda slug: (shares[slug], slug))
    bodies: dict[str, float] = {}
    for slug, share in shares.items():
        body = lexicon.body_of_topic[slug]
        bodies[body] = bodies.get(body, 0.0) + share
    body = lexicon.body_of_topic[topic]
    sure = bodies[body]
    if shares[topic] < SURE_ENOUGH:
        return None, shares[topic], to, 0.4
    return topic, round(shares[topic], 4), (to if body == own else body), round(sure, 4)


def _root(body: str, lexicon: Lexicon) -> str:
    """Return the body whose topics a body below it shares: an amana has those of the ministry."""
    while body in lexicon.parents:
        body = lexicon.parents[body]
    return body


def _by_place(body: str, places: Sequence[Place], to: str, lexicon: Lexicon) -> str:
    """Return the amana or municipality of the place, for what is municipal; else the body itself."""
    if _root(body, lexicon) != "municipal" or not places:
        return body
    here = places[0].body
    # Somebody who wrote to a body below that of the place knew better.
    return to if _is_below(to, here, lexicon) else here


def _is_below(body: str, above: str, lexicon: Lexicon) -> bool:
    while body in lexicon.parents:
        body = lexicon.parents[body]
        if body == above:
            return True
    return False


def _kind(votes: dict[str, float], text: str, *, asks_for_something: bool, spam: bool) -> tuple[str, float]:
    votes = dict(votes)
    if "؟" in text or "?" in text:
        votes["inquiry"] = votes.get("inquiry", 0.0) + 1.2
    if spam:
        votes["other"] = votes.get("other", 0.0) + 3
    if asks_for_something:
        votes["complaint"] = votes.get("complaint", 0.0) + 0.6
        votes["inquiry"] = votes.get("inquiry", 0.0) + 0.4
    if not votes:
        return "other", 0.3
    shares = _softmax(votes, silence=0.0)
    kind = max(shares, key=lambda slug: (shares[slug], slug))
    return kind, round(shares[kind], 4)
