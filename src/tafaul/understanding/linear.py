"""A linear model over words, their runs of letters and pairs of words, that scores a text by adding up.

The features of a word never change, so its scores for all classes are worked out once and kept: words repeat, and
a text then costs a sum. Pairs are looked up for all texts at once. A text's scores are divided by the root of the
summed squares of its features, which is their length if no feature stood in it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tafaul.understanding import forms

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

KEPT_WORDS = 100_000
"""Words whose scores are kept in memory; when there are more, all are forgotten and the keeping begins anew."""

START = ""
"""What stands before each text's first word; it says nothing."""


class _Places(dict[str, int]):
    """Where what is known of a word is kept; what is missing is worked out."""

    def __init__(self, work_out: Callable[[str], int]) -> None:
        self._work_out = work_out

    def __missing__(self, word: str) -> int:
        return self._work_out(word)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of names so many places apart, ordered by key, and what each adds to a text's scores.

    `numbers` are those of the names.
    """

    name_of: Callable[[str], str]
    numbers: Mapping[str, int]
    apart: int
    keys: Integers
    scores: Floats

    @classmethod
    def of(
        cls,
        name_of: Callable[[str], str],
        numbers: Mapping[str, int],
        pairs: Integers,
        scores: Floats,
        apart: int = 1,
    ) -> Pairs:
        """Return a table of pairs, each two numbers of names. `scores`: a row for each."""
        keys = _keys(pairs[:, 0], pairs[:, 1])
        order = np.argsort(keys)
        return cls(name_of, numbers, apart, keys[order], scores[order])

    def add_to(self, sums: Floats, numbers: Integers, starts: Integers) -> None:
        """Add the scores of pairs to the sums of the texts, which begin at `starts`."""
        if not len(self.keys):
            return
        wanted = _keys(numbers[: -self.apart], numbers[self.apart :])
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        hits = np.flatnonzero(self.keys[at] == wanted)
        text_of = np.searchsorted(starts, hits, "right") - 1
        inside = text_of == np.searchsorted(starts, hits + self.apart, "right") - 1
        hits, text_of = hits[inside], text_of[inside]
        if len(hits):
            first = np.flatnonzero(np.diff(text_of, prepend=-1))
            sums[text_of[first]] += np.add.reduceat(self.scores[at[hits]], first, axis=0)


UNNAMED = -1
"""The number of what no pair names."""


def _keys(first: Integers, second: Integers) -> Integers:
    """Return a number for each pair of numbers below 2³¹; with `UNNAMED` on a side it is no known pair's."""
    return (first << 32) + second


@dataclass(frozen=True, slots=True)
class Read:
    """The words of texts in one row, each text behind `START`; where each is kept, and where each text begins.

    It holds until the next texts are read.
    """

    flat: list[str]
    places: Integers
    starts: Integers


@dataclass(slots=True)
class Linear:
    """Weights of features for classes. Columns of all questions stand side by side.

    `rows` says where a feature's weights are, `weights` are small integers to be multiplied by `scales`, `rarity`
    are the inverse document frequencies. The rows after those are of `pairs`: the number of a pairing, and the
    rows of the two names.
    """

    rows: Mapping[str, int]
    pairs: NDArray[np.int32]
    weights: NDArray[np.int8]
    scales: Floats
    rarity: Floats
    intercepts: Floats
    lexicon: forms.Lexicon
    _places: _Places = field(init=False)
    _kept: Floats = field(init=False)
    _numbers: Integers = field(init=False)
    _tables: tuple[Pairs, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._tables = (*map(self._pairs_of, range(len(forms.PAIRINGS))), self._phrases())
        self._forget()

    def read(self, texts: Sequence[Sequence[str]]) -> Read:
        """Look up the words of texts, for what the other calls tell of them; new words are worked out."""
        if len(self._places) > KEPT_WORDS:
            self._forget()
        flat: list[str] = []
        starts: list[int] = []
        for words in texts:
            starts.append(len(flat))
            flat.append(START)
            flat += words
        places = np.fromiter(map(self._places.__getitem__, flat), np.int64, len(flat))
        return Read(flat, places, np.array(starts, np.int64))

    def scores(self, read: Read) -> Floats:
        """Return the score of each text for each class."""
        if not len(read.starts):
            return np.zeros((0, len(self.scales)), np.float32)
        sums = np.add.reduceat(self._kept[read.places], read.starts, axis=0)
        for table, numbers in zip(self._tables, self._numbers, strict=True):
            table.add_to(sums, numbers[read.places], read.starts)
        lengths = np.sqrt(np.maximum(sums[:, -1:], 1e-9))
        return np.asarray(sums[:, :-1] * self.scales / lengths + self.intercepts, np.float32)

    def loudest(self, read: Read, columns: Integers, most: int) -> list[list[str]]:
        """Return of each text the words that spoke the loudest for its class, at most so many."""
        count = len(read.starts)
        text_of = np.repeat(np.arange(count), np.diff(read.starts, append=len(read.flat)))
        said = self._kept[read.places, columns[text_of]]
        order = np.lexsort((-said, text_of))
        rank = np.arange(len(order)) - read.starts[text_of]
        chosen = order[(rank < most) & (said[order] > 0)]
        words = [read.flat[place] for place in chosen.tolist()]
        ends = np.searchsorted(text_of[chosen], np.arange(count + 1)).tolist()
        return [words[start:end] for start, end in pairwise(ends)]

    def rarity_of(self, standard: str, unknown: float) -> float:
        """Return the inverse document frequency of a standard word; `unknown` for one that training never met."""
        row = self.rows.get(f"d{standard}")
        return unknown if row is None else float(self.rarity[row])

    def _forget(self) -> None:
        self._places = _Places(self._work_out)
        self._places[START] = 0
        self._kept = np.zeros((4096, len(self.scales) + 1), np.float32)
        self._numbers = np.full((len(self._tables), 4096), UNNAMED, np.int64)

    def _work_out(self, word: str) -> int:
        """Work out what a word adds to the scores, and its numbers in the tables of pairs, and keep them."""
        place = len(self._places)
        if place == len(self._kept):
            self._kept = np.concatenate([self._kept, np.zeros_like(self._kept)])
            self._numbers = np.concatenate([self._numbers, np.full_like(self._numbers, UNNAMED)], axis=1)
        self._kept[place] = self._speaks(forms.of_word(word, self.lexicon))
        self._numbers[:, place] = [table.numbers.get(table.name_of(word), UNNAMED) for table in self._tables]
        self._places[word] = place
        return place

    def _speaks(self, features: Sequence[str]) -> Floats:
        """Return what features add to each score, and in the last column the square of their length."""
        rows = [row for row in map(self.rows.get, features) if row is not None]
        rarity = self.rarity[rows]
        added = np.empty(len(self.scales) + 1, np.float32)
        np.dot(rarity, self.weights[rows], out=added[:-1])
        added[-1] = rarity @ rarity
        return added

    def _pairs_of(self, number: int) -> Pairs:
        """Return the pairs of one pairing that training met."""
        pairing = forms.PAIRINGS[number]
        numbers = {name[1:]: row for name, row in self.rows.items() if name[0] == pairing.of}
        chosen = np.flatnonzero(self.pairs[:, 0] == number)
        rarity = self.rarity[len(self.rows) + chosen, None]
        scores = np.hstack([rarity * self.weights[len(self.rows) + chosen], rarity * rarity])
        pairs = self.pairs[chosen, 1:].astype(np.int64)
        return Pairs.of(
            partial(forms.name_in, pairing.of, lexicon=self.lexicon), numbers, pairs, scores, pairing.apart
        )

    def _phrases(self) -> Pairs:
        """Return the concepts' phrases of two words."""
        phrases = [key for key in self.lexicon.concepts if key.count(" ") == 1]
        stems = sorted({stem for phrase in phrases for stem in phrase.split(" ")})
        numbers = {stem: number for number, stem in enumerate(stems)}
        named = [forms.of_phrase(phrase, self.lexicon) for phrase in phrases]
        pairs = [[numbers[stem] for stem in phrase.split(" ")] for phrase in phrases]
        of_concepts = {concepts: self._speaks(concepts) for concepts in set(map(tuple, named))}
        scores = [of_concepts[tuple(concepts)] for concepts in named]
        width = len(self.scales) + 1
        return Pairs.of(
            forms.stem,
            numbers,
            np.array(pairs, np.int64).reshape(-1, 2),
            np.array(scores, np.float32).reshape(-1, width),
        )
