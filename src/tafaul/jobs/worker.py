"""A worker: takes jobs from the queue and listens to the channels, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from tafaul.foundation import acting
from tafaul.jobs import reading

log = logging.getLogger(__name__)


def run(concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT. Any number of workers may run, on any number of machines."""
    stop = threading.Event()
    listeners = [
        threading.Thread(target=reading.listen, args=(channel, stop), name=f"listen-{channel}", daemon=True)
        for channel, options in settings.CHANNELS.items()
        if options["app_token"]
    ]
    for listener in listeners:
        listener.start()
    try:
        asyncio.run(_work(concurrency, stop))
    finally:
        stop.set()


async def _work(concurrency: int, stop: threading.Event) -> None:
    """Run the queue's worker, starting it again when the database went away."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    while not stop.is_set():
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        try:
            async with worker_app.open_async():
                working = asyncio.create_task(
                    worker_app.run_worker_async(
                        concurrency=concurrency,
                        fetch_job_polling_interval=1,
                        delete_jobs="always",
                        install_signal_handlers=False,
                        task_middleware=[_named],
                    )
                )
                await _until_stopped(working, stop)
        except Exception:
            log.exception("the worker was broken off and starts again")
        if not stop.is_set():
            # The queue's clock has a connection of its own, which may be dead: it makes a new one when needed.
            await sync_to_async(connections.close_all)()
            await asyncio.sleep(1)


def _named(work: Callable[[], Any], context: JobContext, _worker: Worker) -> Any:
    """Do a job in its own name, which history notes."""
    with acting.as_system(job=context.job.task_name.removeprefix("tafaul.")):
        return work()


async def _until_stopped(working: asyncio.Task[None], stop: threading.Event) -> None:
    while not stop.is_set() and not working.done():
        await asyncio.sleep(0.2)
    if working.done():
        working.result()
    else:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
