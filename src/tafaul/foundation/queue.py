"""The job queue: a job is put in by name, in the transaction that makes it necessary.

Callers below `jobs` name the task, since imports run down only; `jobs.tasks` defines it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app


def enqueue(task: str, *, once: str | None = None, **arguments: Any) -> None:
    """Put a job into the queue. It exists if and only if the caller's transaction commits.

    With `once`, nothing is added while a job with the same key still waits.
    """
    deferrer = app.configure_task(f"tafaul.{task}", queueing_lock=once)
    try:
        with transaction.atomic():
            deferrer.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return


def forget_abandoned() -> int:
    """Delete the jobs that killed workers left behind, and return how many; what they were for is put in anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL")
        return int(cursor.rowcount)
