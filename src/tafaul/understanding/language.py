"""The language of a text, as far as it matters here: Arabic, English, or another that nobody should guess at."""

from __future__ import annotations

import re

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_URDU = re.compile(r"[ٹڈڑںےہۓ]")
_PERSIAN = re.compile("[\u06cc\u06a9پژ]")
_PERSIAN_WORDS = re.compile(
    r"(?<!\w)(?:است|می|را|که|این|برای|چه|چطور|من|شما|کجا|هست|نیست|کنم|شود|با|در|کنید|لطفا)(?!\w)"
)
"""Words that tell Persian from Arabic which was typed on a Persian keyboard."""
_LATIN = re.compile(r"[a-z]+", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_OTHER_LETTER = re.compile(r"[^\W\d_\u0621-\u064a\u064b-\u0652]")
"""A letter that Arabic does not have."""
_LINK_OR_MENTION = re.compile(r"https?://\S+|www\.\S+|@\w+")

ENGLISH = frozenset(
    [
        "a",
        "about",
        "account",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "app",
        "application",
        "approved",
        "are",
        "as",
        "at",
        "bank",
        "be",
        "been",
        "bill",
        "bills",
        "bin",
        "broken",
        "building",
        "but",
        "by",
        "call",
        "called",
        "camera",
        "can",
        "card",
        "charge",
        "charged",
        "citizen",
        "city",
        "company",
        "complaint",
        "could",
        "customer",
        "day",
        "days",
        "delivery",
        "did",
        "do",
        "does",
        "dogs",
        "dont",
        "electricity",
        "family",
        "fee",
        "fees",
        "flooded",
        "food",
        "for",
        "fraud",
        "from",
        "garbage",
        "get",
        "good",
        "got",
        "government",
        "had",
        "has",
        "have",
        "he",
        "hello",
        "help",
        "here",
        "hi",
        "house",
        "how",
        "i",
        "if",
        "im",
        "in",
        "internet",
        "is",
        "it",
        "its",
        "job",
        "just",
        "km",
        "know",
        "late",
        "leak",
        "light",
        "lights",
        "like",
        "loan",
        "manager",
        "me",
        "medicine",
        "message",
        "mobile",
        "money",
        "month",
        "months",
        "more",
        "my",
        "need",
        "network",
        "never",
        "new",
        "no",
        "not",
        "notice",
        "now",
        "of",
        "office",
        "on",
        "one",
        "or",
        "order",
        "our",
        "out",
        "outage",
        "package",
        "paid",
        "park",
        "parking",
        "payment",
        "pending",
        "permit",
        "phone",
        "please",
        "price",
        "prices",
        "problem",
        "refund",
        "register",
        "rejected",
        "rent",
        "report",
        "request",
        "road",
        "salary",
        "school",
        "service",
        "sewage",
        "she",
        "shop",
        "signal",
        "since",
        "slow",
        "so",
        "speed",
        "still",
        "street",
        "such",
        "support",
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
        "traffic",
        "transfer",
        "trash",
        "up",
        "us",
        "very",
        "visa",
        "waiting",
        "was",
        "water",
        "we",
        "week",
        "weeks",
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
        "work",
        "worker",
        "workers",
        "would",
        "wrong",
        "year",
        "you",
        "your",
    ]
)
"""The commonest words of English, and those that people use to write to a body."""

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
    found = _LATIN.findall(text.lower().replace("'", "").replace("’", ""))
    if sum(map(len, found)) < letters / 2:
        return "und"
    if arabic and 3 * arabic >= letters:
        return "ar"
    return "en" if sum(word in ENGLISH for word in found) >= ENGLISH_SHARE * len(found) else "und"


def _of_arabic_script(text: str, letters: int) -> str:
    if len(_URDU.findall(text)) > FOREIGN_SHARE * letters:
        return "ur"
    is_persian = len(_PERSIAN.findall(text)) > FOREIGN_SHARE * letters and len(_PERSIAN_WORDS.findall(text)) > 1
    return "fa" if is_persian else "ar"
