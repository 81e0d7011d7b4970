"""Ratings: what citizens think of how their closed case was handled, in stars and words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from tafaul.bodies import tree
from tafaul.care import cases, notices
from tafaul.care.errors import AlreadyRated, NoStars, NotClosed, TooManyWords
from tafaul.care.models import Case, Notice, Rating

STARS = range(1, 6)
LOW = 2
"""Stars up to which the words of a citizen are told to supervisors."""

CHANGES_WITHIN = timedelta(days=7)
LONGEST_WORDS = 1000


def note_asked(case: Case, now: datetime) -> None:
    """Note that the citizen was asked to rate a case; the first time counts."""
    Rating.objects.get_or_create(case=case, defaults={"asked_at": now})


def may_rate(case: Case, now: datetime) -> bool:
    """Tell whether a case can be rated now, or its rating changed. A merged case is rated where it went to."""
    if case.state != Case.State.CLOSED or case.outcome == Case.Outcome.MERGED:
        return False
    rated_at = Rating.objects.filter(case=case).values_list("rated_at", flat=True).first()
    return rated_at is None or now < rated_at + CHANGES_WITHIN


def rate(case: Case, stars: int, words: str, now: datetime) -> None:
    """Keep what a citizen thinks of a closed case. It can be changed for seven days; words stay until others come.

    The supervisors hear of few stars with words. Raises `NoStars`, `TooManyWords`, `NotClosed` and `AlreadyRated`.
    """
    words = words.strip()
    if stars not in STARS:
        raise NoStars
    if len(words) > LONGEST_WORDS:
        raise TooManyWords(LONGEST_WORDS)
    with transaction.atomic():
        case = cases.locked(case)
        if case.state != Case.State.CLOSED:
            raise NotClosed
        if not may_rate(case, now):
            raise AlreadyRated
        rating, _created = Rating.objects.get_or_create(case=case, defaults={"asked_at": now})
        was_bad = _is_bad(rating)
        rating.stars, rating.words, rating.rated_at = stars, words or rating.words, rating.rated_at or now
        rating.save(update_fields=["stars", "words", "rated_at"])
        if _is_bad(rating) and not was_bad:
            _tell_supervisors(case)


def _is_bad(rating: Rating) -> bool:
    return rating.stars is not None and rating.stars <= LOW and bool(rating.words)


def _tell_supervisors(case: Case) -> None:
    """Tell the supervisors of the case's body, or of the nearest one above it that has some."""
    with connection.cursor() as cursor:  # a citizen's page sees nobody's roles
        cursor.execute("SELECT body_id, person_id FROM care_supervisors()")
        of_body: dict[int, list[int]] = {}
        for body, person in cursor.fetchall():
            of_body.setdefault(body, []).append(person)
    nearest = next((above.pk for above in tree.line_of(case.body) if above.pk in of_body), None)
    if nearest is not None:
        notices.tell_many([(person, case.pk) for person in of_body[nearest]], Notice.What.RATED)
