"""Understanding: a citizen's text in, what the desk needs to know out. Pure Python, usable alone."""

from __future__ import annotations

from tafaul.understanding.reading import Understanding, trained, understand

__all__ = ["Understanding", "trained", "understand"]
