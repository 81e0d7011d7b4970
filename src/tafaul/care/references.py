"""Reference numbers of cases, short enough to be read out."""

from __future__ import annotations

# Without I, L, O and U, which are misheard or misread (Crockford's base 32); 31 is prime, so one wrong or two
# swapped characters never give a valid reference.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"


def _check_character(body: str) -> str:
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(reversed(body), start=2))
    return ALPHABET[-total % len(ALPHABET)]


def reference(number: int) -> str:
    """Return the reference of case `number`: base 31, at least five characters, the last a check character."""
    digits = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    body = digits.rjust(4, "0")
    return body + _check_character(body)


def is_reference(text: str) -> bool:
    """Tell whether a text is a well-formed reference, so that a slip of the tongue is caught at once."""
    text = text.upper()
    known = len(text) >= 5 and all(char in ALPHABET for char in text)
    return known and _check_character(text[:-1]) == text[-1]
