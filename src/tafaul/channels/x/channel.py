"""X as a channel: one account's posts in, replies out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tafaul.channels.base import (
    Batch,
    Credentials,
    Meter,
    Outgoing,
    Position,
    Refused,
    Uncertain,
    Visibility,
)
from tafaul.channels.x import parse
from tafaul.channels.x.client import Client
from tafaul.channels.x.links import links
from tafaul.channels.x.reader import POST_FIELDS, PRIVATE_FIELDS, SEARCH_REACH, Reader

SKEW = timedelta(minutes=2)
"""How far X's clock and ours may differ."""

_ADDRESS = re.compile(r"^@\w+\s+", re.ASCII)


class XChannel:
    """One account on X, or on a server that speaks its API."""

    def __init__(
        self,
        base_url: str,
        *,
        external_id: str,
        handle: str,
        credentials: Credentials,
        renew: Callable[[], Credentials],
        meter: Meter,
    ) -> None:
        self._client = Client(base_url, credentials, renew, meter)
        self._external_id = external_id
        self._handle = handle
        self._reader = Reader(self._client, external_id, handle)

    def read(self, stream: str, position: Position | None) -> Batch:
        """Read the next batch of "public" or "private"."""
        return self._reader.public(position) if stream == "public" else self._reader.private(position)

    def send(self, outgoing: Outgoing) -> str:
        """Send a reply and return its id. A text that X refuses as a repeat of an earlier try is looked for."""
        try:
            if outgoing.visibility == Visibility.PUBLIC:
                return self._send_public(outgoing)
            return self._send_private(outgoing)
        except Refused as refused:
            if not refused.duplicate or outgoing.first_tried_at is None:
                raise
            if found := self.find(outgoing):
                return found
            raise Uncertain("X: a repeat of what was posted before, which is not found yet") from refused

    def _send_public(self, outgoing: Outgoing) -> str:
        body: dict[str, Any] = {"text": public_text(outgoing)}
        if outgoing.in_reply_to:
            body["reply"] = {"in_reply_to_tweet_id": outgoing.in_reply_to}
        answer = self._client.write("send_public", "POST", "/2/tweets", body)
        return _sent_id(answer, "id")

    def _send_private(self, outgoing: Outgoing) -> str:
        if not parse.is_id(outgoing.to.external_id):
            raise Refused("X does not say who wrote this post: it can be answered in public only")
        path = f"/2/dm_conversations/with/{outgoing.to.external_id}/messages"
        answer = self._client.write("send_private", "POST", path, {"text": outgoing.text})
        return _sent_id(answer, "dm_event_id")

    def find(self, outgoing: Outgoing) -> str | None:
        """Return the id of a reply that an earlier try sent, or None when X does not have it."""
        if outgoing.visibility == Visibility.PUBLIC:
            return self._find_public(outgoing)
        return self._find_private(outgoing)

    def _find_public(self, outgoing: Outgoing) -> str | None:
        query = f"from:{self._external_id}"
        if outgoing.in_reply_to:
            query += f" in_reply_to_tweet_id:{outgoing.in_reply_to}"
        params = {**POST_FIELDS, "query": query, "max_results": "100"}
        if outgoing.first_tried_at:
            earliest = max(outgoing.first_tried_at - SKEW, datetime.now(UTC) - SEARCH_REACH + SKEW)
            params["since_id"] = str(parse.id_at(earliest))
        page = self._client.read("search", "/2/tweets/search/recent", params)
        sought = _comparable(public_text(outgoing))
        for post in parse.public_posts(page).posts:
            same = post.in_reply_to == outgoing.in_reply_to and _comparable(post.text) == sought
            if same and post.external_id not in outgoing.others:
                return post.external_id
        return None

    def _find_private(self, outgoing: Outgoing) -> str | None:
        path = f"/2/dm_conversations/with/{outgoing.to.external_id}/dm_events"
        page = self._client.read("private", path, {**PRIVATE_FIELDS, "max_results": "100"})
        sought = _comparable(outgoing.text)
        earliest = outgoing.first_tried_at - SKEW if outgoing.first_tried_at else None
        for post in parse.private_posts(page).posts:
            ours = post.author.external_id == self._external_id and _comparable(post.text) == sought
            ours = ours and post.external_id not in outgoing.others
            if ours and (earliest is None or post.written_at >= earliest):
                return post.external_id
        return None

    def hide(self, external_id: str) -> None:
        """Hide a citizen's post under the account's own."""
        self._client.write("hide", "PUT", f"/2/tweets/{external_id}/hidden", {"hidden": True})


def public_text(outgoing: Outgoing) -> str:
    """Return the words as they are posted: the citizen's handle in front, as in every reply on X.

    It also makes one text to two citizens two texts, which X's rule against repeated content asks for.
    """
    return f"@{outgoing.to.handle} {outgoing.text}" if outgoing.to.handle else outgoing.text


def _comparable(text: str) -> str:
    """Reduce a text to what X leaves as it was: X shortens links, escapes signs and folds white space.

    The citizen's handle in front is left out, which may have changed between two tries.
    """
    text = _ADDRESS.sub("", html.unescape(text))
    for start, end in reversed(list(links(text))):
        text = f"{text[:start]}https://{text[end:]}"
    return " ".join(text.split())


def _sent_id(answer: dict[str, Any], key: str) -> str:
    data = answer.get("data")
    sent = data.get(key) if isinstance(data, dict) else None
    if not sent:
        raise Uncertain("X: an answer without the reply's id")
    return str(sent)
