"""A real browser, a real web server and a real worker, beside a simulated X."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import environment, free_port, listens, start, wait_for

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


@pytest.fixture
def variables() -> dict[str, str]:
    """Environment variables of the web server and the worker; tests say others."""
    return {}


@pytest.fixture
def desk(transactional_db, x, tmp_path: Path, variables: dict[str, str]) -> Iterator[str]:
    """The address of a web server; a worker runs beside it."""
    port, variables = free_port(), environment(x.url, **variables)
    commands = [["serve", "--port", str(port)], ["worker"]]
    processes = [start("tafaul.cli", *line, log=tmp_path / f"{line[0]}.log", **variables) for line in commands]
    try:
        wait_for(lambda: listens(port), 60, (tmp_path / "serve.log").read_text)
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)
