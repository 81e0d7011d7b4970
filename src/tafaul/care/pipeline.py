"""The way of a citizen's posts, in one place.

    channel ──posts──▶ receive ▶ understand ▶ join or open a case ▶ route ▶ draft ──▶ a person decides ──▶ outbox

`intake.receive` stored the posts and put in the job that calls `work`; `outbox.deliver` takes the replies on.
"""

from __future__ import annotations

from django.db import transaction

from tafaul.bodies.models import Account
from tafaul.care import cases, drafts, reading, routing
from tafaul.foundation import locks

BATCH = 500


def work(account: Account, limit: int = BATCH) -> int:
    """Work the oldest posts of an account that nobody worked yet, and return how many.

    All of it or nothing: a crash leaves the posts as they were, to be worked again. Batches of one account
    follow each other, so that two posts of one citizen never open two cases for one matter.
    """
    with transaction.atomic():
        locks.wait_for(f"work {account.pk}")
        posts = reading.waiting(account, limit)
        if not posts:
            return 0
        understood = reading.understand(posts, account)
        threads = cases.join_or_open(posts, understood, account)
        routing.route(threads, account)
        cases.store(threads)
        reading.store(posts, understood, threads)
        drafts.write(threads)
    return len(posts)
