"""An account with posts to take in and approved replies to send, and what must hold in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tafaul.care import pipeline, replies
from tafaul.care.models import Case, Post, Reading, Reply
from tafaul.jobs import reading
from tests.processes import environment, start, wait_for

OUTAGE = float(os.environ.get("TAFAUL_TEST_OUTAGE", "5"))
"""Seconds that something is away."""


class Scene:
    """One account on the simulated X, worked by processes that fail."""

    def __init__(self, x, account, agent, folder: Path) -> None:
        self.x, self.account, self.agent, self.folder = x, account, agent, folder
        self.approved: list[str] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def take_in(self) -> None:
        """Read and work what X has, in this process."""
        for stream in ("public", "private"):
            Reading.objects.get_or_create(account=self.account, stream=stream)
            reading.read(self.account, stream)
            Reading.objects.update(read_after=None)
        while pipeline.work(self.account):
            pass

    def write(self, count: int, words: str = "متى ينزل راتب شهر") -> None:
        for number in range(count):
            self.x.write(self.account.handle, f"{words} {number}", author=f"citizen_{number}")

    def approve(self, text: str) -> Reply:
        """Approve a reply to each case that waits for one."""
        for case in Case.objects.filter(state="open"):
            words = f"{text} {case.reference}"
            told = {"mode": "answered", "visibility": "public", "form_key": uuid.uuid4()}
            replies.send(case, self.agent, text=words, **told)
            self.approved.append(f"@{case.citizen.handle} {words}")

    def worker(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a worker that reads by asking; with arguments, one that dies at a step."""
        variables = {**environment(self.x.url), "TAFAUL_X_APP_TOKEN": "", **more}
        command = ("tests.faults.dying_worker", *arguments) if arguments else ("tafaul.cli", "worker")
        self.workers.append(start(*command, log=self.folder / "worker.log", **variables))
        return self.workers[-1]

    def dies(self, when: str, step: str) -> None:
        """Let a worker die at a step."""
        worker = self.worker(when, step)
        try:
            assert worker.wait(30) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            pytest.fail(f"the worker never came to {step}: {self.log()}")

    def log(self) -> str:
        return (self.folder / "worker.log").read_text()

    def settled(self) -> bool:
        """Tell whether every post that X serves is in a case, and every approved reply is out."""
        stored = Post.objects.filter(case__isnull=False).count()
        waiting = Reply.objects.filter(state__in=["queued", "sending"]).count()
        return stored >= len(self.x.posts(self.account.handle)) and not waiting

    def all_is_well(self, seconds: float = 40) -> None:
        """Wait until all is done, and check that nothing is lost and nothing doubled."""
        wait_for(self.settled, seconds, self.log)
        written = Counter(post["id"] for post in self.x.posts(self.account.handle))
        assert Counter(Post.objects.values_list("external_id", flat=True)) == written
        assert Counter(reply["text"] for reply in self.x.replies()) == Counter(self.approved)
        assert set(Reply.objects.exclude(state="draft").values_list("state", flat=True)) <= {"sent"}
        assert set(Reply.objects.filter(state="sent").values_list("external_id", flat=True)) == {
            reply["id"] for reply in self.x.replies()
        }

    def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()


@pytest.fixture
def scene(transactional_db, x, connect, person, tmp_path) -> Iterator[Scene]:
    scene = Scene(x, connect("finance"), person("finance"), tmp_path)
    x.control("POST", "rate_limits", {"factor": 100})
    yield scene
    scene.stop()
