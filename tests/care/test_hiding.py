"""Hiding insults under what the account itself wrote."""

from __future__ import annotations

import pytest
import requests

from tafaul.care import errors, hiding
from tafaul.care.models import Post
from tests.care.conftest import take_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def insult(x, connect):
    """A citizen's reply under an announcement of the account."""
    account = connect("finance")
    headers = {"Authorization": f"Bearer {account.access_token}"}
    sent = requests.post(f"{x.url}/2/tweets", json={"text": "إعلان الدوام"}, headers=headers, timeout=10)
    x.write(account.handle, "شتيمة", author="troll", in_reply_to=sent.json()["data"]["id"])
    take_in(account)
    return Post.objects.get()


def test_an_insult_is_hidden_once_and_paid_once(insult, person, x):
    agent = person("finance")
    assert hiding.may_be_hidden(insult)
    hiding.hide(insult, agent)
    hiding.hide(insult, agent)
    assert insult.hidden_at is not None
    assert x.state()["calls"]["hide 200"] == 1
    assert insult.account.spending.get(operation="hide", resources__gt=0).resources == 1


def test_a_citizen_s_own_conversation_is_not_ours_to_hide_in(asked):
    assert not hiding.may_be_hidden(asked.posts.get())


def test_what_x_says_against_it_is_told(asked, person):
    with pytest.raises(errors.NotHidden, match="conversations that you started"):
        hiding.hide(asked.posts.get(), person("finance"))


def test_strangers_hide_nothing(insult, person):
    with pytest.raises(errors.NotYours):
        hiding.hide(insult, person("commerce"))
