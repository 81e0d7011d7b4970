"""The examination behind `tafaul doctor`: is everything there that Tafaul needs, and how to get what is not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tafaul.foundation import postgres

LEAST_PYTHON = (3, 11)
LEAST_POSTGRES = 160_000
LEAST_FREE = 1 << 30
"""Bytes free where the data is kept."""

PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` says how to mend it; without one it is fine, or only worth knowing."""

    what: str
    said: str
    remedy: str = ""
    needed: bool = True


def run() -> int:
    """Print what was found, and return 0 when all that is needed is there, else 1."""
    console = Console(highlight=False)
    missing = 0
    for finding in findings():
        if not finding.remedy:
            mark = "[green]ok     [/green]"
        elif finding.needed:
            mark, missing = "[red]missing[/red]", missing + 1
        else:
            mark = "[yellow]note   [/yellow]"
        console.print(f"{mark} {finding.what}: {finding.said}", soft_wrap=True)
        if finding.remedy:
            console.print(f"        {finding.remedy}", soft_wrap=True, style="bold" if finding.needed else "")
    console.print(f"\n{missing} missing." if missing else "\nEverything needed is there.")
    return 1 if missing else 0


def findings() -> Iterator[Finding]:
    """Look at everything, from what the rest stands on upwards."""
    yield _python()
    data = Path(os.environ.get("TAFAUL_DATA") or Path.home() / ".local/share/tafaul")
    yield _data_folder(data)
    yield _built("pages", PACKAGE / "desk/static/desk/build/desk.js")
    yield _built("Arabic texts", PACKAGE / "locale/ar/LC_MESSAGES/django.mo")
    yield _secret_key()
    try:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafaul.config.settings")
        embedded = not os.environ.get(postgres.URL_VARIABLE)
        postgres.ensure_url(data)
        django.setup()
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is what is to be told
        yield Finding("database", f"the embedded one does not start: {error}", _EMBEDDED_REMEDY)
        return
    yield from _database(embedded=embedded)
    yield from _channels()


_EMBEDDED_REMEDY = (
    "Set TAFAUL_DATABASE_URL to a PostgreSQL 16 or newer, such as postgresql://tafaul:secret@db/tafaul, "
    "or see the end of postgres/log in the data folder."
)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= LEAST_PYTHON
    return Finding("Python", version, "" if fine else "Install Python 3.11 or newer.")


def _data_folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding("data folder", f"{folder}: {error.strerror}", "Set TAFAUL_DATA to a folder to write in.")
    free = shutil.disk_usage(folder).free
    told = f"{folder}, {free / (1 << 30):.1f} GiB free"
    return Finding("data folder", told, "" if free >= LEAST_FREE else "Make room: 1 GiB at least.")


def _built(what: str, file: Path) -> Finding:
    if file.exists():
        return Finding(what, "built")
    return Finding(what, f"{file.name} is not built", "Run ./dev test once, or install Tafaul from a wheel.")


def _secret_key() -> Finding:
    if os.environ.get("TAFAUL_SECRET_KEY"):
        return Finding("secret key", "from TAFAUL_SECRET_KEY")
    told = "kept in the data folder of this machine"
    if not os.environ.get(postgres.URL_VARIABLE):
        return Finding("secret key", told)
    remedy = "Set TAFAUL_SECRET_KEY to the same long random text on every machine that shares the database."
    return Finding("secret key", told, remedy, needed=False)


def _database(*, embedded: bool) -> Iterator[Finding]:
    from django.db import DatabaseError, connection

    kind = "embedded PostgreSQL" if embedded else "PostgreSQL"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            number = int(cursor.fetchone()[0])
            cursor.execute("SHOW server_encoding")
            encoding = str(cursor.fetchone()[0])
    except DatabaseError as error:
        told = " ".join(str(error).split())
        remedy = f"Start it, or correct {postgres.URL_VARIABLE}; does the user have the right to log in?"
        yield Finding("database", told, remedy)
        return
    told = f"{kind} {number // 10_000}.{number % 10_000}"
    yield Finding("database", told, "" if number >= LEAST_POSTGRES else "Install PostgreSQL 16 or newer.")
    if encoding != "UTF8":
        yield Finding("database encoding", encoding, "Create the database with ENCODING 'UTF8'.")
    yield _tables()
    yield _quick_search()


def _tables() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    remedy = "Run: tafaul migrate" if waiting else ""
    return Finding("tables", f"{len(waiting)} migrations to apply" if waiting else "up to date", remedy)


def _quick_search() -> Finding:
    """Whether search uses its index under row-level security (docs/security.md)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND NOT proleakproof "
            "AND oid::regprocedure::text IN ('ts_match_vq(tsvector,tsquery)', "
            "'arrayoverlap(anyarray,anyarray)', 'arraycontains(anyarray,anyarray)')"
        )
        missing = cursor.fetchone()[0]
    if not missing:
        return Finding("search", "uses its index")
    remedy = "Let a superuser mark its functions; docs/security.md has the three lines."
    return Finding("search", "reads every case that a person sees", remedy, needed=False)


def _channels() -> Iterator[Finding]:
    from django.conf import settings
    from django.db import DatabaseError

    from tafaul.bodies.models import Account
    from tafaul.channels import CHANNELS

    for name, options in settings.CHANNELS.items():
        trouble = CHANNELS[name].reach(options)
        remedy = "Let this machine reach that address (firewall, proxy)." if trouble else ""
        yield Finding(f"channel {name}", trouble or f"{options['base_url']} answers", remedy, needed=False)
        for option, variable, use in _OPTIONS:
            if not options.get(option):
                yield Finding(f"channel {name}", f"no {option}", f"Set {variable}: {use}.", needed=False)
    try:
        lost = Account.objects.filter(state=Account.State.DISCONNECTED)
        connected = Account.objects.filter(state=Account.State.CONNECTED).count()
        yield Finding("accounts", f"{connected} connected")
        for account in lost:
            yield Finding(
                f"account {account}",
                account.trouble,
                "An administrator connects it again on the page of channels.",
                needed=False,
            )
    except DatabaseError:
        return


_OPTIONS = (
    ("client_id", "TAFAUL_X_CLIENT_ID", "without it no account can be connected"),
    ("app_token", "TAFAUL_X_APP_TOKEN", "without it posts come by asking every few seconds, not at once"),
)
