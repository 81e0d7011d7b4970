"""What X pushes: the filtered stream, and webhooks with their CRC check and signature."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import requests
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tafaul.channels.x.simulator import shapes
from tafaul.channels.x.simulator.calls import Answer, CallOf, Simulation, endpoint, refuse
from tafaul.channels.x.simulator.search import Match, compile_query
from tafaul.channels.x.simulator.store import Message, Post, Store

KEEP_ALIVE = 20
ALL_POST_FIELDS = frozenset({"author_id", "conversation_id", "created_at", "note_tweet", "referenced_tweets"})
ALL_MESSAGE_FIELDS = frozenset({"sender_id", "dm_conversation_id", "created_at", "participant_ids"})


@dataclass(slots=True)
class Rule:
    """A rule of the filtered stream."""

    id: str
    value: str
    tag: str
    matches: Match


@dataclass(slots=True)
class Push:
    """Rules, open streams and webhooks."""

    simulation: Simulation
    rules: dict[str, Rule] = field(default_factory=dict)
    streams: list[asyncio.Queue[bytes | None]] = field(default_factory=list)
    webhooks: dict[str, str] = field(default_factory=dict)
    deliveries: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    undelivered: int = 0

    def tell(self, news: Post | Message) -> None:
        """Push something new to whoever listens."""
        store = self.simulation.store
        if isinstance(news, Message):
            if self.webhooks and store.users[news.recipient_id].official:
                self.deliveries.put_nowait(_delivery(news, store))
            return
        rules = [{"id": rule.id, "tag": rule.tag} for rule in self.rules.values() if rule.matches(news)]
        if rules and self.streams and not self.simulation.faults.take("unavailable", "pushed"):
            line = json.dumps({**_whole(news, store), "matching_rules": rules}).encode("ascii") + b"\r\n"
            for stream in self.streams:
                stream.put_nowait(line)
        if self.webhooks and news.to:
            self.deliveries.put_nowait(_delivery(news, store))

    async def deliver(self) -> None:
        """Deliver to webhooks for ever, trying each delivery three times."""
        while True:
            body = json.dumps(await self.deliveries.get()).encode("ascii")
            for url in list(self.webhooks.values()):
                if not await asyncio.to_thread(self._deliver_one, url, body):
                    self.undelivered += 1

    def _deliver_one(self, url: str, body: bytes) -> bool:
        digest = hmac.new(self.simulation.store.consumer_secret.encode(), body, hashlib.sha256).digest()
        signature = "sha256=" + base64.b64encode(digest).decode()
        sent = {"content-type": "application/json", "x-twitter-webhooks-signature": signature}
        for _turn in range(3):
            try:
                if requests.post(url, data=body, headers=sent, timeout=5).ok:
                    return True
            except requests.RequestException:
                continue
        return False

    def routes(self) -> list[Route]:
        """Return the routes of pushing."""

        def route(path: str, name: str, do: Any, *methods: str) -> Route:
            return Route(path, endpoint(name, do, self.simulation), methods=list(methods))

        return [
            route("/2/tweets/search/stream/rules", "rules", self._list_rules, "GET"),
            route("/2/tweets/search/stream/rules", "rules", self._change_rules, "POST"),
            route("/2/tweets/search/stream", "stream", self._stream, "GET"),
            route("/2/webhooks", "webhooks", self._list_webhooks, "GET"),
            route("/2/webhooks", "webhooks", self._add_webhook, "POST"),
            route("/2/webhooks/{id}", "webhooks", self._delete_webhook, "DELETE"),
        ]

    async def _list_rules(self, _call: CallOf) -> Response:
        shown = [{"id": rule.id, "value": rule.value, "tag": rule.tag} for rule in self.rules.values()]
        page: dict[str, Any] = {"meta": {"result_count": len(shown)}}
        return Answer({"data": shown, **page} if shown else page)

    async def _change_rules(self, call: CallOf) -> Response:
        body = await call.request.json()
        for key in body.get("delete", {}).get("ids", ()):
            self.rules.pop(key, None)
        added = []
        for told in body.get("add", ()):
            value = str(told["value"])
            if len(value) > 1024:
                raise ValueError("a rule is longer than 1024 characters")
            rule = Rule(
                str(secrets.randbits(62)), value, str(told.get("tag", "")), compile_query(value, call.store)
            )
            self.rules[rule.id] = rule
            added.append({"id": rule.id, "value": rule.value, "tag": rule.tag})
        return Answer({"data": added, "meta": {"summary": {"created": len(added)}}}, 201)

    async def _stream(self, _call: CallOf) -> Response:
        return StreamingResponse(self._lines(), media_type="application/json")

    async def _lines(self) -> AsyncIterator[bytes]:
        mine: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.streams.append(mine)
        try:
            yield b"\r\n"
            while True:
                try:
                    line = await asyncio.wait_for(mine.get(), KEEP_ALIVE)
                except TimeoutError:
                    line = b"\r\n"
                if line is None:
                    return
                yield line
        finally:
            self.streams.remove(mine)

    def close_streams(self) -> None:
        """End all open streams, as X does now and then."""
        for stream in self.streams:
            stream.put_nowait(None)

    async def _list_webhooks(self, _call: CallOf) -> Response:
        shown = [{"id": key, "url": url, "valid": True} for key, url in self.webhooks.items()]
        return Answer({"data": shown, "meta": {"result_count": len(shown)}})

    async def _add_webhook(self, call: CallOf) -> Response:
        url = str((await call.request.json())["url"])
        token = secrets.token_urlsafe(16)
        digest = hmac.new(call.store.consumer_secret.encode(), token.encode(), hashlib.sha256).digest()
        expected = "sha256=" + base64.b64encode(digest).decode()
        try:
            answer = await asyncio.to_thread(requests.get, url, params={"crc_token": token}, timeout=3)
            passed = answer.ok and answer.json().get("response_token") == expected
        except (requests.RequestException, ValueError, AttributeError):
            passed = False
        if not passed:
            return refuse(400, "CrcValidationFailed", "CRC validation failed: the response_token is not valid.")
        key = str(secrets.randbits(62))
        self.webhooks[key] = url
        return Answer({"data": {"id": key, "url": url, "valid": True}}, 201)

    async def _delete_webhook(self, call: CallOf) -> Response:
        found = self.webhooks.pop(call.request.path_params["id"], None)
        return Answer({"data": {"deleted": found is not None}})


def _whole(post: Post, store: Store) -> dict[str, Any]:
    author = store.users[post.author_id]
    shown = [] if author.deleted else [shapes.user(author, frozenset())]
    return {"data": shapes.post(post, store, ALL_POST_FIELDS), "includes": {"users": shown}}


def _delivery(news: Post | Message, store: Store) -> dict[str, Any]:
    """Return what a webhook gets, in the shape of X's activity API."""
    if isinstance(news, Message):
        payload: dict[str, Any] = shapes.message(news, ALL_MESSAGE_FIELDS)
        to, kind, sender = [news.recipient_id], "dm.received", store.users[news.sender_id]
    else:
        payload = shapes.post(news, store, ALL_POST_FIELDS)
        to, kind, sender = news.to, "post.mention.create", store.users[news.author_id]
    return {
        "data": {
            "event_type": kind,
            "filter": {"user_id": str(to[0])},
            "payload": payload,
            "includes": {"users": [shapes.user(sender, frozenset())]},
        }
    }
