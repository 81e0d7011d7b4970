"""Arabic as people type it on a phone, brought to one form word by word, so that words can be looked up.

Words keep their places: what is found in the normalised words can be pointed to in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LINK, MENTION, NUMBER = "<link>", "<mention>", "<number>"
"""What links, mentions and longer numbers are folded to. Five digits stay: people know hotlines by them."""

FOLDED = frozenset((LINK, MENTION, NUMBER))

LONGEST_WORD = 40
"""Characters of a word that are kept; no Arabic word is longer."""

LONGEST_TOKEN = 400
"""Characters of a token, such as a hashtag, that are read."""

_DIGITS = {
    ord(char): str(place)
    for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "０１２３４５６７８９")
    for place, char in enumerate(digits)
}
_LETTERS = {
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("?"): "؟",
    **dict(zip(map(ord, "ةىئؤگچپڤکیےۀہھڪ"), "هييوقجبفكييهههك", strict=True)),
}
_LOOKALIKES = dict(zip(map(ord, "асеіорхуԁһјѕαορν"), "aceiopxydhjsaopv", strict=True))
"""Cyrillic and Greek letters that stand for Latin ones they look like (Unicode TR 39)."""

_MARKS = (
    "\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
"""Tatweel, diacritics, zero-width characters and controls of direction: they carry no meaning for looking up."""

_TOKEN = re.compile(
    rf"(?i:https?://|www\.)\S+|@[\w{_MARKS}]+|[\w{_MARKS}]+"
    r"|[?؟!]|[\U0001F000-\U0001FAFF\u2600-\u27bf\u2b50\u2764]"
)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_MARK = re.compile(f"[{_MARKS}]+")
_TABLE: dict[int, str | None] = {**_DIGITS, **_LETTERS, **_LOOKALIKES}
_PLAIN = re.compile(r"[\u0621-\u064a0-9a-z]+")
_STRETCHED = re.compile(r"(\D)\1{2,}")
_PART = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+|\d+")


def words(text: str) -> list[str]:
    """Return the words of a text, each in one form: lower case, one form for each letter and digit.

    Letters repeated three times or more are written once, hashtags split at their underscores, links, mentions and
    long numbers folded. Emoji, question and exclamation marks are words too.
    """
    return [word for raw in _TOKEN.findall(text) for word in _forms(raw[:LONGEST_TOKEN])]


def aligned(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the words of a text as `words` does, and where each stands in the text as it was written."""
    forms_of = list(map(_forms, _TOKEN.findall(text))) if len(text) <= LONGEST_TOKEN else []
    if forms_of and all(len(forms) == 1 for forms in forms_of):
        return [forms[0] for forms in forms_of], [match.span() for match in _TOKEN.finditer(text)]
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        raw, start = match.group()[:LONGEST_TOKEN], match.start()
        forms = _forms(raw)
        if len(forms) == 1:
            found += forms
            spans.append((start, start + len(raw)))
        else:
            parts = [part.span() for part in _PART.finditer(raw) if _MARK.sub("", part.group())]
            if len(parts) != len(forms):
                parts = [(0, len(raw))] * len(forms)
            found += forms
            spans += [(start + begin, start + end) for begin, end in parts]
    return found, spans


def digits(text: str) -> str:
    """Return a text of the same length with the digits of Arabic, Persian, Hindi and Bengali as ASCII ones."""
    return text.translate(_DIGITS)


@lru_cache(maxsize=200_000)
def _forms(raw: str) -> tuple[str, ...]:
    """Return the normalised words of a token: several for a hashtag, none for marks alone."""
    if raw[0] == "@":
        return (MENTION,)
    if _LINK.match(raw):
        return (LINK,)
    plain = _MARK.sub("", raw).translate(_TABLE).lower()
    if not _PLAIN.fullmatch(plain):
        plain = unicodedata.normalize("NFKC", plain).translate(_TABLE).lower()
        plain = _MARK.sub("", plain)
    plain = _STRETCHED.sub(r"\1", plain)
    parts = [part.group() for part in _PART.finditer(plain)] or (
        [plain] if plain and plain != "_" * len(plain) else []
    )
    return tuple(NUMBER if part.isdigit() and len(part) > 5 else part[:LONGEST_WORD] for part in parts)
