"""Phrases that say why a post is urgent: the reason that people read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tafaul.understanding.normal import words

PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ف", "ل", "ه", "")


class Reasons:
    """Reasons of urgency, the gravest first, each with its phrases.

    A phrase's words are found with any prefix such as و and ال before the first. `otherwise` is the reason of an
    urgent post with no phrase; phrases of the reasons `always` make a post urgent, whatever speaks against it.
    """

    def __init__(self, told: Mapping[str, Sequence[Any]], otherwise: str, always: Collection[str]) -> None:
        self._reasons = [*told, otherwise]
        self._always = frozenset(always)
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for grave, phrases in enumerate(told.values()):
            for phrase in phrases:
                first, *rest = words(str(phrase))
                for prefix in PREFIXES:
                    self._by_first.setdefault(prefix + first, []).append((tuple(rest), grave))

    def of(self, said: Sequence[str], *, is_urgent: bool) -> str | None:
        """Return the gravest reason that the words of a post name; None when it is not urgent."""
        known, gravest = self._by_first, len(self._reasons) - 1
        for place in [place for place, word in enumerate(said) if word in known]:
            for rest, grave in known[said[place]]:
                if grave < gravest and tuple(said[place + 1 : place + 1 + len(rest)]) == rest:
                    gravest = grave
        reason = self._reasons[gravest]
        return reason if is_urgent or reason in self._always else None
