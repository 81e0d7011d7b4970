"""Tafaul's own processes for tests: a real web server and real workers on the database of the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


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


def start(*arguments: str, log: Path, **variables: str) -> subprocess.Popen[bytes]:
    """Start `python -m arguments...` with these variables and a log."""
    with log.open("ab") as stream:
        return subprocess.Popen([sys.executable, "-m", *arguments], env=variables, stdout=stream, stderr=stream)


def _why() -> str:
    return "it did not happen in time"


def wait_for(check: Callable[[], object], seconds: float = 15, why: Callable[[], str] = _why) -> object:
    """Wait until something is true, and return it; `why` tells what went on when it did not come true."""
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
