"""Reading and answering in this process, step by step."""

from __future__ import annotations

import uuid

import pytest

from tafaul.care import pipeline, replies
from tafaul.care.models import Case, Reading, Reply
from tafaul.jobs import reading


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
