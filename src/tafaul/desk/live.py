"""Live updates: what the database notifies, told to open pages as server-sent events.

One connection of a web process listens for all its readers. Events of a moment are gathered, so that a surge
makes a page draw twice a second and not a hundred times.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tafaul.bodies import access
from tafaul.bodies.models import Person
from tafaul.care.live import CHANNEL

log = logging.getLogger(__name__)

GATHER = 0.4
HEARTBEAT = 15
EVERYTHING: dict[str, Any] = {"bodies": None, "cases": [], "people": None}


@dataclass(eq=False, slots=True)
class Reader:
    """An open page, its person, the bodies that they see, and the news that it was not told yet."""

    person: int
    bodies: frozenset[int]
    news: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(maxsize=1000))

    def tell(self, told: dict[str, Any]) -> None:
        """Pass on news of the person and their bodies. A page that does not keep up is to look at everything."""
        people, bodies = told.get("people", ()), told.get("bodies", ())
        if people is None or bodies is None or self.person in people or self.bodies.intersection(bodies):
            if self.news.full():
                self.news.get_nowait()
                told = EVERYTHING
            self.news.put_nowait(told)


class Hub:
    """All open pages of this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self._readers: set[Reader] = set()
        self._listening: asyncio.Task[None] | None = None

    def join(self, reader: Reader) -> None:
        """Let a page hear the news; the first one starts the listening."""
        self._readers.add(reader)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())

    def leave(self, reader: Reader) -> None:
        """A page was closed; the last one stops the listening."""
        self._readers.discard(reader)
        if not self._readers and self._listening is not None:
            self._listening.cancel()

    async def _listen(self) -> None:
        """Listen until cancelled, again and again when the database goes away."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    self._tell(EVERYTHING)
                    async for notice in listener.notifies():
                        self._tell(json.loads(notice.payload))
            except psycopg.OperationalError as error:
                log.warning("live updates wait for the database: %s", error)
            await asyncio.sleep(1)

    def _tell(self, told: dict[str, Any]) -> None:
        for reader in self._readers:
            reader.tell(told)


HUB = Hub()


def _address() -> str:
    told = settings.DATABASES["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {ours: str(told[theirs]) for theirs, ours in names.items() if told.get(theirs)}
    return psycopg.conninfo.make_conninfo("", **given)


@sync_to_async
def _bodies_of(person: Person) -> frozenset[int]:
    """Return the ids of the bodies that a person sees, and give the connection back at once."""
    try:
        return frozenset(access.seen_by(person).values_list("id", flat=True))
    finally:
        connection.close()


async def stream(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The events `cases`, `case-ID`, `presence-ID` and `notices`, for as long as the page is open."""
    person = await request.auser()
    if not isinstance(person, Person):
        return HttpResponse(status=401)
    reader = Reader(person.pk, await _bodies_of(person))
    response = StreamingHttpResponse(_events(reader), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(reader: Reader) -> AsyncIterator[str]:
    HUB.join(reader)
    try:
        yield "retry: 1000\n\n"
        while True:
            try:
                happened = await _gathered(reader)
            except TimeoutError:
                yield ": here\n\n"
                continue
            for event in sorted(happened):
                yield f"event: {event}\ndata: changed\n\n"
    finally:
        HUB.leave(reader)


async def _gathered(reader: Reader) -> set[str]:
    """Wait for news, and for what comes in the moment after; return the names of the events."""
    happened = _events_of(await asyncio.wait_for(reader.news.get(), HEARTBEAT))
    await asyncio.sleep(GATHER)
    while not reader.news.empty():
        happened |= _events_of(reader.news.get_nowait())
    return happened


def _events_of(told: dict[str, Any]) -> set[str]:
    happened = {"notices"} if "people" in told else set()
    if "presence" in told:
        happened.add(f"presence-{told['presence']}")
    if "cases" in told:
        happened |= {"cases", *(f"case-{number}" for number in told["cases"])}
    return happened
