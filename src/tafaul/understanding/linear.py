"""A linear model over words, pairs of words and runs of letters, that scores a text by adding up its items.

An item is a word, two words that follow each other, or two words with one between them. The features of an item
never change, so its scores for all classes are worked out once and kept: words repeat, and a text then costs a
sum. A text's scores are divided by the root of the summed squares of its items' features, which is their length if
items had no feature in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tafaul.understanding import forms

Floats = NDArray[np.float32]

KEPT_ITEMS = 150_000
"""Items whose scores are kept in memory; when there are more, all are forgotten and the keeping begins anew."""

MOST_ITEMS = 1_500
"""Items of a text that are added up; a text of a post never has as many."""

_PAIR, _SKIP = " ", "\t"


def items(words: Sequence[str]) -> list[str]:
    """Return the different items of a text's words, in order."""
    pairs = map(_PAIR.join, pairwise(words))
    skips = map(_SKIP.join, zip(words, words[2:], strict=False))
    return list(dict.fromkeys([*words, *pairs, *skips]))[:MOST_ITEMS]


def features(item: str, lexicon: forms.Lexicon) -> list[str]:
    """Return the features of an item."""
    first, pair, second = item.partition(_PAIR)
    if pair:
        return forms.of_pair(first, second, lexicon)
    first, skip, third = item.partition(_SKIP)
    return forms.of_skip(first, third, lexicon) if skip else forms.of_word(item, lexicon)


@dataclass(slots=True)
class Linear:
    """Weights of features for classes. Columns of all heads stand side by side.

    `rows` says where a feature's weights are, `weights` are small integers to be multiplied by `scales`, `rarity`
    are the inverse document frequencies.
    """

    rows: Mapping[str, int]
    weights: NDArray[np.int8]
    scales: Floats
    rarity: Floats
    intercepts: Floats
    lexicon: forms.Lexicon
    _places: dict[str, int] = field(default_factory=dict)
    _kept: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._kept = np.zeros((4096, len(self.scales) + 1), np.float32)

    def scores(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Return the score of each text, given as its words, for each class."""
        if len(self._places) > KEPT_ITEMS:
            self._places.clear()
        places: list[int] = []
        starts: list[int] = []
        for words in texts:
            starts.append(len(places))
            places.append(0)
            places += self._places_of(words)
        if not starts:
            return np.zeros((0, len(self.scales)), np.float32)
        sums = np.add.reduceat(self._kept[places], starts, axis=0)
        lengths = np.sqrt(np.maximum(sums[:, -1:], 1e-9))
        return np.asarray(sums[:, :-1] / lengths + self.intercepts, np.float32)

    def _places_of(self, words: Sequence[str]) -> Iterator[int]:
        known = self._places
        for item in items(words):
            place = known.get(item)
            yield self._keep(item) if place is None else place

    def _keep(self, item: str) -> int:
        """Work out the scores of an item and keep them; the first row is that of what says nothing."""
        if len(self._kept) <= len(self._places) + 1:
            self._kept = np.concatenate([self._kept, np.zeros_like(self._kept)])
        found = [self.rows[name] for name in features(item, self.lexicon) if name in self.rows]
        place = self._places[item] = len(self._places) + 1 if found else 0
        if found:
            rarity = self.rarity[found]
            self._kept[place, :-1] = (rarity @ self.weights[found]) * self.scales
            self._kept[place, -1] = rarity @ rarity
        return place

    def rarity_of(self, standard: str, unknown: float) -> float:
        """Return the inverse document frequency of a standard word; `unknown` for one that training never met."""
        row = self.rows.get(f"d{standard}")
        return unknown if row is None else float(self.rarity[row])

    def reasons(self, words: Sequence[str], column: int, most: int) -> list[str]:
        """Return the words that spoke the loudest for a class."""
        loud = {word: float(self._kept[self._places.get(word, 0), column]) for word in words}
        return [word for word in sorted(loud, key=lambda word: -loud[word]) if loud[word] > 0][:most]
