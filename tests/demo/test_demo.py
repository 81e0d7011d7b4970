"""The demonstration from its command to its report, and that it leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest


@pytest.fixture
def demo(tmp_path):
    """Run `tafaul demo` with options, in a folder of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TAFAUL_", "DJANGO_"))}
    variables = {**kept, "TAFAUL_DATA": str(tmp_path / "data")}

    def demo(*options: str) -> subprocess.Popen[str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "tafaul.cli", "demo", "--port", str(port), *options]
        return subprocess.Popen(
            command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    yield demo
    assert left_running(tmp_path) == []


def left_running(folder) -> list[str]:
    lines = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or ())
        if str(folder) in line:
            lines.append(line)
    return lines


def test_posts_come_in_cases_open_answers_arrive_and_the_next_start_goes_on(demo, tmp_path):
    reports = []
    for number in range(2):
        report = tmp_path / f"{number}.json"
        run = demo("--for", "8", "--rate", "600", "--report", str(report), *(["--fresh"] if not number else []))
        output, _none = run.communicate(timeout=120)
        assert run.returncode == 0, output
        reports.append(json.loads(report.read_text()))
        assert left_running(tmp_path) == []
    for told in reports:
        assert set(told) == {
            "posts_in",
            "cases_opened",
            "replies_queued",
            "replies_delivered",
            "failures",
            "seconds",
        }
        assert told["posts_in"] > 50
        assert told["replies_delivered"] == told["replies_queued"] > 10
        assert told["failures"] == 0
    first, second = (told["cases_opened"] for told in reports)
    assert first > 20
    assert second > 0, "few may be new: citizens who write again join their open cases"


def test_ctrl_c_stops_everything(demo):
    run = demo("--fresh", "--rate", "60")
    time.sleep(12)
    assert run.poll() is None
    run.send_signal(signal.SIGINT)
    output, _none = run.communicate(timeout=30)
    assert run.returncode == 0, output
    assert "Traceback" not in output
