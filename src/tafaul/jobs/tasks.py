"""The jobs, each a thin call of the domain. Whatever a job leaves undone, the next tick finds in the tables.

So a worker may die at any point: nothing depends on a job's being finished, only on rows that are still due.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db import close_old_connections
from procrastinate.contrib.django import app

from tafaul.bodies.models import Account
from tafaul.care import attachments, clocks, followup, notices, outbox, pipeline, presence, referral_mail, silence
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
    if clocks.is_due():
        queue.enqueue("watch_clocks", once="watch clocks")
    if referral_mail.due():
        queue.enqueue("mail_referrals", once="mail referrals")


@app.periodic(cron="* * * * *")
@app.task(name="tafaul.follow_up", queueing_lock="follow_up", pass_context=False)
def follow_up(timestamp: int) -> None:
    """Every minute: tell people of their reminders, and close cases whose citizens stay silent."""
    close_old_connections()
    now = datetime.now(UTC)
    while followup.tell_due(now):
        pass
    silence.close_due(now)


@app.periodic(cron="* * * * *")
@app.task(name="tafaul.tell_colleagues", queueing_lock="tell_colleagues", pass_context=False)
def tell_colleagues(timestamp: int) -> None:
    """Every minute: mail the notices that nobody read, and forget who does not look at a case any more."""
    close_old_connections()
    now = datetime.now(UTC)
    presence.forget(now)
    notices.mail_unread(now)


@app.periodic(cron="30 0 * * *")
@app.task(name="tafaul.sweep_files", queueing_lock="sweep_files", pass_context=False)
def sweep_files(timestamp: int) -> None:
    """Every night: delete the files that crashes left behind."""
    close_old_connections()
    attachments.sweep()


@app.task(name="tafaul.watch_clocks")
def watch_clocks() -> None:
    """Warn of promises that are about to break, and tell of those that broke."""
    close_old_connections()
    clocks.watch()


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


@app.task(name="tafaul.mail_referrals")
def mail_referrals() -> None:
    """Mail the referrals to bodies where nobody works with Tafaul."""
    close_old_connections()
    referral_mail.send()
