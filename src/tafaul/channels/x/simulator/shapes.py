"""X's JSON: what a post, a user and a private message look like in its answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tafaul.channels.x.simulator.store import Message, Post, Store, User

SHORT = 280
"""Characters after which a text is cut, its whole being in `note_tweet`."""

Fields = frozenset[str]


def when(ms: int) -> str:
    """Return a time as X writes it."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def user(item: User, fields: Fields) -> dict[str, Any]:
    """Return a user; id, name and username always, others when asked for."""
    shown: dict[str, Any] = {"id": str(item.id), "name": item.name, "username": item.username}
    if "verified" in fields:
        shown["verified"] = item.official
    return shown


def post(item: Post, store: Store, fields: Fields) -> dict[str, Any]:
    """Return a post; id, text and edit history always, others when asked for."""
    cut = len(item.text) > SHORT
    shown: dict[str, Any] = {
        "id": str(item.id),
        "text": item.text[: SHORT - 1] + "…" if cut else item.text,
        "edit_history_tweet_ids": [str(item.id)],
    }
    answered = store.posts.get(item.in_reply_to) if item.in_reply_to else None
    optional: dict[str, Any] = {
        "author_id": str(item.author_id),
        "conversation_id": str(item.conversation_id),
        "created_at": when(item.created_ms),
    }
    if cut:
        optional["note_tweet"] = {"text": item.text}
    if item.in_reply_to:
        optional["referenced_tweets"] = [{"type": "replied_to", "id": str(item.in_reply_to)}]
        if answered:
            optional["in_reply_to_user_id"] = str(answered.author_id)
    shown.update({key: value for key, value in optional.items() if key in fields})
    return shown


def message(item: Message, fields: Fields) -> dict[str, Any]:
    """Return a direct-message event; id, type and text always, others when asked for."""
    first, second = sorted((item.sender_id, item.recipient_id))
    shown: dict[str, Any] = {"id": str(item.id), "event_type": "MessageCreate", "text": item.text}
    optional: dict[str, Any] = {
        "sender_id": str(item.sender_id),
        "dm_conversation_id": f"{first}-{second}",
        "created_at": when(item.created_ms),
        "participant_ids": [str(first), str(second)],
    }
    shown.update({key: value for key, value in optional.items() if key in fields})
    return shown


def problem(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:
    """Return a problem document (RFC 9457) as X writes it."""
    kind = title.lower().replace(" ", "-")
    return {
        "title": title,
        "detail": detail,
        "type": f"https://api.twitter.com/2/problems/{kind}",
        "status": status,
        **more,
    }


def not_found(resource: str, value: str) -> dict[str, Any]:
    """Return what X answers, with status 200, for something that is not there."""
    told = f"Could not find {resource} with id: [{value}]."
    error = problem(
        200, "Not Found Error", told, resource_type=resource, resource_id=value, parameter="id", value=value
    )
    error.pop("status")
    return {"errors": [error]}
