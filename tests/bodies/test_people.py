"""Appointing people from the command line, as the operator of a new installation does."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tafaul.bodies.models import Membership, Person
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
