"""What people say a post is about where the understanding was wrong: put right in the case, kept for training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from tafaul.bodies.models import Person
from tafaul.care import cases, clocks, priority, taxonomy
from tafaul.care.models import Case, Correction, Kind


def correct(case: Case, person: Person, *, kind: str, topic: str) -> None:
    """Set the kind and topic of a case, and remember them for its first post; the last correction counts.

    `topic` empty means: of no topic. Raises `NotYours`; `ValueError` for what the pack does not know.
    """
    if kind not in Kind.values or (topic and topic not in taxonomy.topics()):
        raise ValueError(f"there is no kind «{kind}» with topic «{topic}»")
    with transaction.atomic():
        found = cases.locked(case)
        cases.require(person, found)
        post = found.posts.order_by("id").first()
        Correction.objects.update_or_create(
            post=post, defaults={"kind": kind, "topic": topic, "by": person, "at": datetime.now(UTC)}
        )
        found.kind, found.topic = kind, topic
        priority.judge(found, priority.late_of(found))
        found.save(update_fields=["kind", "topic", "priority"])
        clocks.follow([found])
    case.refresh_from_db()


def all_of_them() -> list[Correction]:
    """Return all corrections with their posts and accounts, the oldest first."""
    return list(Correction.objects.select_related("post__account__body").order_by("post_id"))


def topics_by_body() -> Mapping[str, list[tuple[str, str]]]:
    """Return the topics to choose from, by the name of their body, in the reader's language."""
    return {
        taxonomy.body_name(body): [(topic, taxonomy.topic_name(topic)) for topic in topics]
        for body, topics in taxonomy.topics_of_bodies().items()
    }
