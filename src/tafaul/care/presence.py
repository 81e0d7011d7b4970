"""Presence: who has a case open at this moment, and who is writing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import connection

from tafaul.bodies.models import Person
from tafaul.care.live import CHANNEL
from tafaul.care.models import Case, Presence

GONE_AFTER = timedelta(seconds=20)
"""Without a sign; an open page gives one every ten seconds."""
WRITES_FOR = timedelta(seconds=6)
"""After a sign of typing; who types gives one every three seconds at most."""


def sign(case: Case, person: Person, now: datetime, *, writes: bool = False) -> None:
    """Note that a person has a case open, or is writing. Open pages hear of it when that is news."""
    before = Presence.objects.filter(case=case, person=person).first()
    changed = ["seen_at", "typed_at"] if writes else ["seen_at"]
    Presence.objects.bulk_create(
        [Presence(case=case, person=person, seen_at=now, typed_at=now if writes else None)],
        update_conflicts=True,
        unique_fields=["case", "person"],
        update_fields=changed,
    )
    if before is None or not _is_here(before, now) or (writes and not is_writing(before, now)):
        _tell(case)


def leave(case: Case, person: Person) -> None:
    """Note that a person closed a case."""
    if Presence.objects.filter(case=case, person=person).delete()[0]:
        _tell(case)


def others(case: Case, person: Person, now: datetime) -> list[Presence]:
    """Return who else has a case open, who came first first."""
    here = case.presences.filter(seen_at__gt=now - GONE_AFTER).exclude(person=person)
    return list(here.select_related("person").order_by("pk"))


def is_writing(presence: Presence, now: datetime) -> bool:
    """Tell whether somebody is writing at this moment."""
    return presence.typed_at is not None and now - presence.typed_at < WRITES_FOR


def seconds_of(found: list[Presence], now: datetime) -> float | None:
    """Return after how many seconds one of those found is gone or stops writing, if no sign comes."""
    ends = [one.seen_at + GONE_AFTER for one in found]
    ends += [one.typed_at + WRITES_FOR for one in found if one.typed_at and is_writing(one, now)]
    return max((min(ends) - now).total_seconds(), 0) if ends else None


def forget(now: datetime) -> int:
    """Delete the signs of who is gone, and return how many."""
    return Presence.objects.filter(seen_at__lte=now - GONE_AFTER).delete()[0]


def _is_here(presence: Presence, now: datetime) -> bool:
    return now - presence.seen_at < GONE_AFTER


def _tell(case: Case) -> None:
    """Tell the open pages of whoever sees the case."""
    seen_by = Case.objects.values_list("seen_by", flat=True).get(pk=case.pk)
    with connection.cursor() as cursor:
        payload = json.dumps({"bodies": seen_by, "presence": case.pk})
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
