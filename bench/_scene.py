"""What the benchmarks stand on: a PostgreSQL of their own with the pack's bodies, thrown away afterwards."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tafaul.foundation import postgres


def set_up() -> Path:
    """Start a database with Tafaul's tables and bodies, make Django ready, and return the folder of the data."""
    folder = Path(tempfile.mkdtemp(prefix="tafaul-bench-"))
    os.environ.update(TAFAUL_DATA=str(folder), DJANGO_SETTINGS_MODULE="tafaul.config.settings")
    embedded = postgres.Embedded(folder / "postgres")
    os.environ[postgres.URL_VARIABLE] = embedded.start()

    @atexit.register
    def throw_away() -> None:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)

    import django

    django.setup()
    from django.core.management import call_command

    from tafaul.bodies import pack

    call_command("migrate", verbosity=0)
    pack.load()
    return folder
