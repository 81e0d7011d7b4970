"""Hiding personal data in what is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tafaul.understanding import personal

_ADDRESS = re.compile(r"^(?:\s*@\w+)+\s*")

MASK = "•"
KEPT = 2
"""Characters left at the end, so that a person can tell two numbers apart."""


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Replace spans (start, end, sort) of a text by dots, all but the last two characters of each."""
    for start, end, _sort in sorted(spans, reverse=True):
        hidden = max(end - start - KEPT, 1)
        text = text[:start] + MASK * hidden + text[start + hidden :]
    return text


def without_personal_data(text: str) -> str:
    """Return a colleague's words with the personal data that is found in them hidden."""
    return mask(text, [(span.start, span.end, span.sort) for span in personal.spans(text)])


def without_address(text: str) -> str:
    """Return a text without the handles at its beginning: they say to whom, and would turn Arabic to the left."""
    return _ADDRESS.sub("", text) or text
