"""Inviting people: a link that is good once and for seven days, whose secret is in the mail only."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from tafaul.bodies import invitations, people
from tafaul.bodies.errors import (
    EmailKnown,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
    MailNotSent,
    NameTaken,
    NotAdministrator,
)
from tafaul.bodies.models import Body, Invitation, Membership, Person

pytestmark = pytest.mark.django_db

LINK = "https://desk.example/invitations/"
ACCOUNT = {"username": "nora", "password": "a-good-long-password", "name_ar": "نورة", "name_en": "Nora"}


@pytest.fixture
def invite(person, mailoutbox) -> Callable[..., str]:
    """Invite somebody to the ministry of finance, and return the secret that the mail holds."""
    sara = person("finance", "administrator")

    def invite(email: str = "nora@mof.example", role: str = "agent") -> str:
        invitations.invite(sara, Body.objects.get(slug="finance"), role, email, link=LINK.__add__)
        return re.search(re.escape(LINK) + r"(\S+)", mailoutbox[-1].body).group(1)

    return invite


def test_an_invited_person_chooses_a_name_and_a_password_and_has_the_role(invite):
    nora = invitations.accept_anew(invite(), **ACCOUNT)
    assert nora.check_password("a-good-long-password")
    assert nora.email == "nora@mof.example"
    assert (nora.memberships.get().body.slug, nora.memberships.get().role) == ("finance", "agent")


def test_the_mail_is_in_both_languages_and_names_body_and_role(invite, mailoutbox):
    invite(role="approver")
    (mail,) = mailoutbox
    assert mail.to == ["nora@mof.example"]
    for words in ("وزارة المالية", "Ministry of Finance", "معتمِد الردود", "Approver"):
        assert words in mail.body
        assert words in mail.alternatives[0][0]


def test_the_secret_is_not_in_the_database(invite):
    secret = invite()
    with connection.cursor() as cursor:
        cursor.execute("SELECT bodies_invitation::text FROM bodies_invitation")
        (row,) = cursor.fetchone()
    assert secret not in row


def test_a_link_is_good_once(invite):
    secret = invite()
    invitations.accept_anew(secret, **ACCOUNT)
    with pytest.raises(InvitationUsed):
        invitations.accept_anew(secret, **{**ACCOUNT, "username": "other"})
    with pytest.raises(InvitationUsed):
        invitations.find(secret)
    assert Membership.objects.filter(role="agent").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_by_two_at_once_makes_one_person(invite):
    secret = invite()

    def accept(name: str) -> bool:
        try:
            invitations.accept_anew(secret, **{**ACCOUNT, "username": name})
        except InvitationUsed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(accept, [f"nora{number}" for number in range(6)])) == 1
    assert Person.objects.filter(username__startswith="nora").count() == 1


def test_a_link_is_good_for_seven_days(invite):
    secret = invite()
    sent = Invitation.objects.get().sent_at
    assert Invitation.objects.get().expires_at - sent == timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(InvitationExpired):
        invitations.accept_anew(secret, **ACCOUNT)
    assert not Person.objects.filter(username="nora").exists()


def test_a_withdrawn_link_is_good_no_longer(invite, person):
    secret = invite()
    invitations.withdraw(Person.objects.get(username="finance.administrator"), Invitation.objects.get())
    with pytest.raises(InvitationWithdrawn):
        invitations.accept_anew(secret, **ACCOUNT)


def test_inviting_again_replaces_the_earlier_link(invite):
    first, second = invite(), invite("Nora@MoF.example ")
    with pytest.raises(InvitationWithdrawn):
        invitations.find(first)
    assert invitations.find(second).email == "nora@mof.example"


def test_a_made_up_link_is_refused(invite):
    invite()
    for secret in ("", "made-up", Invitation.objects.get().digest):
        with pytest.raises(InvitationUnknown):
            invitations.find(secret)


def test_an_invitation_lapses_with_its_sender(invite, person):
    secret = invite()
    sara = Person.objects.get(username="finance.administrator")
    sara.memberships.all().delete()
    with pytest.raises(InvitationWithdrawn):
        invitations.find(secret)


def test_somebody_with_an_account_takes_the_role_with_it(invite, person):
    auditor = person("commerce", "auditor")
    invitations.accept(invite(), auditor)
    assert set(auditor.memberships.values_list("body__slug", "role")) == {
        ("commerce", "auditor"),
        ("finance", "agent"),
    }


def test_somebody_with_an_account_of_that_address_gets_no_second_one(invite):
    invitations.accept_anew(invite(), **ACCOUNT)
    with pytest.raises(EmailKnown):
        invitations.accept_anew(invite(role="auditor"), **{**ACCOUNT, "username": "nora2"})


def test_a_taken_name_is_refused_whatever_its_letters_and_the_link_stays_good(invite, person):
    person("commerce", "agent")
    secret = invite()
    with pytest.raises(NameTaken):
        invitations.accept_anew(secret, **{**ACCOUNT, "username": " Commerce.Agent "})
    invitations.accept_anew(secret, **ACCOUNT)


@pytest.mark.parametrize(
    "wrong", [{"password": "short"}, {"password": "q1w2e3r4t5y6"}, {"username": ""}, {"username": "no ra"}]
)
def test_a_name_or_password_that_is_not_good_is_refused_and_the_link_stays_good(invite, wrong):
    secret = invite()
    with pytest.raises(ValidationError):
        invitations.accept_anew(secret, **{**ACCOUNT, **wrong})
    assert invitations.find(secret)


def test_nobody_invites_to_a_body_that_they_do_not_administer(person, mailoutbox):
    sara = person("finance", "administrator")
    for slug, inviter in (("commerce", sara), ("finance", person("finance", "supervisor"))):
        with pytest.raises(NotAdministrator):
            invitations.invite(inviter, Body.objects.get(slug=slug), "agent", "a@b.example", link=LINK.__add__)
    assert mailoutbox == []


def test_administrators_above_invite_to_bodies_below(person, mailoutbox):
    above = person("municipal", "administrator")
    invitations.invite(above, Body.objects.get(slug="amana_riyadh"), "agent", "a@b.example", link=LINK.__add__)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "email", ["", "nora", "nora@", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"]
)
def test_what_is_no_address_is_refused(invite, email):
    with pytest.raises(ValidationError):
        invite(email)
    assert not Invitation.objects.exists()


def test_an_invitation_whose_mail_is_not_sent_is_not_stored(person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(MailNotSent):
        invitations.invite(
            person("finance", "administrator"),
            Body.objects.get(slug="finance"),
            "agent",
            "a@b.example",
            link=LINK.__add__,
        )
    assert not Invitation.objects.exists()


def test_the_invitations_of_a_deactivated_person_are_withdrawn(invite, person):
    secret = invite()
    sara = Person.objects.get(username="finance.administrator")
    other = Person.objects.create_user("second.administrator")
    people.give(sara, other, Body.objects.get(slug="finance"), "administrator")
    people.deactivate(other, sara)
    people.activate(other, sara)
    with pytest.raises(InvitationWithdrawn):
        invitations.find(secret)
