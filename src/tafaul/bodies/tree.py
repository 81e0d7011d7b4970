"""The tree of bodies: who stands above whom, and how administrators add, change, move and remove bodies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from itertools import chain, count
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, PROTECT, QuerySet
from django.utils.text import slugify

from tafaul.bodies import access
from tafaul.bodies.errors import BelowItself, NotAdministrator, StillNeeded
from tafaul.bodies.models import Body, Person
from tafaul.foundation import locks

LOCK = "tree of bodies"
"""Held by who changes the tree, so that two moves at once make no loop."""

LINES = """
    WITH RECURSIVE line AS (
        SELECT id AS of_body, id, parent_id, 0 AS distance FROM bodies_body WHERE id = ANY(%s)
        UNION ALL
        SELECT line.of_body, above.id, above.parent_id, distance + 1
        FROM bodies_body above JOIN line ON above.id = line.parent_id
    )
    SELECT bodies_body.*, of_body FROM bodies_body JOIN line USING (id) ORDER BY distance
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What an administrator says of a body. Both names are needed; places and topics are slugs of the pack."""

    name_ar: str
    name_en: str
    contact_number: str = ""
    referral_email: str = ""
    territory: Collection[str] = ()
    withheld_topics: Collection[str] = ()


def line_of(body: Body) -> list[Body]:
    """Return a body and those above it, the nearest first."""
    return lines_of([body.pk])[body.pk]


def lines_of(bodies: Iterable[int]) -> dict[int, list[Body]]:
    """Return for each body, given by its id, the body and those above it, the nearest first; with one question."""
    lines: dict[int, list[Body]] = {}
    for body in Body.objects.raw(LINES, [list(set(bodies))]):
        lines.setdefault(body.of_body, []).append(body)  # type: ignore[attr-defined]
    return lines


def in_order(bodies: Collection[Body]) -> list[tuple[int, Body]]:
    """Return bodies as a tree, each behind its parent if that is among them, with its depth."""
    known = {body.pk for body in bodies}
    below: dict[int | None, list[Body]] = {}
    for body in bodies:
        below.setdefault(body.parent_id if body.parent_id in known else None, []).append(body)
    found: list[tuple[int, Body]] = []
    waiting = [(0, body) for body in reversed(below.get(None, ()))]
    while waiting:
        depth, body = waiting.pop()
        found.append((depth, body))
        waiting += [(depth + 1, lower) for lower in reversed(below.get(body.pk, ()))]
    return found


def require_administrator(person: Person, body: Body) -> None:
    """Raise `NotAdministrator` unless a person administers a body or one above it."""
    if not access.administered_by(person).filter(pk=body.pk).exists():
        raise NotAdministrator(body)


def add(parent: Body, person: Person, told: Told) -> Body:
    """Add a body or unit below one that the person administers. Raises `NotAdministrator`.

    Its slug comes from its English name, with a number behind it when another body has it.
    """
    with transaction.atomic():
        locks.wait_for(LOCK)
        require_administrator(person, parent)
        return Body.objects.create(parent=parent, slug=_free_slug(told.name_en), **_values(told))


def change(body: Body, person: Person, told: Told) -> None:
    """Change what is said of a body. Raises `NotAdministrator`."""
    require_administrator(person, body)
    values = _values(told)
    for name, value in values.items():
        setattr(body, name, value)
    body.save(update_fields=list(values))


def move(body: Body, person: Person, parent: Body) -> None:
    """Put a body below another; the person administers what it leaves and what it comes to.

    Raises `NotAdministrator`, and `BelowItself` when the body would be its own ancestor.
    """
    with transaction.atomic():
        locks.wait_for(LOCK)
        body.refresh_from_db(fields=["parent"])
        for concerned in (body.parent or body, parent):
            require_administrator(person, concerned)
        if body in line_of(parent):
            raise BelowItself(body, parent)
        body.parent = parent
        body.save(update_fields=["parent"])


def remove(body: Body, person: Person) -> None:
    """Remove a body that nothing belongs to. Raises `NotAdministrator`, and `StillNeeded` with what does.

    Whatever model protects bodies is asked; the database itself refuses when rows that the person does not see
    would be left behind.
    """
    require_administrator(person, body)
    try:
        with transaction.atomic():
            Body.objects.select_for_update().get(pk=body.pk)
            if any(needed_by := [*_belonging(body, PROTECT), Person.objects.filter(bodies=body).distinct()]):
                raise StillNeeded(body, needed_by)
            for rows in _belonging(body, CASCADE):
                if rows:
                    rows.delete()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM bodies_body WHERE id = %s", [body.pk])
            connection.check_constraints()
    except IntegrityError as error:
        raise StillNeeded(body, []) from error


def _belonging(body: Body, on_delete: object) -> list[QuerySet[Any]]:
    """Return the rows that point to a body, by model, of the models that say `on_delete` of it."""
    relations = [relation for relation in Body._meta.related_objects if relation.on_delete is on_delete]
    return [
        relation.related_model._default_manager.filter(**{relation.field.name: body}) for relation in relations
    ]


def _values(told: Told) -> dict[str, Any]:
    values = asdict(told)
    return {**values, "territory": list(told.territory), "withheld_topics": list(told.withheld_topics)}


def _free_slug(name: str) -> str:
    """Return a slug that no body has; the caller holds the lock."""
    wished = slugify(name)[:50] or "body"
    taken = set(Body.objects.filter(slug__startswith=wished).values_list("slug", flat=True))
    numbered = (f"{wished}-{number}" for number in count(2))
    return next(slug for slug in chain([wished], numbered) if slug not in taken)
