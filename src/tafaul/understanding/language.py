"""The language of a text, as far as it matters here: Arabic, English, or another that nobody should guess at."""

from __future__ import annotations

import re

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_URDU = re.compile(r"[ٹڈڑںےھہۓ]")
_PERSIAN = re.compile("[\u06cc\u06a9پژ]")
_LATIN = re.compile(r"[a-z]+", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_OTHER_LETTER = re.compile(r"[^\W\d_\u0621-\u064a\u064b-\u0652]")
"""A letter that Arabic does not have."""
_LINK_OR_MENTION = re.compile(r"https?://\S+|www\.\S+|@\w+")

ENGLISH = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "day",
        "days",
        "did",
        "do",
        "does",
        "dont",
        "for",
        "from",
        "get",
        "good",
        "got",
        "had",
        "has",
        "have",
        "he",
        "hello",
        "help",
        "here",
        "hi",
        "how",
        "i",
        "if",
        "im",
        "in",
        "is",
        "it",
        "its",
        "just",
        "know",
        "like",
        "me",
        "more",
        "my",
        "need",
        "never",
        "new",
        "no",
        "not",
        "now",
        "of",
        "on",
        "one",
        "or",
        "our",
        "out",
        "please",
        "she",
        "since",
        "so",
        "still",
        "such",
        "than",
        "thank",
        "thanks",
        "that",
        "the",
        "their",
        "them",
        "there",
        "they",
        "this",
        "time",
        "to",
        "today",
        "too",
        "up",
        "us",
        "very",
        "was",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
"""The commonest words of English: of an English text about half the words are among them."""

ENGLISH_SHARE = 0.2
FOREIGN_SHARE = 0.04
"""Share of letters that only Urdu or Persian has, from which on a text in Arabic script is in that language."""


def language(text: str) -> str:
    """Return «ar», «en», «ur» or «fa»; «und» for any other language or a text in which two are even.

    Arabic with words of English among it is Arabic. A text without letters counts as Arabic.
    """
    if not _OTHER_LETTER.search(text):
        return "ar"
    text = _LINK_OR_MENTION.sub(" ", text)
    arabic = sum(map(len, _ARABIC.findall(text)))
    letters = len(_LETTER.findall(text))
    if 2 * arabic >= letters:
        return _of_arabic_script(text, arabic)
    found = _LATIN.findall(text.lower())
    if sum(map(len, found)) < letters / 2:
        return "und"
    if arabic and 3 * arabic >= letters:
        return "ar"
    return "en" if sum(word in ENGLISH for word in found) >= ENGLISH_SHARE * len(found) else "und"


def _of_arabic_script(text: str, letters: int) -> str:
    if len(_URDU.findall(text)) > FOREIGN_SHARE * letters:
        return "ur"
    return "fa" if len(_PERSIAN.findall(text)) > FOREIGN_SHARE * letters else "ar"
