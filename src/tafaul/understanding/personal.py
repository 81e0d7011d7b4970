"""Personal data in a text, found by form and check digits. Numbers of reports and orders are not personal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tafaul.understanding.normal import digits


@dataclass(frozen=True, slots=True)
class Span:
    """Where personal data stands in a text as it was given, and of which sort it is."""

    start: int
    end: int
    sort: str


_HINT = re.compile(r"\d|\w@\w")
"""Without one of these a text holds none of what follows."""
_SEP = r"[ \-\u200c-\u200f]?"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z]{2,}", re.ASCII)
_IBAN = re.compile(rf"\bSA(?:{_SEP}\d){{22}}(?!\d)", re.IGNORECASE)
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?{_SEP}966{_SEP}0?|0)5(?:{_SEP}\d){{8}}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){15}\d(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)[12]\d{9}(?!\d)")
_NAMED_IDENTITY = re.compile(
    r"(?:هوي[تة]ي?|هويه|[إا]قام[تة]ي?|اقامه|السجل المدني|سجلي المدني|\bid\b|iqama)\D{0,12}(\d{8,11})(?!\d)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:مواليد|ميلاد[يه]*|تاريخ الميلاد|born|dob)\D{0,12}(\d{1,4}[/\-.]\d{1,2}[/\-.]\d{1,4})", re.IGNORECASE
)


def luhn(number: str) -> bool:
    """Tell whether the digits of a number pass the Luhn check (ISO/IEC 7812-1)."""
    total = 0
    for place, char in enumerate(reversed(re.sub(r"\D", "", number))):
        digit = int(char) * (1 + place % 2)
        total += digit - 9 * (digit > 9)
    return total % 10 == 0


def _iban_is_valid(text: str) -> bool:
    """Check the two check digits (ISO 13616: modulo 97 is 1)."""
    compact = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


SORTS: tuple[tuple[str, re.Pattern[str], int, Callable[[str], bool] | None], ...] = (
    ("email", _EMAIL, 0, None),
    ("iban", _IBAN, 0, _iban_is_valid),
    ("mobile", _MOBILE, 0, None),
    ("card", _CARD, 0, luhn),
    ("identity", _IDENTITY, 0, luhn),
    ("identity", _NAMED_IDENTITY, 1, None),
    ("birth", _BIRTH, 1, None),
)
"""Sort, form, the part of the form to hide, and the check that tells it from other numbers."""


def spans(text: str) -> tuple[Span, ...]:
    """Return where personal data stands in a text: identity and mobile numbers, IBAN, cards, e-mail, birth dates.

    Saudi identity and residence numbers begin with 1 or 2, have ten digits and pass the Luhn check; behind words
    such as «my ID is» a number with a slip in it counts as well.
    """
    if not _HINT.search(text):
        return ()
    plain = digits(text)
    found: list[Span] = []

    def keep(start: int, end: int, sort: str) -> None:
        if all(end <= span.start or start >= span.end for span in found):
            found.append(Span(start, end, sort))

    for sort, form, group, is_valid in SORTS:
        for match in form.finditer(plain):
            if is_valid is None or is_valid(match.group(group)):
                keep(*match.span(group), sort)
    return tuple(sorted(found, key=lambda span: span.start))
