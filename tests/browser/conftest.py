"""A real browser, a real web server and a real worker, beside a simulated X."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread of the tests

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("TAFAUL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda line: page.problems.append(line.text) if line.type == "error" else None,  # type: ignore[attr-defined]
    )
    yield page
    context.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(x_url: str, **more: str) -> dict[str, str]:
    told = connection.settings_dict
    url = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TAFAUL_DATABASE_URL": url,
        "TAFAUL_X_URL": x_url,
        "TAFAUL_X_AUTHORIZE_URL": f"{x_url}/i/oauth2/authorize",
        "TAFAUL_X_CLIENT_ID": "test",
        "TAFAUL_X_APP_TOKEN": "simulated-app-token",
        **more,
    }


@pytest.fixture
def desk(transactional_db, x, tmp_path: Path) -> Iterator[str]:
    """The address of a web server; a worker runs beside it."""
    port = free_port()
    commands = [["serve", "--port", str(port)], ["worker"]]
    processes = []
    for command in commands:
        log = (tmp_path / f"{command[0]}.log").open("wb")
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "tafaul.cli", *command], env=environment(x.url), stdout=log, stderr=log
            )
        )
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert time.monotonic() < deadline, (tmp_path / "serve.log").read_text()
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(15)
