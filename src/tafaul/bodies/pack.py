"""Loading a country's pack: its bodies and their tree, their accounts, and people for a demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from tafaul.bodies.models import Body, Membership, Person


@dataclass(frozen=True, slots=True)
class AccountOfPack:
    """An official account as the pack names it; what the channel knows of it comes from the channel."""

    body: str
    handle: str
    name: str


@cache
def read(name: str) -> Any:
    """Return a YAML file of the pack, read once."""
    with (Path(settings.PACK) / f"{name}.yaml").open(encoding="utf-8") as stream:
        return yaml.load(stream, yaml.CSafeLoader)


def bodies() -> Mapping[str, Any]:
    """Return the pack's bodies by slug, parents before those below them."""
    return read("bodies")["bodies"]  # type: ignore[no-any-return]


def accounts(channel: str = "x") -> list[AccountOfPack]:
    """Return the accounts that the pack's bodies have on a channel."""
    found = []
    for slug, entry in bodies().items():
        account = (entry.get("accounts") or {}).get(channel)
        if account:
            found.append(AccountOfPack(slug, account["handle"], account["name"]))
    return found


def load() -> None:
    """Store the pack's bodies and their tree. Bodies that are there stay as their administrators have them."""
    with transaction.atomic():
        stored: dict[str, Body] = {}
        for slug, entry in bodies().items():
            parent = stored[entry["under"]] if entry.get("under") else None
            values = {
                "parent": parent,
                "name_ar": entry["ar"],
                "name_en": entry["en"],
                "contact_number": str(entry.get("contact_number", "")),
                "usual_answer": entry.get("usual_answer", "acknowledged"),
            }
            stored[slug], _created = Body.objects.get_or_create(slug=slug, defaults=values)


def load_people(password: str) -> list[Person]:
    """Store the pack's people with one password: for a demonstration on this machine only."""
    from django.contrib.auth.hashers import make_password

    secret, people = make_password(password), []
    with transaction.atomic():
        for slug, entry in bodies().items():
            body = Body.objects.get(slug=slug)
            for told in entry.get("people") or ():
                values = {"name_ar": told["ar"], "name_en": told["en"]}
                person, created = Person.objects.update_or_create(username=told["username"], defaults=values)
                if created:
                    person.password = secret
                    person.save(update_fields=["password"])
                Membership.objects.get_or_create(person=person, body=body, role=told["role"])
                people.append(person)
    return people
