"""Approved words: what may be said, in each answer mode, from the country's pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tafaul.bodies import pack


def _wordings(body: str, mode: str, topic: str, language: str) -> list[str]:
    """Return the wordings that fit best: the topic's, the body's, the general ones."""
    replies: Any = pack.read("replies")
    sources = (replies["topics"].get(topic), replies["bodies"].get(body), replies["general"])
    for source in sources:
        if source and (found := source.get(mode, {}).get(language)):
            return list(found)
    raise KeyError(f"the pack has no words for {mode} in {language}")


def words(*, body: str, mode: str, topic: str, turn: int, language: str, variables: Mapping[str, str]) -> str:
    """Return approved words with their variables filled; wordings take turns with `turn`.

    A body's own message word for word, such as the unified message, has one wording only. Raises `KeyError` when
    the pack has no words for the mode and language, or a variable is not given.
    """
    wordings = _wordings(body, mode, topic, language)
    return wordings[turn % len(wordings)].format_map(variables)
