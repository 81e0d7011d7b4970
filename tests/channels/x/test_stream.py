"""X's filtered stream: posts arrive by themselves, at the account that they are addressed to."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tafaul.channels import x as x_channel
from tafaul.channels.base import Pushed, Unavailable


class Listening:
    """A listener in a thread of its own, as in a worker."""

    def __init__(self, x, accounts: dict[str, str], token: str = "simulated-app-token") -> None:
        self.x, self.stop, self.pushed = x, threading.Event(), queue.Queue()
        self.options = {"base_url": x.url, "app_token": token}
        self.thread = threading.Thread(target=self._listen, args=(accounts,), daemon=True)
        self.thread.start()

    def _listen(self, accounts: dict[str, str]) -> None:
        try:
            for pushed in x_channel.listen(self.options, accounts=accounts, until=self.stop.is_set):
                self.pushed.put(pushed)
        except Unavailable as error:
            self.pushed.put(error)

    def wait_until_open(self) -> None:
        deadline = time.monotonic() + 5
        while not self.x.state()["streams"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def next(self) -> Pushed | Unavailable:
        return self.pushed.get(timeout=5)


@pytest.fixture
def listen(x) -> Iterator[Callable[..., Listening]]:
    opened: list[Listening] = []

    def listen(accounts: dict[str, str], **more: str) -> Listening:
        opened.append(Listening(x, accounts, **more))
        return opened[-1]

    yield listen
    for listening in opened:
        listening.stop.set()


def test_each_post_reaches_the_account_that_it_is_addressed_to(x, listen):
    finance, commerce = x.add_account("Tafaul_Finance"), x.add_account("Tafaul_MC")
    listening = listen({a["external_id"]: a["handle"] for a in (finance, commerce)})
    listening.wait_until_open()
    (first,) = x.write("Tafaul_Finance", "راتبي")
    (second,) = x.write("Tafaul_MC", "بضاعتي")
    seen = {}
    while len(seen) < 2:
        pushed = listening.next()
        for post in pushed.posts:
            seen[post.external_id] = pushed.account_external_id
    assert seen == {first: finance["external_id"], second: commerce["external_id"]}


def test_rules_follow_the_accounts(x, listen):
    finance, commerce = x.add_account("Tafaul_Finance"), x.add_account("Tafaul_MC")
    first = listen({finance["external_id"]: finance["handle"]})
    first.wait_until_open()
    first.stop.set()
    first.thread.join(3)
    second = listen({commerce["external_id"]: commerce["handle"]})
    deadline = time.monotonic() + 5
    while x.control("GET", "state")["calls"].get("stream 200", 0) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    x.write("Tafaul_Finance", "لا يعنيكم")
    (wanted,) = x.write("Tafaul_MC", "يعنيكم")
    assert [post.external_id for post in second.next().posts] == [wanted]


def test_a_stream_that_x_ends_is_said_so_that_the_caller_listens_again(x, listen):
    finance = x.add_account("Tafaul_Finance")
    listening = listen({finance["external_id"]: finance["handle"]})
    listening.wait_until_open()
    x.control("DELETE", "streams")
    assert isinstance(listening.next(), Unavailable)


def test_a_wrong_token_is_said(x, listen):
    finance = x.add_account("Tafaul_Finance")
    assert "401" in str(listen({finance["external_id"]: finance["handle"]}, token="wrong").next())
