"""The outbox: what X answers, and what becomes of the reply."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection

from tafaul.care import outbox, pipeline
from tafaul.care.models import Case, Reply
from tafaul.jobs import reading
from tests.care.conftest import answer, take_in

pytestmark = pytest.mark.django_db(transaction=True)


def wait_and_deliver(account, seconds: float = 1.2) -> None:
    time.sleep(seconds)
    account.refresh_from_db()
    outbox.deliver(account)


def test_a_reply_whose_answer_was_lost_is_found_and_not_sent_again(asked, person, x):
    reply = answer(asked, person("finance"))
    x.fault("lost_answer", endpoint="send_public", times=1)
    assert outbox.deliver(asked.account) == 0
    reply.refresh_from_db()
    assert reply.state == "sending"
    wait_and_deliver(asked.account)
    reply.refresh_from_db()
    assert (reply.state, reply.external_id) == ("sent", x.replies()[0]["id"])
    assert len(x.replies()) == 1


def test_a_reply_that_did_not_arrive_is_sent_again(asked, person, x):
    answer(asked, person("finance"))
    x.fault("cut", endpoint="send_public", times=1)
    outbox.deliver(asked.account)
    wait_and_deliver(asked.account)
    assert len(x.replies()) == 1
    assert Reply.objects.get().state == "sent"


def test_words_that_x_refuses_fail_with_the_reason(asked, person, x):
    agent = person("finance")
    answer(asked, agent, "نسعد بخدمتك")
    outbox.deliver(asked.account)
    again = answer(asked, agent, "نسعد بخدمتك")
    outbox.deliver(asked.account)
    again.refresh_from_db()
    assert again.state == "failed"
    assert "duplicate" in again.failure
    assert len(x.replies()) == 1


def test_a_reply_to_a_deleted_post_fails_with_the_reason(asked, person, x):
    Reply.objects.all().delete()
    asked.posts.update(external_id="123")
    reply = answer(asked, person("finance"))
    outbox.deliver(asked.account)
    reply.refresh_from_db()
    assert (reply.state, "deleted" in reply.failure) == ("failed", True)


def test_a_rate_limit_holds_the_account_until_its_reset(asked, person, x):
    answer(asked, person("finance"))
    x.fault("rate_limited", endpoint="send_public", times=1, seconds=60)
    outbox.deliver(asked.account)
    asked.account.refresh_from_db()
    assert 50 < (asked.account.send_after - datetime.now(UTC)).total_seconds() <= 62
    assert outbox.due() == []
    assert Reply.objects.get().state == "queued"


def test_refused_credentials_disconnect_the_account_and_keep_the_reply(asked, person, x):
    answer(asked, person("finance"))
    asked.account.access_token, asked.account.refresh_token = "gone", "gone"
    asked.account.save()
    outbox.deliver(asked.account)
    asked.account.refresh_from_db()
    assert asked.account.state == "disconnected"
    assert "connect the account again" in asked.account.trouble
    assert Reply.objects.get().state == "queued"
    assert outbox.due() == []


def test_one_reply_that_is_refused_does_not_hold_up_the_others(asked, person, x, connect):
    agent = person("finance")
    x.write(asked.account.handle, "وأنا متى راتبي؟", author="um_khalid")
    take_in(asked.account)
    Case.objects.filter(pk=asked.pk).first().posts.update(external_id="123")
    for case in Case.objects.all():
        answer(case, agent)
    assert outbox.deliver(asked.account) == 1
    assert sorted(Reply.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_two_who_deliver_at_once_send_once(asked, person, x):
    answer(asked, person("finance"))
    x.fault("slow", endpoint="send_public", seconds=0.5)

    def deliver() -> None:
        outbox.deliver(asked.account)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(x.replies()) == 1


def test_a_citizen_who_writes_while_the_reply_is_under_way_goes_on_waiting(asked, person, x):
    answer(asked, person("finance"))
    x.write(asked.account.handle, "للحين ما رديتوا علي عن الراتب")
    take_in(asked.account)
    outbox.deliver(asked.account)
    asked.refresh_from_db()
    assert asked.state == "open"
    assert asked.waiting_since is not None


def test_a_citizen_without_a_handle_is_answered_all_the_same(asked, person, x):
    asked.citizen.handle = ""
    asked.citizen.save()
    answer(asked, person("finance"), "نسعد بخدمتك")
    outbox.deliver(asked.account)
    assert x.replies()[0]["text"] == "نسعد بخدمتك"


def test_a_post_worked_only_after_the_approval_goes_on_waiting(asked, person, x):
    x.write(asked.account.handle, "للحين ما رديتوا علي عن الراتب")
    reading.read(asked.account, "public")
    answer(asked, person("finance"))
    while pipeline.work(asked.account):
        pass
    outbox.deliver(asked.account)
    asked.refresh_from_db()
    assert asked.state == "open"


def test_a_lookup_that_x_refuses_does_not_hold_up_the_others(asked, person, x):
    agent = person("finance")
    stuck = answer(asked, agent)
    Reply.objects.filter(pk=stuck.pk).update(
        state="sending", first_tried_at=datetime.now(UTC), last_tried_at=datetime.now(UTC), visibility="private"
    )
    asked.citizen.external_id = "unknown:5"
    asked.citizen.save()
    x.write(asked.account.handle, "وأنا متى راتبي؟", author="um_khalid")
    take_in(asked.account)
    answer(Case.objects.exclude(pk=asked.pk).get(), agent)
    time.sleep(1.1)
    assert outbox.deliver(asked.account) == 1
    stuck.refresh_from_db()
    assert stuck.failure


def test_a_second_try_of_unknown_fate_settles_as_long_as_the_first(asked, person, x):
    reply = answer(asked, person("finance"))
    x.fault("cut", endpoint="send_public", times=2)
    outbox.deliver(asked.account)
    wait_and_deliver(asked.account)
    reply.refresh_from_db()
    assert reply.tries == 2
    assert (reply.last_tried_at - reply.first_tried_at).total_seconds() > 1
    outbox.deliver(asked.account)
    reply.refresh_from_db()
    assert reply.tries == 2
