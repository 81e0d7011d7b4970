"""Tags: words of a body's own that its people put to cases."""

from __future__ import annotations

from django.db import connection, transaction

from tafaul.bodies.models import Person
from tafaul.care import cases
from tafaul.care.errors import NoTag, TooManyTags
from tafaul.care.models import Case

LONGEST = 40
MOST = 20
SUGGESTED = 30

USED = """
    SELECT tag FROM (
        SELECT unnest(tags) AS tag FROM (
            SELECT tags FROM care_case WHERE body_id = %s AND NOT tags = '{}'::varchar(40)[]
            ORDER BY last_post_at DESC LIMIT 1000) AS latest) AS used
    GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s
"""


def named(words: str) -> str:
    """Return the tag that somebody typed, in the form in which it is kept. Raises `NoTag`."""
    tag = " ".join(words.replace("\0", "").split()).lstrip("#").strip()
    if not 0 < len(tag) <= LONGEST:
        raise NoTag(LONGEST)
    return tag


def add(case: Case, person: Person, words: str) -> None:
    """Put a tag to a case, once. Raises `NotYours`, `NoTag` or `TooManyTags`."""
    tag = named(words)
    with transaction.atomic():
        found = cases.locked(case)
        cases.require(person, found)
        if tag not in found.tags:
            if len(found.tags) >= MOST:
                raise TooManyTags(MOST)
            found.tags = [*found.tags, tag]
            found.save(update_fields=["tags"])
    case.refresh_from_db()


def remove(case: Case, person: Person, tag: str) -> None:
    """Take a tag from a case. Raises `NotYours`."""
    with transaction.atomic():
        found = cases.locked(case)
        cases.require(person, found)
        if tag in found.tags:
            found.tags = [kept for kept in found.tags if kept != tag]
            found.save(update_fields=["tags"])
    case.refresh_from_db()


def used(case: Case) -> list[str]:
    """Return the tags of the latest cases of the same body, the most used first, without the case's own."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [case.body_id, SUGGESTED + len(case.tags)])
        return [tag for (tag,) in cursor.fetchall() if tag not in case.tags][:SUGGESTED]
