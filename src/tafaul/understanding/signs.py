"""Words and phrases that are signs by themselves: of danger, of advertising, of abuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tafaul.understanding.normal import words

LONGEST = 4
"""Words of the longest phrase."""

PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ف", "ل", "ه", "")


class Signs:
    """Phrases, and what each is a sign of: of urgency with its reason, of spam, or of abuse.

    A phrase's words are found with any prefix such as و and ال before the first.
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for reason, phrases in told["urgent"].items():
            self._add(phrases, "urgent", reason)
        self._add(told["spam"], "spam", "")
        self._add(told["abuse"], "abuse", "")

    def _add(self, phrases: Sequence[Any], sort: str, reason: str) -> None:
        for phrase in phrases:
            first, *rest = words(str(phrase))
            for prefix in PREFIXES:
                self._by_first.setdefault(prefix + first, []).append((tuple(rest), sort, reason))

    def find(self, said: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield what the words are signs of: «urgent», «spam» or «abuse», and the reason."""
        known = self._by_first
        if known.keys().isdisjoint(said):
            return
        for place, word in enumerate(said):
            if word in known:
                for rest, sort, reason in known[word]:
                    if not rest or tuple(said[place + 1 : place + 1 + len(rest)]) == rest:
                        yield sort, reason
