"""From a post's appearing on the simulated X to its case on an open page, at 10 and at 100 posts a second.

Everything is real: the simulator, a worker and a web server as processes of their own, and an agent's page that
listens to the server's events and fetches its list when it is told to, as the browser does.

    ./dev bench latency [SECONDS]
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from _scene import set_up

RATES = (10, 100)
AIM = 2.0
FOLLOWED = 40
HANDLE, BODY = "Tafaul_Finance", "finance"


class Page:
    """An agent's open list of cases: logs in, listens, and looks at the list whenever it is told of news."""

    def __init__(self, url: str) -> None:
        self.url, self.seen_at, self.stop = url, {}, threading.Event()
        self._session = requests.Session()
        form = self._session.get(f"{url}/log-in", timeout=10).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        told = {"login": "bench", "password": "a-long-password", "csrfmiddlewaretoken": token}
        answer = self._session.post(f"{url}/log-in", data=told, headers={"Referer": url}, timeout=10)
        assert "csrfmiddlewaretoken" in answer.text, answer.status_code
        self._news = threading.Event()
        for work in (self._listen, self._look):
            threading.Thread(target=work, daemon=True).start()

    def _listen(self) -> None:
        with (
            contextlib.suppress(requests.RequestException),
            self._session.get(f"{self.url}/live", stream=True, timeout=120) as events,
        ):
            for line in events.iter_lines(chunk_size=1):
                if line.startswith(b"event: cases"):
                    self._news.set()

    def _look(self) -> None:
        while not self.stop.is_set():
            if self._news.wait(1) and not self.stop.is_set():
                self._news.clear()
                headers = {"HX-Request": "true", "HX-Target": "list"}
                page = self._session.get(f"{self.url}/?q={self.mark}", headers=headers, timeout=10).text
                now = time.time()
                for number in re.findall(rf"{self.mark}n(\d+)n", page):
                    self.seen_at.setdefault(int(number), now)

    mark = "none"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """Run simulator, worker and web server; yield the addresses of the simulator and of the web."""
    x_port, port = free_port(), free_port()
    os.environ.update(
        TAFAUL_X_URL=f"http://127.0.0.1:{x_port}",
        TAFAUL_X_CLIENT_ID="bench",
        TAFAUL_X_APP_TOKEN="simulated-app-token",
    )
    accounts = folder / "accounts.json"
    accounts.write_text(f'[{{"body": "{BODY}", "handle": "{HANDLE}", "name": "{BODY}"}}]')
    posts = folder / "none"
    posts.mkdir()
    commands = [
        ["tafaul.channels.x.simulator", "--port", str(x_port), "--accounts", str(accounts), "--posts", str(posts),
         "--rate", "0", "--limits-factor", "100", "--data", str(folder / "x")],
        ["tafaul.cli", "serve", "--port", str(port)],
        ["tafaul.cli", "worker"],
    ]  # fmt: skip
    log = (folder / "processes.log").open("wb")
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log) for command in commands[:1]
    ]
    try:
        wait_for(x_port)
        connect_account(f"http://127.0.0.1:{x_port}")
        processes += [
            subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log) for command in commands[1:]
        ]
        wait_for(port)
        yield f"http://127.0.0.1:{x_port}", f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")


def connect_account(x: str) -> None:
    from tafaul.bodies import accounts
    from tafaul.bodies.models import Body, Membership, Person
    from tafaul.channels.base import Credentials, Granted

    body = Body.objects.get(slug=BODY)
    (told,) = requests.get(f"{x}/control/accounts", timeout=10).json()
    accounts.keep(
        body, "x", Granted(told["external_id"], HANDLE, Credentials(told["access_token"], told["refresh_token"]))
    )
    Membership.objects.create(
        person=Person.objects.create_user("bench", password="a-long-password"), body=body, role="agent"
    )


def measure(x: str, page: Page, rate: int, seconds: int) -> list[float]:
    """Let citizens write at a rate; return the seconds until each case that is followed stood on the page.

    A page of the list holds 50 cases: so many posts, spread over the time, bear a mark that the page searches for.
    """
    page.mark, page.seen_at = f"r{rate}", {}
    every = rate * seconds // FOLLOWED
    written_at: dict[int, float] = {}
    begun = time.time()
    for number in range(rate * seconds):
        due = begun + number / rate
        time.sleep(max(0.0, due - time.time()))
        followed = number % every == 0
        mark = f"r{rate}n{number}n" if followed else "سؤال"
        told = {"author": f"c{rate}_{number}", "to": HANDLE, "text": f"{mark} متى ينزل الراتب؟"}
        if followed:
            written_at[number] = time.time()
        requests.post(f"{x}/control/posts", json=[told], timeout=10)
    deadline = time.time() + 20
    while len(page.seen_at) < len(written_at) and time.time() < deadline:
        time.sleep(0.1)
    assert len(page.seen_at) == len(written_at), f"{len(page.seen_at)} of {len(written_at)} cases came"
    return [page.seen_at[number] - at for number, at in written_at.items()]


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    folder = set_up()
    with running(folder) as (x, web):
        page = Page(web)
        time.sleep(4)
        for rate in RATES:
            told = sorted(measure(x, page, rate, seconds))
            p50, p95 = statistics.median(told), told[int(len(told) * 0.95) - 1]
            print(
                f"{rate:4d} posts/s for {seconds} s, {len(told)} cases followed: p50 {p50:.2f} s, p95 {p95:.2f} s, "
                f"which is {p95 / AIM:.2f} of the aim of {AIM:.0f} s"
            )
        page.stop.set()


if __name__ == "__main__":
    main()
