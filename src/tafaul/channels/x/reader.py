"""Reading an account's mentions and private messages, to be taken up again at any point.

A position is JSON: {"newest": id, "gaps": [{"after": id, "before": id, "depth": posts back from the newest}]}
for public posts. X gives newest first: when more than a page is new, the newest page is taken, and what lies
between it and the last known post is a gap that the next reads fill, first from the mentions timeline, which
reaches 800 posts back, then from recent search, which reaches seven days back. What lies beyond is lost, and said.
Posts can appear late, behind newer ones; so once a minute ("swept") reading begins some minutes before the newest.

For private messages it is {"newest": id, "until": id, "token": page}: pages back to the last known message.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tafaul.channels.base import Batch, IncomingPost, Lost, Position, Refused
from tafaul.channels.x import parse
from tafaul.channels.x.client import Client

PAGE = 100
TIMELINE_REACH = 800
TRUSTED = TIMELINE_REACH // 2
"""Posts back from the newest to which the timeline is read. It stops without a word at its reach, and new posts
push older ones towards it unseen; so many may come between two looks."""
SEARCH_REACH = timedelta(days=7)
MARGIN = timedelta(minutes=1)
LATE = timedelta(minutes=3)
"""How much later than newer posts a post may appear and is found all the same."""
SKEW = timedelta(days=1)
"""How far ids may be ahead of our clock, and still be believed."""
NOTHING_YET = timedelta(hours=1)
LOOK_EVERY = 3
"""Seconds between two looks for new posts while gaps are filled: each look is a call."""
SWEEP_EVERY = 60
"""Seconds between two reads that look for late posts; reading a post twice a day is charged once."""

POST_FIELDS = {
    "tweet.fields": "author_id,conversation_id,created_at,note_tweet,referenced_tweets",
    "expansions": "author_id",
    "user.fields": "name,username",
}
PRIVATE_FIELDS = {
    "dm_event.fields": "created_at,dm_conversation_id,event_type,id,sender_id,text",
    "event_types": "MessageCreate",
    "expansions": "sender_id",
    "user.fields": "name,username",
}


class Reader:
    """Reads one account."""

    def __init__(self, client: Client, external_id: str, handle: str) -> None:
        self._client = client
        self._external_id = external_id
        self._handle = handle
        self._looked_at = float("-inf")

    def public(self, position: Position | None) -> Batch:
        """Read the newest posts to the account; between two such looks, fill the newest gap."""
        position = position or {}
        gaps = list(position.get("gaps") or ())
        if gaps and time.monotonic() < self._looked_at + LOOK_EVERY:
            batch = self._fill(gaps.pop(), position, gaps)
        else:
            self._looked_at = time.monotonic()
            batch = self._newest(position)
        return replace(batch, pause=self._client.pause("mentions"))

    def _newest(self, position: Position) -> Batch:
        """Return the page of posts newer than the position."""
        newest = position.get("newest")
        since, now = newest, int(time.time())
        swept = int(position.get("swept", 0))
        if now - swept >= SWEEP_EVERY:
            since, swept = _before(newest) if newest else None, now
        page = self._mentions(since=since)
        parsed = parse.public_posts(page)
        ids = _ids(parsed.posts)
        count = len(ids) + len(parsed.rejected)
        gaps = _pushed_down(position.get("gaps") or (), count)
        if since and ids and _goes_on(page):
            gaps.append({"after": since, "before": str(min(ids)), "depth": count})
        after = {"newest": _newest_of(ids, newest), "swept": swept, "gaps": gaps}
        return Batch(self._others(parsed.posts), after, parsed.rejected, more=bool(gaps))

    def _fill(self, gap: dict[str, Any], position: Position, others: list[dict[str, Any]]) -> Batch:
        """Read one page of a gap, and return what is left of the gap in the new position."""
        lost: list[Lost] = []
        if not self._by_search(gap):
            page = self._mentions(since=gap["after"], until=gap["before"])
            reached_end = not _goes_on(page) and gap["depth"] + _count(page) <= TRUSTED
        else:
            gap, lost = self._within_reach(gap)
            page = self._search(gap)
            reached_end = not _goes_on(page)
        parsed = parse.public_posts(page)
        ids = _ids(parsed.posts)
        # A page that brings nothing older would be read for ever: search takes over, or the rest is lost.
        before = min([*ids, int(gap["before"])])
        stuck = before == int(gap["before"])
        if stuck and not reached_end and self._by_search(gap):
            span = parse.time_of(gap["after"]), parse.time_of(gap["before"])
            lost.append(Lost(*span, "X stopped giving posts"))
        others = _pushed_down(others, len(ids))
        if not reached_end and not (stuck and self._by_search(gap)):
            depth = TIMELINE_REACH if stuck else gap["depth"] + len(ids)
            others.append({**gap, "before": str(before), "depth": depth})
        after = {**position, "gaps": others}
        return Batch(self._others(parsed.posts), after, parsed.rejected, lost, more=bool(others))

    @staticmethod
    def _by_search(gap: dict[str, Any]) -> bool:
        return int(gap["depth"]) > TRUSTED

    @staticmethod
    def _within_reach(gap: dict[str, Any]) -> tuple[dict[str, Any], list[Lost]]:
        """Cut off what recent search does not reach any more, saying once what is lost."""
        edge = datetime.now(UTC) - SEARCH_REACH + MARGIN
        after, before = parse.time_of(gap["after"]), parse.time_of(gap["before"])
        if after >= edge:
            return gap, []
        lost = Lost(after, min(edge, before), "older than the seven days that X searches")
        reachable = str(max(int(gap["before"]), parse.id_at(edge)))
        within = {**gap, "after": str(parse.id_at(edge)), "before": reachable, "cut": True}
        return within, [] if gap.get("cut") else [lost]

    def _mentions(self, *, since: str | None, until: str | None = None) -> dict[str, Any]:
        params = {**POST_FIELDS, "max_results": str(PAGE), "since_id": since, "until_id": until}
        path = f"/2/users/{self._external_id}/mentions"
        return self._client.read("mentions", path, {key: value for key, value in params.items() if value})

    def _search(self, gap: dict[str, Any]) -> dict[str, Any]:
        query = f"(@{self._handle} OR to:{self._handle}) -is:retweet"
        bounds = {"since_id": gap["after"], "until_id": gap["before"]}
        params = {**POST_FIELDS, **bounds, "query": query, "max_results": str(PAGE)}
        return self._client.read("search", "/2/tweets/search/recent", params)

    def _others(self, posts: Sequence[IncomingPost]) -> list[IncomingPost]:
        """Leave out what the account itself wrote."""
        return [post for post in posts if post.author.external_id != self._external_id]

    def private(self, position: Position | None) -> Batch:
        """Read a page of private messages: the newest, or the next one back to the last known message."""
        position = position or {}
        token = position.get("token")
        params = {**PRIVATE_FIELDS, "max_results": str(PAGE)}
        if token:
            params["pagination_token"] = token
        try:
            page = self._client.read("private", "/2/dm_events", params)
        except Refused:
            if not token:
                raise
            # A token does not last: begin again at the top, back to the same message.
            return Batch((), {"newest": position["until"]}, more=True)
        parsed = parse.private_posts(page)
        ids = _ids(parsed.posts)
        known = int(position.get("until" if token else "newest") or 0)
        after: Position = {"newest": _newest_of(ids, position.get("newest"))}
        following = _next_token(page)
        # The very first read takes the newest page only, as the public one does.
        if following and known and min(ids, default=known + 1) > known:
            after.update(until=str(known), token=following)
        new = [post for post in self._others(parsed.posts) if int(post.external_id) > int(_before(known or 1))]
        return Batch(new, after, parsed.rejected, more="token" in after, pause=self._client.pause("private"))


def _pushed_down(gaps: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return gaps that now lie below so many more posts than before."""
    return [{**gap, "depth": gap["depth"] + count} for gap in gaps]


def _count(page: dict[str, Any]) -> int:
    data = page.get("data")
    return len(data) if isinstance(data, list) else 0


def _before(newest: str | int) -> str:
    """Return the id from which on posts that appear late are looked for."""
    return str(parse.id_at(parse.time_of(newest) - LATE))


def _goes_on(page: dict[str, Any]) -> bool:
    return _next_token(page) is not None


def _next_token(page: dict[str, Any]) -> str | None:
    meta = page.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None


def _newest_of(ids: Sequence[int], before: str | None) -> str:
    """Return the newest id known; where nothing was ever written, one of a little while ago: what comes is new."""
    known = [*ids, int(before)] if before else list(ids)
    return str(max(known) if known else parse.id_at(datetime.now(UTC) - NOTHING_YET))


def _ids(posts: Sequence[IncomingPost]) -> list[int]:
    """Return the ids by which reading moves on; one of the far future would end it."""
    latest = parse.id_at(datetime.now(UTC) + SKEW)
    return [key for post in posts if (key := int(post.external_id)) <= latest]
