"""Search: the words of a case's posts in the forms by which people look for them.

Both sides bring words to the same forms: hamza, ta marbuta, diacritics, article and what is joined to a word make
no difference. The words stand in the tsvector as they are, so nothing that is typed is ever parsed as a query.
Numbers of personal data are not kept: nobody finds a citizen by a telephone number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, F, Func, Value
from django.db.models.functions import Cast

from tafaul.care.references import is_reference
from tafaul.understanding.forms import SHORTEST, SUFFIXES
from tafaul.understanding.normal import digits, words

LONGEST_POST = 400
"""Different words of a post that are kept."""

FULLEST = 5000
"""Words of a case from which on no more are added: PostgreSQL takes a megabyte at most."""

LONGEST_QUERY = 12
"""Words of a query that are looked for."""

BEGINNING = 2
"""Letters from which on the last word of a query may be the beginning of a word."""

ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال")
JOINED = ("و", "ف", "ب", "ل", "ك")
_FILL = 2000

_HANDLE = re.compile(r"@?(\w{1,64})", re.ASCII)
_LONG_NUMBER = re.compile(r"(?<!\d)\d{6,20}(?!\d)")


def lexemes(text: str, hidden: Iterable[tuple[int, int]]) -> set[str]:
    """Return the forms of a text's words, without what stands at the places to hide."""
    for start, end in sorted(hidden, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    found = dict.fromkeys(word for word in words(text) if word.isalnum())
    numbers = dict.fromkeys(_LONG_NUMBER.findall(digits(text)))
    kept = list(found)[:LONGEST_POST] + list(numbers)[:LONGEST_POST]
    return {form for word in kept for form in forms(word)}


def of_citizen(handle: str) -> set[str]:
    """Return the word by which a citizen's handle is found."""
    return {f"@{handle.lower()}"} if handle and _HANDLE.fullmatch(handle) else set()


def of_case(reference: str) -> str:
    """Return the word by which a case's reference is found."""
    return f"#{reference.lower()}"


def vector(found: Iterable[str]) -> str:
    """Return words as PostgreSQL writes a tsvector."""
    return " ".join(f"'{word}'" for word in sorted(found))


@lru_cache(maxsize=100_000)
def forms(word: str) -> tuple[str, ...]:
    """Return the forms by which a normalised word is kept and looked for, its own first."""
    bare = word.replace("ء", "") or word
    found = dict.fromkeys(_endless(form) for form in (bare, *_without_prefix(bare, 2)))
    return tuple(found)


def _without_prefix(word: str, times: int) -> Iterator[str]:
    """Yield a word without its article, conjunction and preposition, as far as a word is left.

    A letter that begins a short word with an ending is its root's own, such as the first of بلدية and بطاقة.
    """
    for prefix in ARTICLES + JOINED if times else ():
        rest = word[len(prefix) :]
        if not word.startswith(prefix) or len(rest) < SHORTEST:
            continue
        if prefix in JOINED and len(_endless(rest)) <= SHORTEST and _endless(rest) != rest:
            continue
        yield rest
        yield from _without_prefix(rest, times - 1)


def _endless(word: str) -> str:
    """Return a word without its ending."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST:
            return word[: -len(suffix)]
    return word


def query(sought: str) -> str | None:
    """Return a PostgreSQL tsquery for what somebody typed; None when there is nothing in it to look for.

    All words must stand in the case, of the last one the beginning. A handle or a reference is found, too.
    """
    plain = digits(sought).strip()
    either = [f"'{word}':*" for word in of_citizen(plain.removeprefix("@")) if len(word) > BEGINNING]
    if is_reference(plain):
        either.append(f"'{of_case(plain)}'")
    if not plain.startswith("@"):
        typed = [word for word in words(plain) if word.isalnum()] + _LONG_NUMBER.findall(plain)
        typed = typed[:LONGEST_QUERY]
        if typed:
            either.append(" & ".join(_any_form(word, last=word is typed[-1]) for word in typed))
    return " | ".join(f"({part})" for part in either) or None


def _any_form(word: str, *, last: bool) -> str:
    begins = {form: ":*" if last and len(form) >= BEGINNING else "" for form in forms(word)}
    return "(" + " | ".join(f"'{form}'{mark}" for form, mark in begins.items()) + ")"


def matches(tsquery: str) -> Func:
    """Return the condition that a case's words match a query of `query`."""
    sought = Cast(Value(tsquery), SearchQueryField())
    return Func(F("search"), sought, arg_joiner=" @@ ", template="%(expressions)s", output_field=BooleanField())


POSTS = """
    SELECT c.id, c.reference, z.handle, p.text, p.understood -> 'personal_data'
    FROM (SELECT id, reference, citizen_id FROM care_case WHERE {which} ORDER BY id LIMIT %s) AS c
    JOIN care_citizen z ON z.id = c.citizen_id LEFT JOIN care_post p ON p.case_id = c.id
"""
UPDATE = """
    UPDATE care_case SET search = given.search::tsvector
    FROM unnest(%s::bigint[], %s::text[]) AS given (id, search) WHERE care_case.id = given.id
"""


def fill() -> None:
    """Fill in the words of cases that have none, such as those of before there was a search, in batches."""
    while _index("search IS NULL", [_FILL]):
        pass


def index(numbers: list[int]) -> None:
    """Set the words of some cases anew from their posts, by their ids."""
    _index("id = ANY(%s)", [numbers, len(numbers)])


def _index(which: str, parameters: list[Any]) -> int:
    kept: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(POSTS.format(which=which), parameters)
        for number, reference, handle, text, hidden in cursor.fetchall():
            found = kept.setdefault(number, {of_case(reference), *of_citizen(handle)})
            if len(found) < FULLEST and text is not None:
                found |= lexemes(text, [(start, end) for start, end, _sort in _read(hidden)])
        cursor.execute(UPDATE, [list(kept), [vector(found) for found in kept.values()]])
    return len(kept)


def _read(hidden: str | None) -> list[tuple[int, int, str]]:
    return json.loads(hidden) if hidden else []
