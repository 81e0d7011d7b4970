"""The way of a citizen's posts, in one place.

    channel ──posts──▶ receive ▶ understand ▶ join or open a case ▶ route ▶ draft ──▶ a person decides ──▶ outbox

`intake.receive` stored the posts and put in the job that calls `work`; `outbox.deliver` takes the replies on.
"""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, transaction

from tafaul.bodies.models import Account
from tafaul.care import assignment, clocks, drafts, joining, reading, referrals, routing
from tafaul.foundation import locks

log = logging.getLogger(__name__)

BATCH = 500


def work(account: Account, limit: int = BATCH) -> int:
    """Work the oldest posts of an account that nobody worked yet, and return how many.

    All of it or nothing: a crash leaves the posts as they were, to be worked again. Batches of one account
    follow each other, so that two posts of one citizen never open two cases for one matter. A batch that fails is
    worked post by post, and a post that fails is noted and worked again when the others are done.
    """
    try:
        return _work_batch(account, limit)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a batch of %s could not be worked: its posts are worked one by one", account)
    return _work_singly(account, limit)


def _work_batch(account: Account, limit: int) -> int:
    with transaction.atomic():
        locks.wait_for(f"work {account.pk}")
        posts = reading.waiting(account, limit)
        if not posts:
            return 0
        understood = reading.understand(posts, account)
        threads = joining.join_or_open(posts, understood, account)
        referred = routing.route(threads, account)
        referrals.store(referred)
        joining.store(threads)
        reading.store(posts, understood, threads)
        clocks.follow({thread.case.pk: thread.case for thread in threads.values()}.values())
        drafts.write(threads, referred)
        assignment.distribute(thread.case for thread in threads.values() if thread.is_new)
    return len(posts)


def _work_singly(account: Account, limit: int) -> int:
    worked = 0
    for _turn in range(limit):
        post = next(iter(reading.waiting(account, 1)), None)
        if post is None:
            break
        try:
            worked += _work_batch(account, 1)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("post %s could not be worked", post.pk)
            already_noted = bool(post.trouble)
            reading.note_trouble(post, error)
            if already_noted:
                break
    return worked
