"""What happened in a run of the demonstration, counted on both sides: here and on the simulated X."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tafaul.care.models import Case, Post, Reading, Reply, UnreadablePost

Control = Callable[[str, str], Any]


def totals() -> dict[str, int]:
    """Return how many posts came in, cases were opened, replies queued and delivered, since the beginning."""
    replies = Reply.objects.exclude(state=Reply.State.DRAFT)
    return {
        "posts_in": Post.objects.count(),
        "cases_opened": Case.objects.count(),
        "replies_queued": replies.count(),
        "replies_delivered": replies.filter(state=Reply.State.SENT).count(),
    }


def is_quiet(control: Control) -> bool:
    """Tell whether everything written is stored and worked, and every approved reply has left."""
    under_way = Reply.objects.filter(state__in=[Reply.State.QUEUED, Reply.State.SENDING])
    fresh = Reply.objects.filter(state=Reply.State.DRAFT, created_at__gte=datetime.now(UTC) - timedelta(seconds=3))
    worked = not Post.objects.filter(case__isnull=True).exists()
    return worked and not under_way.exists() and not fresh.exists() and _missing(control) == 0


def _missing(control: Control) -> int:
    return abs(int(control("GET", "state")["posts"]) - Post.objects.count())


def failures(control: Control) -> int:
    """Count what went wrong: posts that X has and we have not or the other way round, the same for replies,
    replies that failed or still hang, posts that could not be read, and readings that are in trouble."""
    sent = Reply.objects.filter(state=Reply.State.SENT).count()
    not_sent = Reply.objects.filter(state__in=[Reply.State.QUEUED, Reply.State.SENDING, Reply.State.FAILED])
    return (
        _missing(control)
        + abs(int(control("GET", "state")["replies"]) - sent)
        + not_sent.count()
        + UnreadablePost.objects.count()
        + Reading.objects.exclude(trouble="").count()
    )
