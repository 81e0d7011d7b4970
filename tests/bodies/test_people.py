"""People and their roles: appointed from the command line by the operator of a new installation, then by administrators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection

from tafaul.bodies import people
from tafaul.bodies.errors import (
    GivenAlready,
    LastAdministrator,
    NotAdministrator,
    NotTheirAdministrator,
    OwnRole,
    WorksElsewhere,
)
from tafaul.bodies.models import Body, Membership, Person
from tafaul.cli import ROLES, main

pytestmark = pytest.mark.django_db(transaction=True)


def appoint(*options: str, password: str = "a-good-long-password"):
    return CliRunner().invoke(main, ["person", *options], input=f"{password}\n{password}\n")


def test_an_administrator_is_appointed_and_can_log_in(pack):
    result = appoint("sara", "--body", "finance", "--role", "administrator")
    assert result.exit_code == 0, result.output
    sara = Person.objects.get(username="sara")
    assert sara.check_password("a-good-long-password")
    assert sara.memberships.get().body.slug == "finance"


def test_a_second_role_keeps_the_password(pack):
    appoint("sara", "--body", "finance", "--role", "agent")
    result = CliRunner().invoke(
        main, ["person", "sara", "--body", "commerce", "--role", "auditor", "--keep-password"]
    )
    assert result.exit_code == 0, result.output
    assert Person.objects.get(username="sara").check_password("a-good-long-password")
    assert Membership.objects.count() == 2


def test_a_weak_password_is_refused_and_nobody_is_appointed(pack):
    assert appoint("sara", "--body", "finance", "--role", "agent", password="short").exit_code == 1
    assert not Person.objects.exists()


def test_an_unknown_body_is_said_with_those_that_are_known(pack):
    result = appoint("sara", "--body", "moon", "--role", "agent")
    assert result.exit_code == 2
    assert "finance" in result.output


def test_all_roles_can_be_given():
    assert set(ROLES) == set(Membership.Role.values)


def test_the_bodies_of_the_pack_are_loaded(transactional_db):
    assert "bodies" in CliRunner().invoke(main, ["bodies"]).output


@pytest.fixture
def sara(person):
    """The administrator of the ministry of finance."""
    return person("finance", "administrator")


@pytest.fixture
def ministry(sara) -> Body:
    return Body.objects.get(slug="finance")


def roles(somebody: Person) -> set[tuple[str, str]]:
    return set(somebody.memberships.values_list("body__slug", "role"))


def test_an_administrator_gives_changes_and_takes_away_roles(sara, ministry, person):
    agent = person("finance", "agent")
    given = people.give(sara, agent, ministry, "auditor")
    people.change(sara, given, "supervisor")
    assert roles(agent) == {("finance", "agent"), ("finance", "supervisor")}
    people.take_away(sara, given)
    assert roles(agent) == {("finance", "agent")}


def test_a_role_is_given_once(sara, ministry, person):
    agent = person("finance", "agent")
    with pytest.raises(GivenAlready):
        people.give(sara, agent, ministry, "agent")
    second = people.give(sara, agent, ministry, "auditor")
    with pytest.raises(GivenAlready):
        people.change(sara, second, "agent")


@pytest.mark.parametrize("role", ["agent", "approver", "supervisor", "knowledge_editor", "auditor"])
def test_only_administrators_give_roles(person, role):
    giver = person("finance", role)
    with pytest.raises(NotAdministrator):
        people.give(giver, giver, Body.objects.get(slug="finance"), "administrator")


def test_nobody_gives_a_role_in_a_body_beside_or_above_theirs(person):
    below = person("amana_riyadh", "administrator")
    for slug in ("municipal", "amana_jeddah", "finance"):
        with pytest.raises(NotAdministrator):
            people.give(below, below, Body.objects.get(slug=slug), "agent")


def test_nobody_takes_a_role_away_in_a_body_beside_theirs(sara, person):
    held = person("commerce", "agent").memberships.get()
    with pytest.raises(NotAdministrator):
        people.take_away(sara, held)
    with pytest.raises(NotAdministrator):
        people.change(sara, held, "auditor")


def test_administrators_above_do_what_those_below_do(person):
    above, below = person("municipal", "administrator"), person("amana_riyadh", "agent")
    people.change(above, below.memberships.get(), "supervisor")
    assert roles(below) == {("amana_riyadh", "supervisor")}


def test_one_s_own_role_is_not_changed_by_oneself(sara, ministry):
    second = Person.objects.create_user("second")
    people.give(sara, second, ministry, "administrator")
    with pytest.raises(OwnRole):
        people.take_away(sara, sara.memberships.get())
    with pytest.raises(OwnRole):
        people.change(sara, sara.memberships.get(), "agent")
    with pytest.raises(OwnRole):
        people.deactivate(sara, sara)


def test_the_last_administrator_of_a_body_stays(person):
    above, only = person("municipal", "administrator"), person("amana_riyadh", "administrator")
    for verb in (
        lambda: people.take_away(above, only.memberships.get()),
        lambda: people.change(above, only.memberships.get(), "agent"),
        lambda: people.deactivate(above, only),
    ):
        with pytest.raises(LastAdministrator):
            verb()
    only.refresh_from_db()
    assert roles(only) == {("amana_riyadh", "administrator")}
    assert only.is_active


def test_a_deactivated_administrator_does_not_count(sara, ministry, person):
    second = Person.objects.create_user("second")
    people.give(sara, second, ministry, "administrator")
    people.deactivate(second, sara)
    third = Person.objects.create_user("third")
    people.give(second, third, ministry, "agent")
    assert ministry.memberships.filter(role="administrator").count() == 2
    people.give(second, third, ministry, "administrator")
    people.take_away(third, second.memberships.get())
    assert roles(third) == {("finance", "agent"), ("finance", "administrator")}


def test_two_administrators_cannot_remove_each_other_at_once(sara, ministry):
    second = Person.objects.create_user("second")
    people.give(sara, second, ministry, "administrator")
    both = [(sara, second.memberships.get()), (second, sara.memberships.get())]

    def take_away(pair) -> bool:
        try:
            people.take_away(*pair)
        except (LastAdministrator, NotAdministrator):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(take_away, both)) == 1
    assert ministry.memberships.filter(role="administrator").count() == 1


def test_a_deactivated_person_logs_in_no_more_and_is_not_deleted(sara, ministry, person, client):
    agent = person("finance", "agent")
    client.force_login(agent)
    people.deactivate(sara, agent)
    agent.refresh_from_db()
    assert not agent.is_active
    assert roles(agent) == {("finance", "agent")}
    assert client.get("/").status_code == 302
    people.activate(sara, agent)
    client.force_login(agent)
    assert client.get("/").status_code == 200


def test_somebody_who_works_elsewhere_too_is_not_deactivated_from_one_side(sara, person):
    agent = person("commerce", "agent")
    people.give(sara, agent, Body.objects.get(slug="finance"), "agent")
    for verb in (people.deactivate, people.activate, people.remove_second_factor):
        with pytest.raises(WorksElsewhere):
            verb(sara, agent)


def test_a_stranger_to_one_s_bodies_is_neither_logged_out_nor_deactivated(sara, person):
    agent = person("commerce", "agent")
    for verb in (people.end_sessions, people.deactivate, people.remove_second_factor):
        with pytest.raises(NotTheirAdministrator):
            verb(sara, agent)


@pytest.mark.parametrize("name", ["Finance.Agent", "FINANCE.AGENT"])
def test_two_people_do_not_share_a_name_that_differs_in_its_letters_only(person, name):
    person("finance", "agent")
    with pytest.raises(IntegrityError):
        Person.objects.create_user(name)
