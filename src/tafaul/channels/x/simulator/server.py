"""The simulator as a server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from tafaul.channels.x.simulator import api
from tafaul.channels.x.simulator.calls import Simulation
from tafaul.channels.x.simulator.citizens import Citizens, Script, accounts_of
from tafaul.channels.x.simulator.control import Control
from tafaul.channels.x.simulator.faults import Faults, Limits
from tafaul.channels.x.simulator.page import page
from tafaul.channels.x.simulator.push import Push
from tafaul.channels.x.simulator.store import Store


@dataclass(slots=True)
class Options:
    """How the simulated X is peopled. Without a folder of data nothing is kept."""

    data: Path | None = None
    posts: Path | None = None
    accounts: Sequence[Mapping[str, str]] = ()
    rate: float = 0
    surge: bool = False
    seed: int = 1
    paused: bool = False
    limits_factor: int = 1


def application(options: Options) -> Starlette:
    """Return the simulator as an ASGI application."""
    store = Store(options.data)
    simulation = Simulation(store, Faults(options.seed), Limits(options.limits_factor))
    push = Push(simulation)
    store.listeners.append(push.tell)
    script = Script.read(options.posts) if options.posts else Script({}, [], {})
    accounts = accounts_of(options.accounts, store)
    citizens = Citizens(store, script, accounts, rate=options.rate, surge=options.surge, seed=options.seed)
    citizens.paused = options.paused

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(citizens.live()), asyncio.create_task(push.deliver())]
        yield
        for task in tasks:
            task.cancel()
        store.close()

    steering = Control(simulation, citizens, push).routes()
    human = [Route("/", page(store))]  # type: ignore[arg-type]
    return Starlette(routes=[*api.routes(simulation), *push.routes(), *steering, *human], lifespan=lifespan)


def serve(options: Options, *, host: str = "127.0.0.1", port: int = 8801) -> None:
    """Serve until SIGTERM or SIGINT."""
    uvicorn.run(application(options), host=host, port=port, log_level="critical", timeout_graceful_shutdown=1)


@contextmanager
def running(options: Options | None = None) -> Iterator[str]:
    """Serve on a free port from a thread, for tests; yield the address."""
    config = uvicorn.Config(
        application(options or Options()),
        host="127.0.0.1",
        port=0,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True, name="x-simulator")
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the simulator did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
