"""Running the demonstration: one supervised tree of database, X simulator, web server and worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import requests
from rich.console import Console

from tafaul.demo.processes import NotStarted, Processes, free_port, hold, listens
from tafaul.foundation import postgres

if TYPE_CHECKING:
    from tafaul.demo.colleagues import Colleagues

PASSWORD = "tafaul-demo"  # noqa: S105
LIMITS_FACTOR = 20
"""The simulator's rate limits are so many times X's, so that a handful of accounts can play a whole country."""

DRAIN = 40
"""Seconds that a run without a screen waits for the last answers to arrive."""


class Demo:
    """The demonstration. Everything listens on loopback only and is kept in a folder of its own."""

    def __init__(self, *, port: int, rate: int, surge: bool, seed: int, fresh: bool) -> None:
        self.rate, self.surge, self.seed, self.fresh = rate, surge, seed, fresh
        self.console = Console()
        data = Path(os.environ.get("TAFAUL_DATA") or Path.home() / ".local/share/tafaul")
        self.folder = (data / "demo").resolve()
        self._wanted_port = port
        self._stopping = threading.Event()
        self._database = postgres.Embedded(self.folder / "postgres")
        self._processes = Processes(self.folder)

    def run(self, *, seconds: int | None, report: Path | None) -> None:
        """Run until Ctrl-C, or for some seconds without a screen, and leave nothing running."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._stop_soon)
        try:
            self._prepare_folder()
            self._start()
            if seconds is None:
                self._show()
            else:
                self._run_for(seconds, report)
        except NotStarted as error:
            self.console.print(f"[red]tafaul demo:[/red] {error}")
            raise SystemExit(1) from error
        finally:
            self._stop()

    def _stop_soon(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _prepare_folder(self) -> None:
        if self.fresh and self.folder.exists():
            hold(self.folder)
            if self._database.is_running():
                self._database.start()
                self._database.stop()
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        hold(self.folder)

    def _step(self, words: str) -> None:
        self.console.print(f"[dim]·[/dim] {words}")

    def _start(self) -> None:
        self._step("database")
        os.environ[postgres.URL_VARIABLE] = self._database.start()
        os.environ["TAFAUL_DATA"] = str(self.folder)
        self.port = free_port(self._wanted_port)
        self.x_port = free_port(self.port + 1)
        os.environ.update(
            TAFAUL_X_URL=f"http://127.0.0.1:{self.x_port}",
            TAFAUL_X_AUTHORIZE_URL=f"http://127.0.0.1:{self.x_port}/i/oauth2/authorize",
            TAFAUL_X_CLIENT_ID="demo",
            TAFAUL_ADDRESS=f"http://127.0.0.1:{self.port}",
            TAFAUL_SETTLE_SECONDS="5",
            TAFAUL_EMAIL_URL="console:",
            DJANGO_SETTINGS_MODULE="tafaul.config.settings",
        )
        self._load()
        self._step("X simulator")
        self._start_simulator()
        self._connect_accounts()
        self._step("web server and worker")
        web = self._processes.start("web", "tafaul.cli", "serve", "--port", str(self.port))
        self._processes.start("worker", "tafaul.cli", "worker", "--concurrency", "6")
        self._processes.wait_for(web, lambda: listens(self.port))
        self._steer(paused=False)

    def _load(self) -> None:
        import django

        # The app's token is the simulator's own and must stand before the settings are read.
        os.environ["TAFAUL_X_APP_TOKEN"] = "simulated-app-token"  # noqa: S105
        django.setup()
        from django.core.management import call_command

        from tafaul.bodies import pack

        self._step("tables")
        call_command("migrate", verbosity=0)
        self._step("the bodies of the article")
        pack.load()
        pack.load_people(PASSWORD)
        accounts = [{"body": a.body, "handle": a.handle, "name": a.name} for a in pack.accounts()]
        (self.folder / "accounts.json").write_text(json.dumps(accounts, ensure_ascii=False))

    def _start_simulator(self) -> None:
        from django.conf import settings

        arguments = [
            "tafaul.channels.x.simulator", "--port", str(self.x_port), "--data", str(self.folder / "x"),
            "--accounts", str(self.folder / "accounts.json"), "--posts", str(settings.PACK / "posts"),
            "--rate", str(self.rate), "--seed", str(self.seed), "--limits-factor", str(LIMITS_FACTOR), "--paused",
        ]  # fmt: skip
        process = self._processes.start("x", *arguments, *(["--surge"] if self.surge else []))
        self._processes.wait_for(process, lambda: listens(self.x_port))

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        url = f"http://127.0.0.1:{self.x_port}/control/{path}"
        return requests.request(method, url, json=body, timeout=30).json()

    def _steer(self, *, paused: bool) -> None:
        self._control("POST", "citizens", {"paused": paused})

    def _connect_accounts(self) -> None:
        from tafaul.bodies import accounts, pack
        from tafaul.bodies.models import Body
        from tafaul.channels.base import Credentials, Granted

        known = {item["handle"]: item for item in self._control("GET", "accounts")}
        for account in pack.accounts():
            told = known[account.handle]
            credentials = Credentials(told["access_token"], told["refresh_token"])
            granted = Granted(told["external_id"], account.handle, credentials)
            accounts.keep(Body.objects.get(slug=account.body), "x", granted)

    def _colleagues(self, *, everything: bool) -> Colleagues:
        from tafaul.demo.colleagues import PAUSE, SHARE, Colleagues

        share, pause = (1.0, timedelta(seconds=1)) if everything else (SHARE, PAUSE)
        colleagues = Colleagues(share=share, pause=pause, seed=self.seed)
        threading.Thread(target=colleagues.work, daemon=True, name="colleagues").start()
        return colleagues

    def _show(self) -> None:
        from tafaul.demo.screen import Screen

        colleagues = self._colleagues(everything=False)
        with Screen(self.console, self.port, self.x_port, PASSWORD) as screen:
            while not self._stopping.wait(1):
                self._processes.watch()
                screen.update()
        colleagues.stop.set()
        self.console.print("[dim]stopping; the next start goes on with the same data[/dim]")

    def _run_for(self, seconds: int, report: Path | None) -> None:
        """Run without a screen; then let the last answers arrive, and write what happened."""
        from tafaul.demo.report import failures, is_quiet, totals

        before = totals()
        colleagues = self._colleagues(everything=True)
        started = time.monotonic()
        while time.monotonic() - started < seconds and not self._stopping.wait(1):
            self._processes.watch()
        self._steer(paused=True)
        deadline = time.monotonic() + DRAIN
        while time.monotonic() < deadline and not self._stopping.wait(0.5) and not is_quiet(self._control):
            self._processes.watch()
        colleagues.stop.set()
        told = {name: value - before[name] for name, value in totals().items()}
        told["failures"] = failures(self._control) + sum(item.restarts for item in self._processes.running)
        told["seconds"] = round(time.monotonic() - started)
        text = json.dumps(told, indent=2)
        self.console.print(text)
        if report is not None:
            report.write_text(text + "\n")

    def _stop(self) -> None:
        self._processes.stop()
        if self._database.is_running():
            self._database.stop()
        (self.folder / "demo.pid").unlink(missing_ok=True)
