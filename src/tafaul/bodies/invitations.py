"""Inviting people by e-mail: a link, good once and for seven days.

The secret is in the mail only; the database keeps its SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPException

from django.contrib.auth.password_validation import validate_password
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tafaul.bodies import access, people, tree
from tafaul.bodies.errors import (
    EmailKnown,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
    MailNotSent,
    NameTaken,
)
from tafaul.bodies.models import Body, Invitation, Membership, Person
from tafaul.foundation import acting

GOOD_FOR = timedelta(days=7)


def invite(by: Person, body: Body, role: str, email: str, *, link: Callable[[str], str]) -> Invitation:
    """Invite an e-mail address to a role in a body, in place of an earlier invitation to it.

    `link` makes an address of the secret. Raises `NotAdministrator`, `MailNotSent` (nothing is stored then), and
    Django's `ValidationError` for what is no address.
    """
    tree.require_administrator(by, body)
    email = email.strip().lower()
    validate_email(email)
    secret, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        Body.objects.select_for_update(no_key=True).get(pk=body.pk)
        _open().filter(body=body, role=role, email=email).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            body=body,
            role=role,
            email=email,
            by=by,
            digest=_digest(secret),
            sent_at=now,
            expires_at=now + GOOD_FOR,
        )
        _send(invitation, link(secret))
    return invitation


def waiting(person: Person) -> QuerySet[Invitation]:
    """Invitations that nobody accepted yet, expired ones among them, to the bodies that a person administers."""
    return _open().filter(body__in=access.administered_by(person)).select_related("body", "by")


def withdraw(by: Person, invitation: Invitation) -> None:
    """Make a link useless. Raises `NotAdministrator`; one that is no longer open stays as it is."""
    tree.require_administrator(by, invitation.body)
    _open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now())


def find(secret: str) -> Invitation:
    """Return the invitation of a link.

    Raises `InvitationUnknown`, `InvitationUsed`, `InvitationWithdrawn` and `InvitationExpired`.
    """
    with _as_sender(secret):
        return _good(Invitation.objects.select_related("body", "by").filter(digest=_digest(secret)).first())


def accept(secret: str, person: Person) -> Invitation:
    """Give a person who is logged in the role of their link. Raises as `find` does."""
    with _as_sender(secret), transaction.atomic():
        invitation = _locked(secret)
        _fulfil(invitation, person)
    return invitation


def accept_anew(secret: str, *, username: str, password: str, name_ar: str, name_en: str) -> Person:
    """Make the account of an invited person, with the role of their link.

    Raises as `find` does, `EmailKnown`, `NameTaken`, and Django's `ValidationError` for a name or password that is
    not good.
    """
    with _as_sender(secret), transaction.atomic():
        invitation = _locked(secret)
        if Person.objects.filter(email__iexact=invitation.email).exists():
            raise EmailKnown
        if Person.objects.filter(username__iexact=username.strip()).exists():
            raise NameTaken
        person = Person(username=username.strip(), name_ar=name_ar.strip(), name_en=name_en.strip())
        person.language = "en" if (translation.get_language() or "").startswith("en") else "ar"
        person.clean_fields(exclude=["password"])
        validate_password(password, person)
        person.set_password(password)
        try:
            with transaction.atomic():
                person.save()
                people.keep_email(person, invitation.email)
        except IntegrityError as error:  # somebody else was faster
            raise NameTaken from error
        _fulfil(invitation, person)
    return person


def open_for(email: str) -> bool:
    """Tell whether an e-mail address holds a good invitation."""
    return any(_is_good(item) for item in _to(email))


def accept_by_email(email: str, person: Person) -> None:
    """Give a person whose e-mail address single sign-on vouches for all roles that it was invited to."""
    with transaction.atomic():
        people.keep_email(person, email.lower())
        for invitation in _to(email):
            if _is_good(invitation) and _open().filter(pk=invitation.pk).select_for_update().exists():
                _fulfil(invitation, person)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _senders(digest: str = "", email: str = "") -> list[tuple[int, int]]:
    """Return the ids of an invitation by its link, or of those open to an address, each with its sender's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, by_id FROM tafaul_invitations(%s, %s)", [digest, email])
        found: list[tuple[int, int]] = cursor.fetchall()
    return found


@contextmanager
def _as_sender(secret: str) -> Iterator[None]:
    """Act for who sent the invitation of a link: its holder is nobody yet, and sees nothing."""
    senders = _senders(digest=_digest(secret))
    with acting.as_person(senders[0][1] if senders else None):
        yield


def _to(email: str) -> Iterator[Invitation]:
    """Give each open invitation to an address, acting for its sender meanwhile."""
    for number, sender in _senders(email=email.lower()):
        with acting.as_person(sender):
            yield from _open().filter(pk=number).select_related("body", "by")


def _locked(secret: str) -> Invitation:
    """Return the invitation of a link, locked, so that it is used once."""
    find(secret)
    found = Invitation.objects.select_related("body", "by").select_for_update(of=("self",))
    return _good(found.filter(digest=_digest(secret)).first())


def _is_good(invitation: Invitation) -> bool:
    try:
        _good(invitation)
    except (InvitationUsed, InvitationWithdrawn, InvitationExpired):
        return False
    return True


def _good(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise InvitationUnknown
    if invitation.accepted_at:
        raise InvitationUsed
    sender = invitation.by
    may = sender.is_active and access.administered_by(sender).filter(pk=invitation.body_id).exists()
    if invitation.withdrawn_at or not may:
        raise InvitationWithdrawn
    if invitation.has_expired:
        raise InvitationExpired
    return invitation


def _fulfil(invitation: Invitation, person: Person) -> None:
    Membership.objects.get_or_create(person=person, body=invitation.body, role=invitation.role)
    invitation.accepted_by, invitation.accepted_at = person, timezone.now()
    invitation.save(update_fields=["accepted_by", "accepted_at"])


def _send(invitation: Invitation, link: str) -> None:
    """Mail the link, in Arabic and in English. Raises `MailNotSent`."""
    roles = {}
    for language in ("ar", "en"):
        with translation.override(language):
            roles[f"role_{language}"] = invitation.get_role_display()
    told = {"invitation": invitation, "link": link, **roles}
    subject = f"دعوة إلى تفاعل: {invitation.body.name_ar} · Invitation to Tafaul: {invitation.body.name_en}"
    mail = EmailMultiAlternatives(subject, render_to_string("bodies/invitation.txt", told), to=[invitation.email])
    mail.attach_alternative(render_to_string("bodies/invitation.html", told), "text/html")
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        raise MailNotSent from error
