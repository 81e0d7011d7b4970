"""What the terminal shows while the demonstration runs."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType

from django.db import DatabaseError, close_old_connections
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tafaul.demo.report import totals

BARS = " ▁▂▃▄▅▆▇█"
LOG_INS = ("finance.agent", "municipal.agent", "commerce.supervisor", "telecom.approver", "labour.auditor")


class Screen:
    """A live panel: the address, the log-ins, and what flows."""

    def __init__(self, console: Console, port: int, x_port: int, password: str) -> None:
        self._port, self._x_port, self._password = port, x_port, password
        self._arrivals: deque[int] = deque(maxlen=40)
        self._last: dict[str, int] = {}
        self._started = time.monotonic()
        self._live = Live(self._panel({}), console=console, refresh_per_second=4, transient=False)

    def __enter__(self) -> Screen:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def update(self) -> None:
        """Count again and draw."""
        try:
            close_old_connections()
            now = totals()
        except DatabaseError:
            return
        if self._last:
            self._arrivals.append(now["posts_in"] - self._last["posts_in"])
        self._last = now
        self._live.update(self._panel(now))

    def _panel(self, now: dict[str, int]) -> Panel:
        address = Text(f"http://127.0.0.1:{self._port}/", style="bold green underline")
        names = Text("  ".join(LOG_INS) + "  ...", style="cyan")
        top = Table.grid(padding=(0, 2))
        top.add_row("open", address)
        top.add_row("log in as", names)
        top.add_row("password", Text(self._password, style="cyan"))
        top.add_row("X (simulated)", Text(f"http://127.0.0.1:{self._x_port}/", style="dim"))
        flow = Table.grid(padding=(0, 3))
        flow.add_row(*(f"[bold]{value}[/bold] {name.replace('_', ' ')}" for name, value in now.items()))
        most = max([*self._arrivals, 1])
        line = "".join(BARS[round(count / most * (len(BARS) - 1))] for count in self._arrivals)
        waves = Text(f"{line:>40} posts a second, at most {most}", style="green")
        seconds = int(time.monotonic() - self._started)
        foot = Text(f"running {seconds // 60}:{seconds % 60:02d} · Ctrl-C stops everything", style="dim")
        return Panel(Group(top, Text(), flow, waves, foot), title="Tafaul تفاعل", border_style="green")
