"""Reading posts: what waits to be understood, and what was understood of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tafaul.bodies.models import Account, Body
from tafaul.care.joining import Thread
from tafaul.care.models import Post
from tafaul.foundation import rows
from tafaul.understanding import Understanding, trained
from tafaul.understanding import pack as packs
from tafaul.understanding import understand as understand_texts
from tafaul.understanding.model import Classifier
from tafaul.understanding.onnx import Onnx
from tafaul.understanding.store import Store

log = logging.getLogger(__name__)

STORE = """
    UPDATE care_post SET case_id = given.case_id, understood = given.understood, trouble = ''
    FROM unnest(%b::bigint[], %b::bigint[], %b::jsonb[]) AS given (id, case_id, understood)
    WHERE care_post.id = given.id
"""


def waiting(account: Account, limit: int) -> list[Post]:
    """Return the oldest posts of an account without a case; one that made trouble when no other waits."""
    waiting = Post.objects.filter(account=account, case__isnull=True).select_related("citizen").defer("raw")
    waiting = waiting.order_by("id")
    posts = waiting.filter(trouble="")[:limit] or waiting.exclude(trouble="")[:1]
    return sorted(posts, key=lambda post: (post.written_at, post.pk))


def note_trouble(post: Post, error: Exception) -> None:
    """Note why a post could not be worked; nothing of it is lost."""
    post.trouble = f"{type(error).__name__}: {error}"
    post.save(update_fields=["trouble"])


def store_of_models() -> Store:
    """Return where the models trained on this installation are kept."""
    return Store(settings.MODELS, settings.PACK / "model")


@cache
def _plugged_in(folder: Path) -> Classifier:
    return Onnx(folder)


def classifier() -> Classifier:
    """Return what classifies posts: the plugged-in classifier, or the trained model in use at this moment."""
    return _plugged_in(settings.CLASSIFIER) if settings.CLASSIFIER else trained(store_of_models().in_use())


def understand(posts: Sequence[Post], account: Account) -> list[Understanding]:
    """Understand posts together. A text that breaks the understanding is worked alone, as not understood.

    A body that the pack does not know, such as a unit that people added, is read for as the one above it.
    """
    texts = [post.text for post in posts]
    own, read_as = account.body.slug, _known_to_pack(account.body)
    try:
        found = understand_texts(texts, read_as, pack=settings.PACK, classifier=classifier())
    except Exception:  # one hostile text must not hold up the others
        log.exception("a batch of %d posts could not be understood together", len(posts))
        found = [_understand_alone(post, read_as) for post in posts]
    return (
        found if read_as == own else [replace(item, body=own) if item.body == read_as else item for item in found]
    )


def _known_to_pack(body: Body) -> str:
    """Return the slug of a body, or of the nearest above it that the pack knows."""
    known, found = packs.load(settings.PACK).bodies, body
    while found.slug not in known and found.parent is not None:
        found = found.parent
    return found.slug


def _understand_alone(post: Post, slug: str) -> Understanding:
    try:
        return understand_texts([post.text], slug, pack=settings.PACK, classifier=classifier())[0]
    except Exception:  # kept as a case that a person reads
        log.exception("post %s could not be understood", post.pk)
        return Understanding.unknown(slug)


def as_json(understood: Understanding) -> dict[str, Any]:
    """Return what is kept with a post, readable by pages and by later training."""
    kept = {name: getattr(understood, name) for name in Understanding.__slots__}
    for name in ("personal_data", "places"):
        kept[name] = [[span.start, span.end, span.sort] for span in getattr(understood, name)]
    for name in ("kind_sure", "topic_sure", "body_sure"):
        kept[name] = round(kept[name], 3)
    return kept


def store(posts: Sequence[Post], understood: Sequence[Understanding], threads: Mapping[int, Thread]) -> None:
    """Tie the posts to their cases and keep what was understood. `threads` maps post ids to threads."""
    case_ids = [threads[post.pk].case.pk for post in posts]
    kept = [json.dumps(as_json(item), ensure_ascii=False) for item in understood]
    rows.execute(STORE, [[post.pk for post in posts], case_ids, kept])
