"""The demonstration's processes: started together, watched, and stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil


class NotStarted(Exception):
    """A process of the demonstration did not start; the text says why and what to do."""


@dataclass(slots=True)
class Process:
    """A process and the file that it writes its log to."""

    name: str
    command: list[str]
    log: Path
    handle: subprocess.Popen[bytes] | None = None
    restarts: int = 0

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches only the supervisor."""
        with self.log.open("ab") as log:
            self.handle = subprocess.Popen(  # noqa: S603
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def ended(self) -> bool:
        """Tell whether it ended by itself."""
        return self.handle is not None and self.handle.poll() is not None


@dataclass(slots=True)
class Processes:
    """A supervised tree of processes."""

    folder: Path
    running: list[Process] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> Process:
        """Start `python -m arguments...` under a name; its log is NAME.log in the folder."""
        process = Process(name, [sys.executable, "-m", *arguments], self.folder / f"{name}.log")
        process.start()
        self.running.append(process)
        return process

    def watch(self) -> None:
        """Start again what ended by itself."""
        for process in self.running:
            if process.ended():
                process.restarts += 1
                process.start()

    def wait_for(self, process: Process, is_ready: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is ready. Raises `NotStarted` with the end of its log."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if process.ended() or time.monotonic() > deadline:
                tail = "\n".join(process.log.read_text(errors="replace").splitlines()[-15:])
                raise NotStarted(f"{process.name} did not start; the end of {process.log}:\n{tail}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop all of them, the last first: asked at first, forced after some seconds."""
        handles = [process.handle for process in reversed(self.running) if process.handle]
        families = {handle.pid: _children(handle.pid) for handle in handles}
        for handle in handles:
            if handle.poll() is None:
                handle.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 8
        for handle in handles:
            with contextlib.suppress(subprocess.TimeoutExpired):
                handle.wait(max(0.1, deadline - time.monotonic()))
            if handle.poll() is None:
                handle.kill()
                handle.wait()
            for child in families[handle.pid]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        self.running.clear()


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def free_port(wanted: int) -> int:
    """Return the wanted port, or the next that is free on this machine. Raises `NotStarted` when none is."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotStarted(f"no free port from {wanted} on; choose another with --port")


def listens(port: int) -> bool:
    """Tell whether something accepts connections on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.3)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def hold(folder: Path) -> None:
    """Make sure that one demonstration runs on a folder. Raises `NotStarted` when another does."""
    file = folder / "demo.pid"
    if file.exists():
        with contextlib.suppress(ValueError, psutil.NoSuchProcess):
            other = psutil.Process(int(file.read_text()))
            if other.pid != os.getpid() and "tafaul" in " ".join(other.cmdline()):
                raise NotStarted(f"a demo runs here already (process {other.pid}); stop it first")
    file.write_text(str(os.getpid()))
