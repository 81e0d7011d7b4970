"""Reading X's JSON tolerantly: a missing or unknown field never stops intake.

Shapes: X API v2 posts (`data` with `includes.users`), direct-message events, and lines of the filtered stream.
What cannot be a post at all is kept as `Rejected`, and the rest of its page goes on.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tafaul.channels.base import Author, IncomingPost, Parsed, Rejected, Visibility
from tafaul.channels.text import storable

EPOCH_MS = 1_288_834_974_657
"""X's ids are snowflakes: milliseconds since this instant, shifted left by 22 bits."""

GREATEST_ID = 2**63 - 1
BEGINNING = datetime(2006, 3, 21, tzinfo=UTC)
"""X's first post; what says that it is older is not believed."""

_CONVERSATION = re.compile(r"[0-9]{1,20}(?:-[0-9]{1,20})?", re.ASCII)


def time_of(snowflake: str | int) -> datetime:
    """Return when an id was made (UTC)."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH_MS) / 1000, UTC)


def id_at(when: datetime) -> int:
    """Return the smallest id that could be made at a time."""
    return max(int(when.timestamp() * 1000) - EPOCH_MS, 0) << 22


def public_posts(page: Mapping[str, Any]) -> Parsed:
    """Read a page of posts: of a timeline, of search, of an archive, or one line of a stream."""
    return _each(page, _public_post)


def private_posts(page: Mapping[str, Any]) -> Parsed:
    """Read a page of direct-message events; those that are not messages, such as joins, are left out."""
    messages = Parsed()
    events = page.get("data")
    wanted = [event for event in _list(events) if not _is_other_event(event)]
    found = _each({**page, "data": wanted}, _private_post)
    messages.posts, messages.rejected = found.posts, found.rejected
    return messages


def _is_other_event(event: Any) -> bool:
    return isinstance(event, dict) and event.get("event_type", "MessageCreate") != "MessageCreate"


def _list(data: Any) -> list[Any]:
    if data is None:
        return []
    return data if isinstance(data, list) else [data]


def _each(page: Mapping[str, Any], read: Any) -> Parsed:
    authors = _authors(page)
    parsed = Parsed()
    for item in _list(page.get("data")):
        raw = json.dumps(item)
        try:
            parsed.posts.append(read(item, authors, raw))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            parsed.rejected.append(Rejected(raw, f"{type(error).__name__}: {error}"))
    return parsed


def _authors(page: Mapping[str, Any]) -> dict[str, Author]:
    includes = page.get("includes")
    users: Iterable[Any] = _list(includes.get("users")) if isinstance(includes, dict) else ()
    found = {}
    for user in users:
        if isinstance(user, dict) and user.get("id"):
            key = str(user["id"])
            found[key] = Author(key, _text(user.get("username")), _text(user.get("name")))
    return found


def _text(value: Any) -> str | None:
    return storable(value) if isinstance(value, str) and value else None


def _id(value: Any) -> str:
    """Return an id as text. Raises `ValueError` for what is none, such as a float that lost its last digits."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"the id is missing or no id: {value!r}"[:200])
    text = str(value)
    if not is_id(text):
        raise ValueError(f"no id: {text[:60]!r}")
    return text


def is_id(text: str) -> bool:
    """Tell whether a text can be an id of X's: a positive number of 63 bits."""
    return text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= GREATEST_ID


def _conversation(value: Any) -> str | None:
    text = str(value) if isinstance(value, str | int) else ""
    return text if _CONVERSATION.fullmatch(text) else None


def _author(key: Any, external_id: str, authors: Mapping[str, Author]) -> Author:
    """Return who wrote a post; one whom X does not name is somebody else each time."""
    if key is None:
        return Author(f"unknown:{external_id}")
    key = _id(key)
    return authors.get(key) or Author(key)


def _written_at(item: Mapping[str, Any], external_id: str) -> datetime:
    """Return when X says it was written; a missing or broken time is read off the id."""
    said = item.get("created_at")
    if isinstance(said, str):
        try:
            when = datetime.fromisoformat(said)
            when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return time_of(external_id)
        if BEGINNING <= when <= datetime.now(UTC) + timedelta(days=1):
            return when
    return time_of(external_id)


def _words(item: Mapping[str, Any]) -> str:
    """Return the whole text: long ones are in `note_tweet`, the text being cut."""
    note = item.get("note_tweet")
    long = note.get("text") if isinstance(note, dict) else None
    text = long if isinstance(long, str) else item.get("text", "")
    if not isinstance(text, str):
        raise TypeError(f"the text is no text: {text!r}"[:200])
    text = storable(text)
    return html.unescape(text) if "&" in text else text


def _answered(item: Mapping[str, Any]) -> str | None:
    for reference in _list(item.get("referenced_tweets")):
        if isinstance(reference, dict) and reference.get("type") == "replied_to" and reference.get("id"):
            return str(reference["id"]) if is_id(str(reference["id"])) else None
    return None


def _public_post(item: Any, authors: Mapping[str, Author], raw: str) -> IncomingPost:
    external_id = _id(item["id"])
    return IncomingPost(
        external_id=external_id,
        author=_author(item.get("author_id"), external_id, authors),
        text=_words(item),
        written_at=_written_at(item, external_id),
        visibility=Visibility.PUBLIC,
        raw=raw,
        conversation_id=_conversation(item.get("conversation_id")),
        in_reply_to=_answered(item),
    )


def _private_post(item: Any, authors: Mapping[str, Author], raw: str) -> IncomingPost:
    external_id = _id(item["id"])
    return IncomingPost(
        external_id=external_id,
        author=_author(item.get("sender_id"), external_id, authors),
        text=_words(item),
        written_at=_written_at(item, external_id),
        visibility=Visibility.PRIVATE,
        raw=raw,
        conversation_id=_conversation(item.get("dm_conversation_id")),
    )


def archive_item(item: Any) -> Parsed:
    """Read one JSON document of an archive: a page of X API v2, or a single post, as twarc2 writes both."""
    if isinstance(item, dict) and ("data" in item or "includes" in item or "errors" in item or "meta" in item):
        return public_posts(item)
    if isinstance(item, dict):
        author = item.get("author")
        return public_posts({"data": [item], "includes": {"users": _list(author)}})
    return Parsed(rejected=[Rejected(json.dumps(item), "not a post: a JSON object is wanted")])
