"""Arabic as people type it on a phone, brought to one form, so that words can be looked up."""

from __future__ import annotations

import re

_DIGITS = {ord(char): str(place) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for place, char in enumerate(digits)}
_LETTERS = {
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("ة"): "ه",
    ord("ى"): "ي",
    ord("ئ"): "ي",
    ord("ؤ"): "و",
    ord("گ"): "ق",
    ord("چ"): "ج",
    ord("پ"): "ب",
    ord("ڤ"): "ف",
    ord("ک"): "ك",
    ord("ی"): "ي",
    ord("_"): " ",
    ord("#"): " ",
}
# Tatweel, diacritics, zero-width characters and controls of direction carry no meaning for looking up.
_NOTHING = dict.fromkeys([0x640, *range(0x64B, 0x660), 0x670, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
                          *range(0x2060, 0x206A), 0xFEFF, 0xFE0F])  # fmt: skip
_TABLE: dict[int, str | None] = {**_DIGITS, **_LETTERS, **_NOTHING}

_LINK_OR_MENTION = re.compile(r"https?://\S+|www\.\S+|@\w+", re.ASCII)
_STRETCHED = re.compile(r"(\D)\1{2,}")
_WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """Return a text in lower case with one form for each letter and digit.

    Mentions and links are taken out, hashtags split, letters repeated three times or more written once.
    """
    text = _LINK_OR_MENTION.sub(" ", text).translate(_TABLE).lower()
    return _STRETCHED.sub(r"\1", text)


def digits(text: str) -> str:
    """Return a text of the same length with Arabic-Indic and Persian digits as ASCII ones."""
    return text.translate(_DIGITS)


def words(text: str) -> list[str]:
    """Return the words of a normalised text."""
    return _WORD.findall(text)
