"""Who has a case open at this moment, and who is writing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction

from tafaul.bodies.models import Account, Body
from tafaul.care import notices, presence
from tafaul.care.live import CHANNEL
from tafaul.care.models import Case, Citizen, Notice, Presence
from tafaul.care.references import reference

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def case(pack) -> Case:
    """An open case of the Ministry of Finance."""
    body = Body.objects.get(slug="finance")
    account = Account.objects.create(body=body, channel="x", external_id="1", handle="finance")
    citizen = Citizen.objects.create(channel="x", external_id="7", handle="abu_fahad")
    times = {"opened_at": NOW, "waiting_since": NOW, "last_post_at": NOW}
    return Case.objects.create(
        reference=reference(1), account=account, body=body, citizen=citizen, kind="inquiry", subject="؟", **times
    )


@pytest.fixture
def heard(transactional_db):
    """What open pages were told of presence since the last call."""
    told = connection.settings_dict
    address = {"dbname": told["NAME"], "user": told["USER"], "host": told["HOST"]}
    with psycopg.connect(**address, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")

        def heard() -> list[int]:
            payloads = [json.loads(notice.payload) for notice in listener.notifies(timeout=0.2)]
            return [payload["presence"] for payload in payloads if "presence" in payload]

        yield heard


def test_colleagues_see_each_other_and_not_themselves(case, person):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    presence.sign(case, agent, NOW)
    presence.sign(case, supervisor, NOW)
    assert [one.person for one in presence.others(case, agent, NOW)] == [supervisor]
    assert [one.person for one in presence.others(case, supervisor, NOW)] == [agent]


def test_who_gives_no_sign_for_twenty_seconds_is_gone(case, person):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    presence.sign(case, agent, NOW)
    assert presence.others(case, supervisor, later(19))
    presence.sign(case, agent, later(19))
    assert presence.others(case, supervisor, later(38))
    assert not presence.others(case, supervisor, later(39))


def test_who_stops_typing_is_only_looking(case, person):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    presence.sign(case, agent, NOW, writes=True)
    presence.sign(case, agent, later(3))
    (seen,) = presence.others(case, supervisor, later(5))
    assert presence.is_writing(seen, later(5))
    assert not presence.is_writing(seen, later(6))


def test_a_page_knows_when_to_look_again(case, person):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    presence.sign(case, agent, NOW, writes=True)
    seen = presence.others(case, supervisor, later(2))
    assert presence.seconds_of(seen, later(2)) == 4
    assert presence.seconds_of(seen, later(7)) == 13
    assert presence.seconds_of([], NOW) is None


def test_open_pages_hear_only_news(case, person, heard):
    agent = person("finance")
    for seconds, news in ((0, [case.pk]), (10, []), (40, [case.pk]), (50, [])):
        presence.sign(case, agent, later(seconds))
        assert heard() == news
    for seconds, news in ((51, [case.pk]), (54, []), (70, [case.pk])):
        presence.sign(case, agent, later(seconds), writes=True)
        assert heard() == news
    presence.leave(case, agent)
    presence.leave(case, agent)
    assert heard() == [case.pk]


def test_a_sign_costs_a_constant_and_small_number_of_queries(case, person, django_assert_max_num_queries):
    agent = person("finance")
    for seconds in (0, 10, 40):
        with transaction.atomic(), django_assert_max_num_queries(4):
            presence.sign(case, agent, later(seconds), writes=True)


def test_who_is_gone_is_forgotten_and_nobody_else(case, person):
    presence.sign(case, person("finance"), NOW)
    presence.sign(case, person("finance", "supervisor"), later(15))
    assert presence.forget(later(21)) == 1
    assert Presence.objects.get().person.username == "finance.supervisor"


def test_the_table_is_not_logged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'care_presence'")
        assert cursor.fetchone() == ("u",)


def test_a_pages_sign_shows_the_others_and_reads_the_cases_notices(case, person, client):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    notices.tell([agent], case, Notice.What.MENTIONED)
    address = f"/cases/{case.reference}/looking"
    client.force_login(supervisor)
    assert "finance.agent" not in client.post(address, {"writes": "1"}).content.decode()
    client.force_login(agent)
    page = client.post(address).content.decode()
    assert "finance.supervisor" in page
    assert 'class="tag writes"' in page
    assert notices.unread(agent) == 0
    client.post(address, {"leaves": "1"})
    client.force_login(supervisor)
    assert "finance.agent" not in client.get(address).content.decode()


def test_looking_at_another_bodys_case_is_refused(case, person, client):
    client.force_login(person("commerce"))
    assert client.post(f"/cases/{case.reference}/looking").status_code == 404
    assert not Presence.objects.exists()
