"""People and their roles: who gives and takes them, who may log in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tafaul.bodies import access, tree
from tafaul.bodies.errors import (
    GivenAlready,
    LastAdministrator,
    NotHeld,
    NotTheirAdministrator,
    OwnRole,
    WorksElsewhere,
)
from tafaul.bodies.models import Body, Invitation, Membership, Person


class NoSuchBody(Exception):
    """There is no body of that name; the text lists those that there are."""


def appoint(username: str, *, body: str, role: str, password: str | None) -> Person:
    """Give a person a role in a body (its slug), and a password when one is given or the person is new.

    Raises `NoSuchBody`, and Django's `ValidationError` for a password that is too weak.
    """
    chosen = Body.objects.filter(slug=body).first()
    if chosen is None:
        raise NoSuchBody(", ".join(Body.objects.values_list("slug", flat=True)) or "none: run tafaul bodies")
    with transaction.atomic():
        person, _created = Person.objects.get_or_create(username=username)
        if password:
            validate_password(password, person)
            person.set_password(password)
            person.save(update_fields=["password"])
        Membership.objects.get_or_create(person=person, body=chosen, role=role)
    return person


def keep_email(person: Person, email: str) -> None:
    """Store the e-mail address that a person proved to be theirs by opening a mail or by single sign-on."""
    person.email = email
    person.save(update_fields=["email"])
    EmailAddress.objects.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})


def describe(person: Person, *, name_ar: str, name_en: str, language: str) -> None:
    """Store what people say of themselves."""
    person.name_ar, person.name_en, person.language = name_ar.strip(), name_en.strip(), language
    person.save(update_fields=["name_ar", "name_en", "language"])


def administered_by(person: Person) -> QuerySet[Person]:
    """People with a role in a body that the person administers."""
    bodies = access.administered_by(person).values("pk")
    return Person.objects.filter(pk__in=Membership.objects.filter(body__in=bodies).values("person"))


def give(by: Person, person: Person, body: Body, role: str) -> Membership:
    """Give a person a role in a body. Raises `NotAdministrator` and `GivenAlready`."""
    tree.require_administrator(by, body)
    membership, created = Membership.objects.get_or_create(person=person, body=body, role=role)
    if not created:
        raise GivenAlready
    return membership


@transaction.atomic
def change(by: Person, membership: Membership, role: str) -> None:
    """Give another role in place of this one.

    Raises `NotAdministrator`, `OwnRole`, `NotHeld`, `GivenAlready` and `LastAdministrator`.
    """
    held = _held(by, membership)
    if held.person.memberships.filter(body=held.body, role=role).exclude(pk=held.pk).exists():
        raise GivenAlready
    was, held.role = held.role, role
    held.save(update_fields=["role"])
    if was == Membership.Role.ADMINISTRATOR:
        _require_some_administrator(held.body)


@transaction.atomic
def take_away(by: Person, membership: Membership) -> None:
    """Take a role away. Raises `NotAdministrator`, `OwnRole`, `NotHeld` and `LastAdministrator`."""
    held = _held(by, membership)
    held.delete()
    if held.role == Membership.Role.ADMINISTRATOR:
        _require_some_administrator(held.body)


def end_sessions(by: Person, person: Person) -> int:
    """Log a person out everywhere, and return how many sessions ended.

    Administrators of one of the person's bodies may. Raises `NotTheirAdministrator`.
    """
    if not administered_by(by).filter(pk=person.pk).exists():
        raise NotTheirAdministrator
    return _end_sessions(person)


@transaction.atomic
def deactivate(by: Person, person: Person) -> None:
    """Keep a person from logging in from now on, log them out, and withdraw the invitations that they sent.

    Roles and what the person did stay. Raises `OwnRole`, `NotTheirAdministrator`, `WorksElsewhere` and
    `LastAdministrator`.
    """
    _require_all_bodies(by, person)
    administered = person.memberships.filter(role=Membership.Role.ADMINISTRATOR).values("body")
    locked = list(Body.objects.select_for_update(no_key=True).filter(pk__in=administered).order_by("pk"))
    person.is_active = False
    person.save(update_fields=["is_active"])
    for body in locked:
        _require_some_administrator(body)
    Invitation.objects.filter(by=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    _end_sessions(person)


def activate(by: Person, person: Person) -> None:
    """Let a deactivated person log in again. Raises `OwnRole`, `NotTheirAdministrator` and `WorksElsewhere`."""
    _require_all_bodies(by, person)
    person.is_active = True
    person.save(update_fields=["is_active"])


def has_second_factor(person: Person) -> bool:
    """Tell whether a person's log-in asks for more than a password."""
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=person, type__in=types).exists())


@transaction.atomic
def remove_second_factor(by: Person, person: Person) -> None:
    """Forget the second factor, passkeys and recovery codes of somebody who lost them, and log them out.

    Raises `OwnRole`, `NotTheirAdministrator` and `WorksElsewhere`.
    """
    _require_all_bodies(by, person)
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)


def _require_all_bodies(by: Person, person: Person) -> None:
    if by.pk == person.pk:
        raise OwnRole
    mine = set(access.administered_by(by).values_list("pk", flat=True))
    theirs = set(person.memberships.values_list("body_id", flat=True))
    if not mine & theirs:
        raise NotTheirAdministrator
    if theirs - mine:
        raise WorksElsewhere


def _held(by: Person, membership: Membership) -> Membership:
    """Return a membership that `by` may change.

    Its body stays locked, so that two administrators don't remove each other at once.
    """
    Body.objects.select_for_update(no_key=True).get(pk=membership.body_id)
    held = (
        Membership.objects.select_related("person", "body")
        .select_for_update(of=("self",))
        .filter(pk=membership.pk)
        .first()
    )
    if held is None:
        raise NotHeld
    tree.require_administrator(by, held.body)
    if held.person_id == by.pk:
        raise OwnRole
    return held


def _require_some_administrator(body: Body) -> None:
    left = body.memberships.filter(role=Membership.Role.ADMINISTRATOR, person__is_active=True)
    if not left.exists():
        raise LastAdministrator(body.name)


def _end_sessions(person: Person) -> int:
    sessions = UserSession.objects.filter(user=person)
    for session in sessions:
        session.end()
    return len(sessions)
