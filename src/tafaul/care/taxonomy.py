"""Names of kinds, topics and places in the reader's language, from the country's pack."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import get_language

from tafaul.bodies.pack import read


def _named(entry: dict[str, str] | None, slug: str) -> str:
    if not entry:
        return slug
    english = (get_language() or "").startswith("en")
    return (english and entry.get("en")) or entry.get("ar") or slug


def kind_name(kind: str) -> str:
    """Name of a kind."""
    return _named(read("taxonomy")["kinds"].get(kind), kind)
