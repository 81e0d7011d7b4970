"""Tests run against a real PostgreSQL and a real HTTP server for X."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import hypothesis
import pytest
import requests
from django.test import Client

from tests.roles import role

hypothesis.settings.register_profile("tafaul", deadline=None)  # how fast it is, other tests say
hypothesis.settings.load_profile("tafaul")


class X:
    """The simulated X of a test: what citizens write there, what goes wrong, what arrived."""

    def __init__(self, url: str) -> None:
        self.url = url

    def add_account(self, handle: str, name: str = "جهة") -> dict[str, str]:
        accounts = self.control("POST", "accounts", [{"handle": handle, "name": name}])
        return next(item for item in accounts if item["handle"] == handle)

    def write(self, to: str, *texts: str, author: str = "abu_fahad", **more: object) -> list[str]:
        return self.control(
            "POST", "posts", [{"author": author, "to": to, "text": text, **more} for text in texts]
        )

    def fault(self, kind: str, **more: object) -> None:
        self.control("POST", "faults", {"kind": kind, **more})

    def no_faults(self) -> None:
        self.control("DELETE", "faults")

    def replies(self) -> list[dict]:
        return self.control("GET", "replies")

    def posts(self, account: str) -> list[dict]:
        return self.control("GET", f"posts?account={account}")

    def state(self) -> dict:
        return self.control("GET", "state")

    def control(self, method: str, path: str, body: object = None):
        response = requests.request(method, f"{self.url}/control/{path}", json=body, timeout=60)
        assert response.ok, response.text
        return response.json()


class DeskClient(Client):
    """Django's client of pages, in the role of web processes."""

    def request(self, **request: object) -> object:
        with role("tafaul_desk"):
            return super().request(**request)


@pytest.fixture(autouse=True)
def no_command_leaves_its_role() -> Iterator[None]:
    """A command run within a test names a role of the database for its process: not for the tests after it."""
    yield
    os.environ.pop("TAFAUL_ROLE", None)


@pytest.fixture
def x() -> Iterator[X]:
    from tafaul.channels.x.simulator.server import running

    with running() as url:
        yield X(url)


@pytest.fixture
def pack(db: None) -> None:
    """The bodies of the article."""
    from tafaul.bodies import pack

    pack.load()


@pytest.fixture
def connect(pack: None, x: X, settings) -> Callable[[str], object]:
    """Connect a body's account on the simulated X: `account = connect("finance")`."""
    from tafaul.bodies import accounts
    from tafaul.bodies import pack as packs
    from tafaul.bodies.models import Body
    from tafaul.channels.base import Credentials, Granted

    def connect(body: str):
        settings.CHANNELS = {"x": {**settings.CHANNELS["x"], "base_url": x.url, "client_id": "test"}}
        told = next(item for item in packs.accounts() if item.body == body)
        known = x.add_account(told.handle, told.name)
        credentials = Credentials(known["access_token"], known["refresh_token"])
        granted = Granted(known["external_id"], known["handle"], credentials)
        return accounts.keep(Body.objects.get(slug=body), "x", granted)

    return connect


@pytest.fixture
def person(pack: None) -> Callable[[str, str], object]:
    """Someone with a role in a body: `person("finance", "agent")`."""
    from tafaul.bodies.models import Body, Membership, Person

    def person(body: str, role: str = "agent"):
        someone = Person.objects.create_user(f"{body}.{role}", password="a-long-password")
        Membership.objects.create(person=someone, body=Body.objects.get(slug=body), role=role)
        return someone

    return person


@pytest.fixture
def client() -> Client:
    """A browser whose requests are answered as a web process does: in the desk's role of the database."""
    return DeskClient()
