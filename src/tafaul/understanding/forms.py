"""What is looked at in a word and in two words that follow each other: stem, standard word, skeleton, letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What a pack knows of words.

    `standards`: words of the dialects, and the standard word that each stands for. `concepts`: stems, one or two
    parted by a blank, and the topics, kinds and fields whose vocabulary they belong to.
    """

    standards: Mapping[str, str]
    concepts: Mapping[str, Sequence[str]]
    _kept: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def meaning(self, word: str) -> str:
        """Return the standard word that a dialect's word stands for, or the word's stem."""
        meant = self._kept.get(word)
        if meant is None:
            if len(self._kept) > KEPT_WORDS:
                self._kept.clear()
            meant = self._kept[word] = _standard(word, self.standards)
        return meant

    def concepts_of(self, word: str) -> Sequence[str]:
        """Return the topics, kinds and fields that a word belongs to, whatever is joined to it."""
        for form in (stem(word), *_without_endings(word)):
            if form in self.concepts and len(form) >= SHORTEST:
                return self.concepts[form]
        return self.concepts.get(word, ())


KEPT_WORDS = 100_000
"""Words whose meanings are kept in memory; when there are more, all are forgotten and the keeping begins anew."""

PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
DIALECT_PREFIXES = (*PREFIXES, "هال", "عال", "حال", "ام", "ح", "ه", "س", "ع")
SUFFIXES = (
    *(
        "كما",
        "هما",
        "تين",
        "تان",
        "يات",
        "كم",
        "هم",
        "هن",
        "نا",
        "ها",
        "ات",
        "ون",
        "ين",
        "تي",
        "ته",
        "تك",
        "ني",
        "وا",
    ),
    *("ه", "ي", "ك", "ت"),
)
CONCEPT = "h"
"""First letter of the features that name a concept."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """A sort of feature that is two names: `letter` begins it, `of` begins the single names' own features.

    The two words stand `apart` places from each other.
    """

    letter: str
    of: str
    apart: int


PAIRINGS = (Pairing("D", "d", 1), Pairing("x", "k", 1), Pairing("E", "d", 2))
"""Standard words that follow each other, their consonants, and standard words with one word between."""

PAIR_LETTERS = tuple(pairing.letter for pairing in PAIRINGS)

SHORTEST = 3
"""Letters that a stem keeps at least."""

LETTERS = (3, 5)
"""Shortest and longest run of letters that is looked at."""

_NO_VOWELS = str.maketrans("", "", "اويءه")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a normalised word without its article, conjunction, preposition and ending: a light stem."""
    if word.startswith(PREFIXES):
        for prefix in PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST:
                word = word[len(prefix) :]
                break
    if word.endswith(SUFFIXES):
        for suffix in SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST:
                return word[: -len(suffix)]
    return word


def _standard(word: str, standards: Mapping[str, str]) -> str:
    if word in standards:
        return standards[word]
    short = stem(word)
    if short in standards:
        return standards[short]
    for bare in _without_endings(word):
        if bare in standards:
            return standards[bare]
    return short


@lru_cache(maxsize=1_000)
def _without_endings(word: str) -> Sequence[str]:
    """Return a word without each of the prefixes and endings that it may have; each is asked for twice running."""
    bare = [word]
    if word.startswith(DIALECT_PREFIXES):
        bare += [word[len(prefix) :] for prefix in DIALECT_PREFIXES if word.startswith(prefix)]
    if word.endswith(SUFFIXES):
        bare += [form[: -len(suffix)] for suffix in SUFFIXES if word.endswith(suffix) for form in bare]
    return [form for form in bare if len(form) > 1]


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """Return the consonants of a stem, which dialects and misspellings change least."""
    return word.translate(_NO_VOWELS) or word


def name_in(of: str, word: str, lexicon: Lexicon) -> str:
    """Return the name of a word that its features of a sort bear: «d» the standard word, «k» its consonants."""
    meant = lexicon.meaning(word)
    return meant if of == "d" else skeleton(meant)


def of_word(word: str, lexicon: Lexicon) -> list[str]:
    """Return the features of a word. The first letter of each says of which sort it is."""
    meant = lexicon.meaning(word)
    return [
        f"w{word}",
        f"d{meant}",
        f"k{skeleton(meant)}",
        *_runs("c", word),
        *_runs("e", meant),
        *(CONCEPT + name for name in lexicon.concepts_of(word)),
    ]


def of_phrase(phrase: str, lexicon: Lexicon) -> list[str]:
    """Return the features of two stems that follow each other, parted by a blank: the concepts that they name."""
    return [CONCEPT + name for name in lexicon.concepts.get(phrase, ())]


def of_text(words: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """Yield the features of a text's words and of neighbours among them, in training."""
    for word in words:
        yield from of_word(word, lexicon)
    for first, second in pairwise(words):
        yield from of_phrase(f"{stem(first)} {stem(second)}", lexicon)
    for pairing in PAIRINGS:
        names = [name_in(pairing.of, word, lexicon) for word in words]
        for first, second in zip(names, names[pairing.apart :], strict=False):
            yield f"{pairing.letter}{first} {second}"


def _runs(letter: str, word: str) -> list[str]:
    """Return the features that are a word's runs of letters, its beginning and end marked."""
    padded = f"_{word}_"
    shortest, longest = LETTERS
    return [
        letter + padded[start : start + length]
        for length in range(shortest, longest + 1)
        for start in range(len(padded) - length + 1)
    ]
