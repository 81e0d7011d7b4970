"""What is common to all calls of the simulated API: tokens, rate limits, faults and answers."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tafaul.channels.x.simulator import shapes
from tafaul.channels.x.simulator.faults import Faults, Limits, headers
from tafaul.channels.x.simulator.store import Store, User


@dataclass(slots=True)
class Simulation:
    """Everything that a call may need."""

    store: Store
    faults: Faults
    limits: Limits
    calls: Counter[str] = field(default_factory=Counter)


class Answer(Response):
    """JSON in ASCII, so that even lone surrogates can be served, as X serves them."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class Broken(Response):
    """An answer whose connection breaks in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a long body and send a short one."""
        start = [(b"content-type", b"application/json"), (b"content-length", b"100000")]
        await send({"type": "http.response.start", "status": 200, "headers": start})
        await send({"type": "http.response.body", "body": b'{"data":', "more_body": True})


def refuse(status: int, title: str, detail: str, **more: Any) -> Answer:
    """Return a problem document."""
    return Answer(shapes.problem(status, title, detail, **more), status_code=status)


@dataclass(slots=True)
class CallOf:
    """A call by a user's app, with the parameters that all share read."""

    request: Request
    simulation: Simulation
    me: User | None

    @property
    def store(self) -> Store:
        """The simulated X."""
        return self.simulation.store

    def fields(self, name: str) -> shapes.Fields:
        """Return the asked fields of `tweet.fields` and the like."""
        return frozenset(filter(None, self.request.query_params.get(name, "").split(",")))

    def id(self, name: str) -> int | None:
        """Return an id among the parameters. Raises `ValueError`."""
        value = self.request.query_params.get(name)
        if value is None:
            return None
        if not value.isdigit():
            raise ValueError(f"The `{name}` query parameter value [{value}] is not valid")
        return int(value)

    def page_size(self, default: int, least: int, most: int) -> int:
        """Return max_results. Raises `ValueError` outside what X allows."""
        value = int(self.request.query_params.get("max_results", default))
        if not least <= value <= most:
            raise ValueError(
                f"The `max_results` query parameter value [{value}] is not between {least} and {most}"
            )
        return value


Endpoint = Callable[[CallOf], Awaitable[Response]]
APP_ONLY = ("rules", "stream", "webhooks")


def endpoint(name: str, do: Endpoint, simulation: Simulation) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint: who calls, how often, what goes wrong, and then what it does."""

    async def answer(request: Request) -> Response:
        response = await _answer(name, do, simulation, request)
        simulation.calls[f"{name} {response.status_code}"] += 1
        return response

    return answer


async def _answer(name: str, do: Endpoint, simulation: Simulation, request: Request) -> Response:
    faults = simulation.faults
    if slow := faults.take("slow", name):
        await asyncio.sleep(slow.seconds)
    if faults.take("unavailable", name):
        return refuse(503, "Service Unavailable", "Service Unavailable")
    if faults.take("expired_tokens", name):
        simulation.store.expire_tokens()
    return await _to_known_caller(name, do, simulation, request)


async def _to_known_caller(name: str, do: Endpoint, simulation: Simulation, request: Request) -> Response:
    faults = simulation.faults
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    me = _caller(simulation.store, token, app_only=name in APP_ONLY)
    if (me is None and name not in APP_ONLY) or (name in APP_ONLY and token != simulation.store.app_token):
        return refuse(401, "Unauthorized", "Unauthorized")
    if limited := faults.take("rate_limited", name):
        told = headers(1, 0, time.time() + limited.seconds)
        return Answer(shapes.problem(429, "Too Many Requests", "Too Many Requests"), 429, told)
    allowed, told = simulation.limits.count(token, name)
    if not allowed:
        return Answer(shapes.problem(429, "Too Many Requests", "Too Many Requests"), 429, told)
    if faults.take("cut", name):
        return Broken()
    response = await _done(do, CallOf(request, simulation, me))
    if faults.take("lost_answer", name):
        return Broken()
    if faults.take("malformed", name):
        response = Response(b'{"data": [{"id": "12', 200, media_type="application/json")
    response.headers.update(told)
    return response


async def _done(do: Endpoint, call: CallOf) -> Response:
    try:
        return await do(call)
    except (ValueError, KeyError, TypeError) as error:
        return refuse(400, "Invalid Request", "One or more parameters to your request was invalid.",
                      errors=[{"message": str(error)}])  # fmt: skip


def _caller(store: Store, token: str, *, app_only: bool) -> User | None:
    known = store.tokens.get(token)
    if app_only or known is None or known.expires < time.time():
        return None
    return store.users[known.user_id]


def spoil(page: dict[str, Any], simulation: Simulation, name: str) -> dict[str, Any]:
    """Shuffle a page, or break one of its posts, when a fault asks for it."""
    data = page.get("data")
    if data and simulation.faults.take("shuffled", name):
        random.shuffle(data)
    if data and simulation.faults.take("broken_post", name):
        broken = random.randrange(len(data))  # noqa: S311
        data[broken] = {**data[broken], "id": None, "text": 5, "author_id": ["?"]}
    return page
