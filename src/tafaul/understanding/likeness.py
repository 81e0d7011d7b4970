"""Which posts speak of one event, in whatever words: vectors to compare, and keys of near duplicates.

A vector puts together the standard words of a text (rare ones count most), its topics, and its places: posts on
one topic in two towns are of two events.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tafaul.understanding import pack as packs
from tafaul.understanding.linear import Floats
from tafaul.understanding.model import Classifier, Model
from tafaul.understanding.normal import LINK, MENTION, words
from tafaul.understanding.pack import SA, Pack
from tafaul.understanding.reading import LONGEST_TEXT, trained

WORDS, PLACES = 1024, 64
"""Dimensions into which words and places are hashed."""

OF_WORDS, OF_TOPICS, OF_PLACES = 1.0, 1.0, 0.7
"""How much words, topics and places weigh in a vector; chosen on the pack's events."""

ALIKE = 0.52
"""Cosine from which on two posts are taken to speak of one event; chosen on the pack's events."""

RARE = 9.0
"""Inverse document frequency of a word that training never met."""

BANDS, ROWS = 16, 4
"""A key is a hash of four of 64 minima: texts that share half of their runs share a key in 64 of 100 cases."""

RUN = 5
_MULTIPLIERS = np.random.default_rng(5).integers(1, 2**61, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`vectors`: a row of length one for each text; the product of two is their likeness.

    `keys`: near duplicates, such as a text that many copy, share at least one.
    """

    vectors: Floats
    keys: list[frozenset[int]]


def similar(
    texts: Sequence[str], to: str | Sequence[str], *, pack: Path = SA, classifier: Classifier | None = None
) -> Likeness:
    """Return what compares texts, written to the account of a body, or each to that of its own."""
    known, model = packs.load(pack), trained(pack / "model")
    reader = classifier or model
    addressed = [to] * len(texts) if isinstance(to, str) else list(to)
    said = [words(text[:LONGEST_TEXT]) for text in texts]
    topics = reader.answer(texts, said, [known.root(body) for body in addressed])["topic"].shares
    vectors = np.zeros((len(texts), WORDS + topics.shape[1] + PLACES), np.float32)
    vectors[:, WORDS:-PLACES] = np.sqrt(topics) * OF_TOPICS
    for row, (text, words_of, body) in enumerate(zip(texts, said, addressed, strict=True)):
        vectors[row, :WORDS] = _of_words(words_of, model) * OF_WORDS
        vectors[row, -PLACES:] = _of_places(text, words_of, body, known) * OF_PLACES
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return Likeness(vectors, [keys(words_of) for words_of in said])


def keys(said: Sequence[str]) -> frozenset[int]:
    """Return the keys of a text's words; links and mentions, in which copies differ, are left out."""
    plain = " ".join(word for word in said if word not in (LINK, MENTION))
    if not plain:
        return frozenset()
    minima = signature(plain)
    return frozenset(hash((band, *minima[band * ROWS : (band + 1) * ROWS].tolist())) for band in range(BANDS))


def signature(plain: str) -> NDArray[np.uint64]:
    """Return the MinHash of a normalised text's runs of five characters (Broder, 1997).

    The share of places in which two signatures agree estimates the Jaccard likeness of the texts' runs.
    """
    runs = {plain[start : start + RUN] for start in range(max(1, len(plain) - RUN + 1))}
    hashed = np.fromiter((zlib.crc32(run.encode()) for run in runs), np.uint64, len(runs)) + np.uint64(1)
    mixed = hashed[:, None] * _MULTIPLIERS
    return np.asarray((mixed ^ (mixed >> np.uint64(29))).min(axis=0), np.uint64)


def _of_words(said: Sequence[str], model: Model) -> Floats:
    vector = np.zeros(WORDS, np.float32)
    for meant in dict.fromkeys(map(model.scorer.lexicon.meaning, said)):
        rarity = model.scorer.rarity_of(meant, RARE)
        for place, sign in _hashed(meant, WORDS):
            vector[place] += sign * rarity
    return _unit(vector)


def _of_places(text: str, said: Sequence[str], to: str, pack: Pack) -> Floats:
    vector = np.zeros(PLACES, np.float32)
    found = pack.places.find(text[:LONGEST_TEXT], said, to)
    if found:
        for slug in (found.place.slug, *found.place.within[:-1]):
            for place, weight in _hashed(slug, PLACES):
                vector[place] += weight
    return _unit(vector)


@lru_cache(maxsize=100_000)
def _hashed(name: str, size: int) -> tuple[tuple[int, float], ...]:
    """Return two dimensions for a name and a sign for each, so that names that fall together cancel out."""
    number = zlib.crc32(name.encode())
    return (
        (number % size, 1.0 if number >> 31 else -1.0),
        ((number >> 8) % size, 1.0 if number >> 30 & 1 else -1.0),
    )


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
