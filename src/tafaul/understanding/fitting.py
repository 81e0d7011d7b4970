"""Fitting a linear model to labelled texts: what features there are, how rare, and what each weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from tafaul.understanding import forms
from tafaul.understanding.linear import Linear

SEEN_IN = 3
"""Texts that a feature must stand in; what stands in one text alone teaches nothing."""

LOUDNESS = 1.5
"""How much louder a concept of the pack speaks than a word: posts are too few to teach what people know."""

RARITY = 1.5
"""The power to which inverse document frequencies are raised: what is common says less yet."""

STIFFNESS = 1.0
"""The C of the support vector machines."""


@dataclass(slots=True)
class Vocabulary:
    """The features of a set of texts, each with its row and its inverse document frequency."""

    rows: dict[str, int]
    rarity: NDArray[np.float32]
    lexicon: forms.Lexicon

    def matrix(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the texts as rows of features, as `Linear.scores` sees them."""
        columns: list[int] = []
        starts, lengths = [0], []
        for words in texts:
            found = [self.rows[name] for name in forms.of_text(words, self.lexicon) if name in self.rows]
            columns += found
            rarity = self.rarity[found]
            starts.append(len(columns))
            lengths.append(max(float(rarity @ rarity), 1e-9) ** 0.5)
        values = self.rarity[columns] / np.repeat(np.array(lengths, np.float32), np.diff(starts))
        shape = (len(texts), len(self.rarity))
        found_in = sparse.csr_matrix((values, np.array(columns, np.int32), np.array(starts)), shape=shape)
        found_in.sum_duplicates()
        return found_in


def vocabulary(texts: Sequence[Sequence[str]], lexicon: forms.Lexicon) -> Vocabulary:
    """Return the features that stand in at least `SEEN_IN` of the texts, given as their words; pairs last."""
    seen: Counter[str] = Counter()
    for words in texts:
        seen.update(set(forms.of_text(words, lexicon)))
    kept = sorted(
        (name for name, count in seen.items() if count >= SEEN_IN), key=lambda name: (_is_pair(name), name)
    )
    counts = np.array([seen[name] for name in kept], np.float64)
    loud = np.array([LOUDNESS if name.startswith(forms.CONCEPT) else 1.0 for name in kept])
    rarity = ((np.log((1 + len(texts)) / (1 + counts)) + 1) ** RARITY * loud).astype(np.float16).astype(np.float32)
    return Vocabulary({name: row for row, name in enumerate(kept)}, rarity, lexicon)


def _is_pair(name: str) -> bool:
    return name.startswith(forms.PAIR_LETTERS)


def weigh(
    rows: sparse.csr_matrix, labels: Sequence[str]
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Return the classes, and the weights (a column each) and intercepts that tell each from all others."""
    if len(set(labels)) == 1:
        return [labels[0]], np.zeros((rows.shape[1], 1)), np.ones(1)
    machine = LinearSVC(C=STIFFNESS, random_state=0, class_weight="balanced", max_iter=2_000).fit(rows, labels)
    classes, weights, intercepts = list(machine.classes_), machine.coef_, machine.intercept_
    if len(classes) == 2:
        weights, intercepts = np.vstack([-weights, weights]), np.concatenate([-intercepts, intercepts])
    return classes, weights.T, intercepts


def linear(known: Vocabulary, weights: NDArray[np.float64], intercepts: NDArray[np.float64]) -> Linear:
    """Return the model that scores texts with these weights, kept as small integers."""
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    rows = {name: row for name, row in known.rows.items() if not _is_pair(name)}
    pairs = [_numbers(name, rows) for name in known.rows if _is_pair(name)]
    return Linear(
        rows=rows,
        pairs=np.array(pairs, np.int32).reshape(-1, 3),
        weights=np.round(weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        rarity=known.rarity,
        intercepts=intercepts.astype(np.float32),
        lexicon=known.lexicon,
    )


def _numbers(pair: str, rows: dict[str, int]) -> tuple[int, int, int]:
    """Return the number of a pair's pairing and the rows of its two names."""
    number = forms.PAIR_LETTERS.index(pair[0])
    first, second = pair[1:].split(" ")
    of = forms.PAIRINGS[number].of
    return number, rows[of + first], rows[of + second]
