"""Rate limits, and the faults that a test or a trainer sets."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any

WINDOW = 900
"""Seconds of a rate-limit window."""

# Calls a window for one token, as X's documentation gives them.
LIMITS = {
    "me": 75,
    "user": 900,
    "mentions": 300,
    "search": 300,
    "post": 900,
    "send_public": 100,
    "delete": 50,
    "hide": 50,
    "private": 15,
    "send_private": 15,
    "rules": 100,
    "stream": 50,
    "webhooks": 450,
}

KINDS = (
    "rate_limited", "unavailable", "slow", "cut", "lost_answer", "overlap", "late", "shuffled", "expired_tokens",
    "malformed", "broken_post",
)  # fmt: skip


@dataclass(slots=True)
class Fault:
    """What goes wrong at an endpoint ("*": at all), how often or until when, and with which probability."""

    kind: str
    endpoint: str = "*"
    times: int | None = None
    until: float | None = None
    seconds: float = 1.0
    probability: float = 1.0


class Faults:
    """The faults that are set now."""

    def __init__(self, seed: int = 1) -> None:
        self._faults: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311

    def set(self, told: dict[str, Any]) -> Fault:
        """Set a fault. Raises `ValueError` that says what can be set."""
        kind = told.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        lasts = told.get("for_seconds")
        fault = Fault(
            kind=str(kind),
            endpoint=str(told.get("endpoint", "*")),
            times=int(told["times"]) if "times" in told else None,
            until=time.time() + float(lasts) if lasts is not None else None,
            seconds=float(told.get("seconds", 1.0)),
            probability=float(told.get("probability", 1.0)),
        )
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well again."""
        self._faults.clear()

    def take(self, kind: str, endpoint: str) -> Fault | None:
        """Return the fault of a kind that strikes a call at an endpoint, counting it."""
        now = time.time()
        for fault in list(self._faults):
            if (fault.until is not None and fault.until < now) or fault.times == 0:
                self._faults.remove(fault)
                continue
            meant = fault.kind == kind and fault.endpoint in ("*", endpoint)
            if meant and self._random.random() < fault.probability:
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


class Limits:
    """Counts calls by token and endpoint."""

    def __init__(self, factor: int = 1) -> None:
        self.factor = factor
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, token: str, endpoint: str) -> tuple[bool, dict[str, str]]:
        """Count a call; tell whether it is allowed, and the headers to answer with."""
        limit = LIMITS[endpoint] * self.factor
        reset, used = self._windows.get((token, endpoint), (0.0, 0))
        now = time.time()
        if reset <= now:
            reset, used = now + WINDOW, 0
        allowed = used < limit
        used += allowed
        self._windows[token, endpoint] = (reset, used)
        return allowed, headers(limit, limit - used, reset)


def headers(limit: int, remaining: int, reset: float) -> dict[str, str]:
    """Return X's rate-limit headers."""
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(reset)),
    }
