"""Texts as channels give them, made fit to keep."""

from __future__ import annotations


def storable(text: str) -> str:
    """Return a text that a database can hold: NUL and lone surrogates become U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        # Halves of one character are joined first, so that only the lonely are lost.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
