"""Single sign-on with OpenID Connect: for people who are known by their e-mail address or invited, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests
from django.core import mail

from tafaul.bodies import invitations, people
from tafaul.bodies.models import Body, Person
from tests.desk.conftest import Visitor, set_up_app
from tests.desk.provider import CLIENT, Provider, running

pytestmark = pytest.mark.django_db

NORA = {
    "sub": "17",
    "email": "nora@mof.example",
    "email_verified": True,
    "name": "نورة",
    "preferred_username": "nora",
}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    with running() as provider:
        app = {
            "provider_id": "sso", "name": "نفاذ الوزارة", "client_id": CLIENT[0], "secret": CLIENT[1],
            "settings": {"server_url": provider.url},
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        provider.person = NORA
        yield provider


@pytest.fixture
def invite(person, db) -> Callable[[str], str]:
    sara = person("finance", "administrator")

    def invite(email: str = "nora@mof.example", role: str = "agent") -> str:
        invitations.invite(
            sara, Body.objects.get(slug="finance"), role, email, link="http://testserver/invitations/".__add__
        )
        return re.search(r"/invitations/(\S+)", mail.outbox[-1].body)[1]

    return invite


def sign_on(somebody: Visitor) -> None:
    """Follow the link on the page of logging in to the provider, and back."""
    somebody.open("/log-in")
    (link,) = re.findall(r'href="(/account/sign-on/[^"]+)"', somebody.text)
    away = somebody.client.get(link)
    back = requests.get(away["Location"], allow_redirects=False, timeout=10)
    where = urlsplit(back.headers["Location"])
    somebody.open(f"{where.path}?{where.query}")


def test_without_a_provider_the_page_offers_none(visitor):
    somebody = visitor()
    somebody.open("/log-in")
    assert "sign-on" not in somebody.text


def test_an_invited_person_comes_in_with_all_roles_that_the_address_was_invited_to(provider, invite, visitor):
    secret = invite()
    invite(role="auditor")
    nora = visitor()
    nora.open("/log-in")
    assert "الدخول عبر نفاذ الوزارة" in nora.text
    sign_on(nora)
    assert nora.is_in
    person = Person.objects.get(username="nora")
    assert set(person.memberships.values_list("role", flat=True)) == {"agent", "auditor"}
    assert (person.name, person.email, person.has_usable_password()) == ("نورة", "nora@mof.example", False)
    stranger = visitor()
    stranger.open(f"/invitations/{secret}")
    assert "قُبلت" in stranger.said

    again = visitor()
    sign_on(again)
    assert again.is_in
    assert Person.objects.filter(email="nora@mof.example").count() == 1


def test_a_known_person_comes_in_and_keeps_the_password(provider, person, visitor):
    agent = person("finance")
    people.keep_email(agent, "nora@mof.example")
    provider.person = {**NORA, "email": "Nora@MoF.example"}
    nora = visitor()
    sign_on(nora)
    assert nora.is_in
    assert Person.objects.get() == agent
    agent.refresh_from_db()
    assert agent.check_password("a-long-password")


@pytest.mark.parametrize(
    "told",
    [
        {**NORA, "email": "stranger@mof.example"},
        {**NORA, "email_verified": False},
        {name: value for name, value in NORA.items() if name != "email_verified"},
        {"sub": "17", "name": "nobody"},
    ],
)
def test_nobody_comes_in_whose_address_is_not_invited_or_not_vouched_for(provider, invite, person, visitor, told):
    invite()
    people.keep_email(person("commerce"), "known@mc.example")
    provider.person = told
    nora = visitor()
    sign_on(nora)
    assert not nora.is_in
    assert "لم يُدعَ أحد" in nora.said
    assert not Person.objects.filter(username="nora").exists()


def test_an_unverified_address_opens_nobody_s_account(provider, person, visitor):
    people.keep_email(person("finance"), "nora@mof.example")
    provider.person = {**NORA, "email_verified": False}
    thief = visitor()
    sign_on(thief)
    assert not thief.is_in


def test_a_withdrawn_invitation_lets_nobody_in(provider, invite, visitor):
    invite()
    invitations.withdraw(
        Person.objects.get(username="finance.administrator"), Body.objects.get(slug="finance").invitations.get()
    )
    nora = visitor()
    sign_on(nora)
    assert not nora.is_in


def test_a_deactivated_person_does_not_come_in(provider, person, visitor):
    agent = person("finance")
    people.keep_email(agent, "nora@mof.example")
    agent.is_active = False
    agent.save()
    nora = visitor()
    sign_on(nora)
    assert not nora.is_in
    assert "موقوف" in nora.said


def test_a_second_factor_is_asked_for_after_single_sign_on_too(provider, person, visitor):
    agent = person("finance")
    people.keep_email(agent, "nora@mof.example")
    nora = visitor()
    nora.log_in("finance.agent")
    set_up_app(nora)
    nora.log_out()
    sign_on(nora)
    assert nora.heading == "التحقق بخطوتين"
    assert not nora.is_in


def test_a_code_for_another_browser_is_refused(provider, invite, visitor):
    invite()
    nora, thief = visitor(), visitor()
    nora.open("/log-in")
    away = nora.client.get(re.findall(r'href="(/account/sign-on/[^"]+)"', nora.text)[0])
    back = urlsplit(requests.get(away["Location"], allow_redirects=False, timeout=10).headers["Location"])
    thief.open(f"{back.path}?{back.query}")
    assert not thief.is_in


def test_a_provider_that_is_away_is_said_in_words(provider, invite, visitor, settings):
    invite()
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"
    nora = visitor()
    nora.open("/account/sign-on/sso")
    assert "تعذّر الدخول الموحد" in nora.said


def test_a_provider_that_gives_no_token_is_said_in_words(provider, invite, visitor, settings):
    invite()
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["secret"] = "wrong"
    nora = visitor()
    sign_on(nora)
    assert not nora.is_in
    assert "تعذّر الدخول الموحد" in nora.said
