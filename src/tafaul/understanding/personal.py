"""Personal data in a text, found by form and check digits. Numbers of reports and orders are not personal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import iban, luhn

from tafaul.understanding.normal import digits

COUNTRY = "SA"
"""Where a telephone number without a country code is at home."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where personal data stands in a text as it was given, and of which sort it is."""

    start: int
    end: int
    sort: str


_HINT = re.compile(r"\d|@(?<=\w@)(?=\w)")
"""Without one of these a text holds none of what follows."""
_MAY_BE_LONG = re.compile(r"@(?<=\w@)(?=\w)|\d(?:[^\w\n]{0,2}\d){6}")
"""Without this it holds no e-mail address and no number of eight digits."""
_SEP = r"[ .\-()\u00a0\u200b-\u200f\u202a-\u202e\u2066-\u2069]{0,2}"
"""What may part the digits of a number: blanks, dots, dashes, brackets and controls of direction."""
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}\b", re.ASCII | re.I)
_IBAN = re.compile(
    rf"(?<![a-z\d])[a-z]{{2}}(?:{_SEP}\d){{2}}(?:{_SEP}[a-z\d]){{11,30}}(?![a-z\d])", re.I | re.ASCII
)
_SAUDI_MOBILE = re.compile(rf"(?<![\d+])(?:(?:(?:\+|00){_SEP})?966{_SEP}0?|0)5(?:{_SEP}\d){{8}}(?!\d)")
_FOREIGN = re.compile(rf"(?<![\d+])\+{_SEP}[1-9](?:{_SEP}\d){{7,14}}(?!\d)")
_CARD = re.compile(r"(?<!\d)[3-6](?:[ -]?\d){12,18}(?!\d)")
_IDENTITY = re.compile(rf"(?<!\d)[12](?:{_SEP}\d){{9}}(?!\d)")
_NAMED_IDENTITY = re.compile(
    rf"(?:هوي[تةه]ي?|[إا]قام[تةه]ي?|سجلي? ?المدني|\bid\b|iqama)[^\d\n]{{0,12}}(\d(?:{_SEP}\d){{7,10}})(?!\d)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:مواليد|ميلاد[يه]*|\bborn\b|\bdob\b)[^\d\n]{0,12}(\d{1,4}[/\-.]\d{1,2}[/\-.]\d{1,4})", re.IGNORECASE
)
_PLATE = re.compile(
    r"(?<!\w)([ابحدرسصطعقكلمنهويىأإ](?: [ابحدرسصطعقكلمنهويىأإ]){2} ?\d{1,4}|\d{1,4} ?[ابحدرسصطعقكلمنهويىأإ]"
    r"(?: [ابحدرسصطعقكلمنهويىأإ]){2})(?!\w)"
)
_NAMED_PLATE = re.compile(
    r"(?:لوح[تةه]\w*|\bplate)[^\d\n]{0,14}?"
    r"(?<!\w)((?:[ابحدرسصطعقكلمنهويى]{3}|[abdeghjklnrstuvxz]{3}) ?\d{1,4})(?!\w)",
    re.IGNORECASE,
)
_NUMBER_OF_A_MATTER = re.compile(
    r"(?:بلاغ|طلب|شكو[ىي]|معامل[ةه]|فاتور[ةه]|شحن[ةه]|تتبع|عملي[ةه]|حوال[ةه]|سداد|مرجع|order|ticket|ref|track)"
    r"\w{0,2}(?: ?(?:رقم\w{0,3}|no|number))?[^\w\n]{0,4}$",
    re.IGNORECASE,
)


def _only_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_identity(text: str) -> bool:
    return luhn.is_valid(_only_digits(text))


def _is_iban(text: str) -> bool:
    return bool(iban.is_valid(re.sub(r"[^0-9A-Za-z]", "", text)))


def _is_card(text: str) -> bool:
    return luhn.is_valid(_only_digits(text))


def _is_of_a_matter(text: str, start: int) -> bool:
    """Tell whether the words before a number name it as that of a report, an order or a payment."""
    return _NUMBER_OF_A_MATTER.search(text, max(0, start - 24), start) is not None


def _is_phone(text: str) -> bool:
    """Check a number against the numbering plan of its country."""
    import phonenumbers  # a tenth of what starting costs, for what few texts hold

    number = re.sub(r"[^\d+]", "", text)
    if number.startswith(("00", "966")):
        number = "+" + number.removeprefix("00")
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, COUNTRY))
    except phonenumbers.NumberParseException:
        return False


def _end_of_valid(text: str, start: int, end: int, is_valid: Callable[[str], bool]) -> int:
    """Return where what is valid ends, since a word or number may have come along behind it; or `start`."""
    while end > start and not is_valid(text[start:end]):
        end = max(text.rfind(separator, start, end) for separator in " -.\u00a0")
    return max(start, end)


Sort = tuple[str, re.Pattern[str], int, Callable[[str], bool] | None]
LONG: tuple[Sort, ...] = (
    ("email", _EMAIL, 0, None),
    ("iban", _IBAN, 0, _is_iban),
    ("mobile", _SAUDI_MOBILE, 0, _is_phone),
    ("mobile", _FOREIGN, 0, _is_phone),
    ("card", _CARD, 0, _is_card),
    ("identity", _NAMED_IDENTITY, 1, None),
    ("identity", _IDENTITY, 0, _is_identity),
)
SHORT: tuple[Sort, ...] = (
    ("birth", _BIRTH, 1, None),
    ("plate", _PLATE, 1, None),
    ("plate", _NAMED_PLATE, 1, None),
)
"""Sort, form, the part of the form to hide, and the check that tells it from others: of long numbers, of short."""


def spans(text: str) -> tuple[Span, ...]:
    """Return where personal data stands in a text.

    Sorts: identity and residence numbers, mobile numbers, IBAN, cards, e-mail addresses, birth dates, plates.
    Saudi identity and residence numbers begin with 1 or 2, have ten digits and pass the Luhn check; behind words
    such as «my ID is» a number with a slip in it counts as well. A number that is named as that of a report, an
    order or a payment is none.
    """
    if not _HINT.search(text):
        return ()
    plain = digits(text)
    taken = bytearray(len(plain))
    found: list[Span] = []
    for sort, form, group, is_valid in (*LONG, *SHORT) if _MAY_BE_LONG.search(plain) else SHORT:
        for match in form.finditer(plain):
            start, end = match.span(group)
            if is_valid is not None:
                end = _end_of_valid(plain, start, end, is_valid)
            if start == end or any(taken[start:end]):
                continue
            if group == 0 and sort in ("identity", "card") and _is_of_a_matter(plain, start):
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Span(start, end, sort))
    return tuple(sorted(found, key=lambda span: span.start))
