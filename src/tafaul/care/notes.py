"""Notes: what colleagues say to each other about a case. The citizen never sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from tafaul.bodies.models import Person
from tafaul.care import attachments, cases, colleagues, notices
from tafaul.care.errors import EmptyNote, MayNotSee, NoteStays, NoteTooLong
from tafaul.care.models import Case, Note, Notice

LIMIT = 10_000
TAKEN_BACK_WITHIN = timedelta(minutes=10)
SUGGESTED = 8
MENTION = re.compile(r"(?<![A-Za-z0-9_.+-])@([\w.@+-]+)")
"""A log-in name behind @, by the characters that Django allows in one. In Arabic «and» stands close before it."""


@transaction.atomic
def write(case: Case, person: Person, text: str, files: Iterable[File[bytes]] = ()) -> Note:
    """Write a note, with files put to it. Colleagues mentioned as @log-in are told.

    Raises `NotYours`, `EmptyNote`, `NoteTooLong`, `MayNotSee` when it mentions somebody who may not see the case,
    and what `attachments.put` does; nothing is kept then.
    """
    text = text.replace("\0", "").strip()
    if not any(char.isprintable() and not char.isspace() for char in text):
        raise EmptyNote
    if len(text) > LIMIT:
        raise NoteTooLong(LIMIT)
    case = cases.locked(case)
    cases.require(person, case)
    mentioned = _mentioned(case, text)
    note = Note.objects.create(case=case, by=person, text=text, at=timezone.now())
    note.mentions.set(mentioned)
    for file in files:
        attachments.put(case, person, file, note=note)
    notices.tell([colleague for colleague in mentioned if colleague != person], case, Notice.What.MENTIONED)
    return note


@transaction.atomic
def take_back(note: Note, person: Person) -> None:
    """Remove a note with its files. Raises `NoteStays` unless its author does so within ten minutes."""
    held = Note.objects.select_for_update().filter(pk=note.pk).first()
    if held is None:
        return
    if not may_be_taken_back(held, person, timezone.now()):
        raise NoteStays
    attachments.forget(held.attachments.all())
    held.delete()


def may_be_taken_back(note: Note, person: Person, now: datetime) -> bool:
    """Tell whether a person may still take a note back."""
    return note.by_id == person.pk and now - note.at < TAKEN_BACK_WITHIN


def suggested(case: Case, person: Person, beginning: str) -> list[Person]:
    """Return some colleagues who see a case and whose name or log-in begins so, for a mention."""
    beginning = beginning.replace("\0", "").removeprefix("@").strip()
    named = Q(username__istartswith=beginning)
    for name in ("name_ar", "name_en"):
        named |= Q(**{f"{name}__istartswith": beginning}) | Q(**{f"{name}__icontains": f" {beginning}"})
    found = colleagues.who_may_see(case).filter(named).exclude(pk=person.pk)
    return list(found.order_by("username")[:SUGGESTED])


def _mentioned(case: Case, text: str) -> list[Person]:
    """Return the people whom a text mentions. An @name of nobody is just words. Raises `MayNotSee`."""
    found = {name.lower() for name in MENTION.findall(text)}
    names = found | {name.rstrip(".@+-") for name in found}
    active = Person.objects.annotate(log_in=Lower("username")).filter(log_in__in=names, is_active=True)
    people: list[Person] = list(active)
    if not people:
        return []
    may_see = set(
        colleagues.who_may_see(case).filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True)
    )
    if strangers := [one for one in people if one.pk not in may_see]:
        raise MayNotSee(strangers)
    return people
