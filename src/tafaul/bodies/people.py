"""People and their roles."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from tafaul.bodies.models import Body, Membership, Person


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
