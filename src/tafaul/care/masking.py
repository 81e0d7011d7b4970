"""Hiding personal data in what is shown."""

from __future__ import annotations

from collections.abc import Iterable

MASK = "•"
KEPT = 2
"""Characters left at the end, so that a person can tell two numbers apart."""


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Replace spans (start, end, sort) of a text by dots, all but the last two characters of each."""
    for start, end, _sort in sorted(spans, reverse=True):
        hidden = max(end - start - KEPT, 1)
        text = text[:start] + MASK * hidden + text[start + hidden :]
    return text
