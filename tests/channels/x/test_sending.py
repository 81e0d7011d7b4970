"""Sending: nothing goes out twice, and nobody is told that it went out when it did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tafaul.channels.base import Author, Disconnected, RateLimited, Refused, Unavailable, Uncertain


@pytest.fixture
def post(account, x):
    x.write(account.handle, "متى ينزل الراتب؟")
    return account.read()[0][0]


@pytest.fixture
def message(account, x):
    x.write(account.handle, "رقم البلاغ 4471", private=True)
    return account.read("private")[0][0]


def test_a_public_reply_stands_under_the_post_with_the_citizen_s_handle(account, x, post):
    sent = account.channel.send(account.reply(post, "نسعد بخدمتك"))
    (arrived,) = x.replies()
    assert (arrived["id"], arrived["in_reply_to"]) == (sent, post.external_id)
    assert arrived["text"] == "@abu_fahad نسعد بخدمتك"


def test_a_private_reply_reaches_the_citizen_only(account, x, message):
    sent = account.channel.send(account.reply(message, "وصلنا رقمك"))
    (arrived,) = x.replies()
    assert (arrived["id"], arrived["private"], arrived["to"]) == (sent, True, message.author.external_id)


@pytest.mark.parametrize("fault", ["lost_answer", "malformed"])
@pytest.mark.parametrize("visibility", ["public", "private"])
def test_an_answer_that_never_reaches_us_is_uncertain_and_found(account, x, post, message, fault, visibility):
    before = datetime.now(UTC)
    outgoing = account.reply(post if visibility == "public" else message, "رد مؤكد")
    x.fault(fault, endpoint=f"send_{visibility}", times=1)
    with pytest.raises(Uncertain):
        account.channel.send(outgoing)
    found = account.channel.find(replace(outgoing, first_tried_at=before))
    assert found == x.replies()[0]["id"]


@pytest.mark.parametrize("fault", ["cut", "unavailable"])
def test_what_did_not_go_out_is_not_found(account, x, post, fault):
    outgoing = account.reply(post, "رد لم يصل")
    x.fault(fault, endpoint="send_public", times=1)
    with pytest.raises(Uncertain):
        account.channel.send(outgoing)
    assert account.channel.find(replace(outgoing, first_tried_at=datetime.now(UTC))) is None
    assert x.replies() == []


def test_without_a_connection_it_surely_did_not_go_out(account, post):
    account.channel._client._base_url = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        account.channel.send(account.reply(post, "رد"))


def test_a_link_that_x_shortens_is_found_all_the_same(account, x, post):
    outgoing = account.reply(post, "التفاصيل في https://mof.gov.sa/salaries شكراً")
    sent = account.channel.send(outgoing)
    assert account.channel.find(replace(outgoing, first_tried_at=datetime.now(UTC))) == sent


def test_the_same_words_to_another_post_are_not_taken_for_it(account, x, post):
    account.channel.send(account.reply(post, "نسعد بخدمتك"))
    x.write(account.handle, "وأنا متى راتبي؟", author="um_khalid")
    (other,) = account.read()[0]
    sought = replace(account.reply(other, "نسعد بخدمتك"), first_tried_at=datetime.now(UTC))
    assert account.channel.find(sought) is None


def test_a_duplicate_is_refused_with_its_reason(account, x, post):
    account.channel.send(account.reply(post, "نسعد بخدمتك"))
    with pytest.raises(Refused, match="duplicate") as refused:
        account.channel.send(account.reply(post, "نسعد بخدمتك"))
    assert refused.value.duplicate


def test_a_duplicate_of_an_earlier_try_is_that_try(account, x, post):
    outgoing = account.reply(post, "نسعد بخدمتك")
    sent = account.channel.send(outgoing)
    assert account.channel.send(replace(outgoing, first_tried_at=datetime.now(UTC))) == sent
    assert len(x.replies()) == 1


def test_too_long_is_refused(account, post):
    with pytest.raises(Refused, match="too long"):
        account.channel.send(account.reply(post, "ن" * 281))


def test_a_citizen_who_closed_private_messages_is_said(account, x, message):
    x.control("POST", "users", {"handle": "abu_fahad", "closed": True})
    with pytest.raises(Refused, match="cannot send messages"):
        account.channel.send(account.reply(message, "رد"))


def test_sending_too_often_waits(account, x, post):
    x.fault("rate_limited", endpoint="send_public", times=1, seconds=60)
    with pytest.raises(RateLimited):
        account.channel.send(account.reply(post, "رد"))
    assert x.replies() == []


def test_expired_tokens_are_refreshed_and_the_reply_leaves_once(account, x, post):
    x.fault("expired_tokens")
    account.channel.send(account.reply(post, "رد"))
    assert len(x.replies()) == 1


def test_refused_credentials_disconnect(account, x, post):
    x.fault("expired_tokens")
    account.credentials[-1] = type(account.credentials[-1])("gone", None)
    with pytest.raises(Disconnected):
        account.channel.send(account.reply(post, "رد"))


def test_a_reply_under_the_account_s_own_post_is_hidden(account, x, post):
    own = account.channel.send(account.reply(post, "بيان"))
    (insult,) = x.write(account.handle, "شتيمة", author="troll", in_reply_to=post.external_id)
    with pytest.raises(Refused, match="conversations that you started"):
        account.channel.hide(insult)
    assert own


def test_a_bare_domain_that_x_shortens_in_a_private_reply_is_found(account, x, message):
    outgoing = account.reply(message, "التفاصيل في mof.gov.sa/form")
    sent = account.channel.send(replace(outgoing, text="التفاصيل في https://t.co/abc"))
    assert account.channel.find(replace(outgoing, first_tried_at=datetime.now(UTC))) == sent


def test_an_earlier_reply_with_the_same_words_is_not_taken_for_this_one(account, x, message):
    outgoing = account.reply(message, "تم استلام طلبك")
    earlier = account.channel.send(outgoing)
    sought = replace(outgoing, first_tried_at=datetime.now(UTC), others=frozenset({earlier}))
    assert account.channel.find(sought) is None


def test_a_citizen_who_changed_their_handle_is_found_by_the_words(account, x, post, citizen):
    outgoing = account.reply(post, "نسعد بخدمتك")
    sent = account.channel.send(outgoing)
    renamed = replace(outgoing, to=replace(outgoing.to, handle="new_name"), first_tried_at=datetime.now(UTC))
    assert account.channel.find(renamed) == sent


def test_what_was_tried_more_than_a_week_ago_is_still_looked_for(account, x, post):
    outgoing = replace(account.reply(post, "نسعد بخدمتك"), first_tried_at=datetime.now(UTC) - timedelta(days=9))
    assert account.channel.find(outgoing) is None


def test_nobody_is_written_to_in_private_when_x_does_not_say_who_wrote(account, message):
    outgoing = replace(account.reply(message, "رد"), to=Author("unknown:5"))
    with pytest.raises(Refused, match="in public only"):
        account.channel.send(outgoing)


def test_every_call_is_metered_with_its_outcome(account, x, post):
    account.channel.send(account.reply(post, "رد"))
    assert account.calls["send_public", 201] == 1
    assert account.calls["mentions", 200] >= 2
