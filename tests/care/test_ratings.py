"""What citizens think of how their case was handled."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tafaul.care import cases, following, ratings
from tafaul.care.errors import AlreadyRated, LinkInPublic, NoStars, NotClosed, TooManyWords
from tafaul.care.models import Case, Notice, Rating
from tests.care.conftest import answer

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 10, 4, 7, tzinfo=UTC)


@pytest.fixture
def closed(asked, person):
    cases.close(asked, person("finance"), Case.Outcome.SETTLED)
    return asked


def test_a_closed_case_is_rated_and_the_rating_can_be_changed_for_seven_days(closed):
    ratings.rate(closed, 5, "", NOW)
    ratings.rate(closed, 4, "كان أسرع لو اتصلتم", NOW + timedelta(days=6, hours=23))
    with pytest.raises(AlreadyRated):
        ratings.rate(closed, 1, "لا", NOW + timedelta(days=7))
    rating = Rating.objects.get()
    assert (rating.stars, rating.words, rating.rated_at) == (4, "كان أسرع لو اتصلتم", NOW)


def test_an_open_case_is_not_rated(asked):
    with pytest.raises(NotClosed):
        ratings.rate(asked, 5, "", NOW)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(closed, stars):
    with pytest.raises(NoStars):
        ratings.rate(closed, stars, "", NOW)


def test_a_novel_is_refused(closed):
    with pytest.raises(TooManyWords):
        ratings.rate(closed, 5, "ن" * 1001, NOW)


def test_supervisors_hear_of_few_stars_with_words_once(closed, person):
    supervisor = person("finance", "supervisor")
    ratings.rate(closed, 2, "", NOW)
    assert not Notice.objects.filter(what="rated").exists()
    ratings.rate(closed, 2, "لم يُحل شيء", NOW)
    ratings.rate(closed, 1, "لم يُحل أي شيء", NOW)
    assert list(Notice.objects.filter(what="rated").values_list("person", "case")) == [(supervisor.pk, closed.pk)]


def test_a_body_without_supervisors_has_those_above_told(closed, person):
    from tafaul.bodies.models import Body

    above = person("finance", "supervisor")
    below = Body.objects.create(slug="unit", parent=closed.body, name_ar="وحدة", name_en="Unit")
    Case.objects.update(body=below)
    closed.refresh_from_db()
    ratings.rate(closed, 1, "لم يُحل شيء", NOW)
    assert Notice.objects.get(what="rated").person == above


def test_two_ratings_at_once_leave_one(closed):
    def rate(stars: int) -> None:
        ratings.rate(closed, stars, "", NOW)
        connection.close()

    raters = [threading.Thread(target=rate, args=(stars,)) for stars in (1, 3, 5)]
    for rater in raters:
        rater.start()
    for rater in raters:
        rater.join()
    assert Rating.objects.get().stars in (1, 3, 5)


def test_the_link_leaves_in_private_only_and_asking_is_noted(asked, person):
    agent, link = person("finance"), f"https://desk.example/r/{asked.reference}/{asked.portal_key}"
    text = following.words(asked, "rated", link, "ar")
    assert text.endswith(f"{link}#rating")
    with pytest.raises(LinkInPublic):
        answer(asked, agent, text)
    assert not Rating.objects.exists()
    answer(asked, agent, text, visibility="private")
    assert Rating.objects.get().rated_at is None
