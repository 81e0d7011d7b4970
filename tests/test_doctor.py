"""`tafaul doctor` says in plain words what is missing and how to get it."""

from __future__ import annotations

import os
import subprocess
import sys


def doctor(**variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tafaul.cli", "doctor"]
    return subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, timeout=60)


def test_a_database_that_does_not_answer_is_missing(tmp_path):
    told = doctor(TAFAUL_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none", TAFAUL_DATA=str(tmp_path))
    assert told.returncode == 1
    assert "missing database" in told.stdout
    assert "TAFAUL_DATABASE_URL" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr


def test_tables_that_are_not_there_yet_are_missing(tmp_path):
    variables = {
        "TAFAUL_DATA": str(tmp_path),
        "TAFAUL_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "tafaul.config.settings",
    }
    told = doctor(**variables)
    assert told.returncode == 1
    assert "Run: tafaul migrate" in told.stdout
    subprocess.run(
        [sys.executable, "-m", "tafaul.cli", "migrate"],
        env={**os.environ, **variables},
        check=True,
        capture_output=True,
    )
    told = doctor(**variables)
    assert told.returncode == 0, told.stdout
    assert "Everything needed is there." in told.stdout


def test_a_folder_that_cannot_be_written_is_missing():
    told = doctor(
        TAFAUL_DATA="/proc/nowhere", TAFAUL_SECRET_KEY="k", TAFAUL_DATABASE_URL="postgresql://n@127.0.0.1:9/n"
    )
    assert "Set TAFAUL_DATA to a folder to write in." in told.stdout
