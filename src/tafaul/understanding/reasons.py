"""Phrases that say why a post is urgent: the reason that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tafaul.understanding.normal import words

PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ف", "ل", "ه", "")


class Reasons:
    """Reasons of urgency, each with its phrases. `otherwise` is the reason where no phrase stands.

    A phrase's words are found with any prefix such as و and ال before the first.
    """

    def __init__(self, told: Mapping[str, Sequence[Any]], otherwise: str) -> None:
        self._otherwise = otherwise
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for reason, phrases in told.items():
            for phrase in phrases:
                first, *rest = words(str(phrase))
                for prefix in PREFIXES:
                    self._by_first.setdefault(prefix + first, []).append((tuple(rest), reason))

    def of(self, said: Sequence[str]) -> str:
        """Return the reason that the words of an urgent post name first."""
        for place, word in enumerate(said):
            for rest, reason in self._by_first.get(word, ()):
                if tuple(said[place + 1 : place + 1 + len(rest)]) == rest:
                    return reason
        return self._otherwise
