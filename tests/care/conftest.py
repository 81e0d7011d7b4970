"""Reading and answering in this process, step by step."""

from __future__ import annotations

import uuid

import pytest

from tafaul.care import pipeline, replies
from tafaul.care.models import Case, Reading, Reply
from tafaul.jobs import reading
from tests.roles import verbs_at_the_desk


def take_in(account, stream: str = "public") -> None:
    """Read and work what X has for an account."""
    Reading.objects.get_or_create(account=account, stream=stream)
    reading.read(account, stream)
    while pipeline.work(account):
        pass


def answer(case: Case, person, text: str = "أهلاً بك، نسعد بخدمتك.", **more) -> Reply:
    """Approve a reply to a case."""
    told = {"mode": "answered", "visibility": "public", "form_key": uuid.uuid4(), **more}
    return replies.send(case, person, text=text, **told)


@pytest.fixture
def asked(x, connect):
    """A citizen's inquiry at the Ministry of Finance, as an open case."""
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    return Case.objects.get()


@pytest.fixture(autouse=True)
def in_the_roles(monkeypatch) -> None:
    """What people do in these tests, they do as at their desk: the database shows them what they may see."""
    import pkgutil
    from importlib import import_module

    import tafaul.care

    modules = [name for _finder, name, is_package in pkgutil.iter_modules(tafaul.care.__path__) if not is_package]
    verbs_at_the_desk(monkeypatch, *(import_module(f"tafaul.care.{name}") for name in modules))
