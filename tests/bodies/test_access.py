"""Who sees what: a body's people see their body and those below it, never beside it or above it."""

from __future__ import annotations

import pytest

from tafaul.bodies import access
from tafaul.bodies.models import Body

pytestmark = pytest.mark.django_db


def seen(person) -> set[str]:
    return set(access.seen_by(person).values_list("slug", flat=True))


def test_a_ministry_sees_the_amanat_below_it(person):
    assert {"municipal", "amana_riyadh"} <= seen(person("municipal"))
    assert "finance" not in seen(person("municipal", "auditor"))


def test_an_amana_sees_neither_the_ministry_nor_another_amana(person):
    mine = seen(person("amana_riyadh"))
    assert "amana_riyadh" in mine
    assert not {"municipal", "amana_jeddah"} & mine


def test_who_answers_for_a_ministry_answers_for_those_below(person):
    agent = person("municipal")
    assert access.may_answer(agent, Body.objects.get(slug="amana_riyadh"))
    assert not access.may_answer(agent, Body.objects.get(slug="finance"))


def test_only_administrators_connect_accounts(person):
    assert not access.administered_by(person("finance", "supervisor")).exists()
    assert access.administered_by(person("finance", "administrator")).get().slug == "finance"


def test_credentials_are_not_readable_in_the_database(connect):
    from django.db import connection

    account = connect("finance")
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM bodies_account")
        stored = cursor.fetchone()
    assert account.access_token not in stored
    assert account.refresh_token not in stored
    account.refresh_from_db()
    assert account.access_token
