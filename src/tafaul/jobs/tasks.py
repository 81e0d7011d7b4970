"""The jobs, each a thin call of the domain. Whatever a job leaves undone, the next tick finds in the tables.

So a worker may die at any point: nothing depends on a job's being finished, only on rows that are still due.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db import close_old_connections
from procrastinate.contrib.django import app

from tafaul.bodies.models import Account
from tafaul.care import outbox, pipeline
from tafaul.care.models import Post
from tafaul.foundation import queue
from tafaul.jobs import reading

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */3")
@app.task(name="tafaul.tick", queueing_lock="tick", pass_context=False)
def tick(timestamp: int) -> None:
    """Every three seconds, on one worker of all: put in a job for whatever is due."""
    close_old_connections()
    if datetime.now(UTC).timestamp() - timestamp > 60:
        return
    queue.forget_abandoned()
    for account_id, stream in reading.due():
        queue.enqueue("read", once=f"read {account_id} {stream}", account_id=account_id, stream=stream)
    unworked = Post.objects.filter(case__isnull=True).values_list("account_id", flat=True)
    if timestamp % 60 >= 3:  # what made trouble is tried again once a minute
        unworked = unworked.filter(trouble="")
    for account_id in unworked.order_by("account_id").distinct():
        queue.enqueue("work_posts", once=f"work {account_id}", account_id=account_id)
    for account_id in outbox.due():
        queue.enqueue("deliver", once=f"deliver {account_id}", account_id=account_id)


@app.task(name="tafaul.read")
def read(account_id: int, stream: str) -> None:
    """Read a stream of an account until it has nothing more to give."""
    close_old_connections()
    reading.read(Account.objects.select_related("body").get(pk=account_id), stream)


@app.task(name="tafaul.work_posts")
def work_posts(account_id: int) -> None:
    """Work all posts of an account that wait."""
    close_old_connections()
    account = Account.objects.select_related("body").get(pk=account_id)
    while pipeline.work(account):
        pass


@app.task(name="tafaul.deliver")
def deliver(account_id: int) -> None:
    """Send what an account's outbox holds."""
    close_old_connections()
    outbox.deliver(Account.objects.select_related("body").get(pk=account_id))
