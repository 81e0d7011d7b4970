"""One account's calls to X API v2: pacing, retries and errors in one place."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tafaul.channels.base import (
    Call,
    Credentials,
    Disconnected,
    Meter,
    RateLimited,
    Refused,
    Unavailable,
    Uncertain,
)

TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer."""

READ_TRIES = 4
FIRST_BACKOFF = 0.3
"""Seconds before the first repeat of a read; each further one waits twice as long, with jitter."""


class Client:
    """Speaks for one account. Not shared between threads."""

    def __init__(
        self, base_url: str, credentials: Credentials, renew: Callable[[], Credentials], meter: Meter
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._credentials = credentials
        self._renew = renew
        self._meter = meter
        self._session = requests.Session()
        self._resets: dict[str, datetime] = {}
        self._pauses: dict[str, timedelta] = {}

    def read(self, operation: str, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """GET a resource. Short troubles are overcome here.

        Raises `RateLimited`, `Unavailable`, `Disconnected`, `Refused`.
        """
        trouble = "no answer"
        for turn in range(READ_TRIES):
            if turn:
                time.sleep(FIRST_BACKOFF * 2 ** (turn - 1) * random.uniform(0.5, 1.5))  # noqa: S311
            try:
                response = self._call(operation, "GET", path, params=params)
                if response.status_code < 500:
                    return self._read_answer(response)
                trouble = f"HTTP {response.status_code}"
            except requests.RequestException as error:
                trouble = type(error).__name__
            except ValueError:
                trouble = "an answer that is no JSON"
        raise Unavailable(f"X: {trouble}")

    def pause(self, operation: str) -> timedelta:
        """Return how long to wait between calls of an operation, for those left to last until X's reset."""
        return self._pauses.get(operation, timedelta(0))

    def write(self, operation: str, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """POST, PUT or DELETE, once.

        Raises `Unavailable` when X surely did nothing, `Uncertain` when nobody knows, `RateLimited`,
        `Disconnected`, `Refused`.
        """
        try:
            response = self._call(operation, method, path, json=body)
        except (requests.ConnectTimeout, ConnectionRefusedError) as error:
            raise Unavailable(f"X: {type(error).__name__}") from error
        except requests.ConnectionError as error:
            if _never_connected(error):
                raise Unavailable("X: no connection") from error
            raise Uncertain("X: the connection broke") from error
        except requests.RequestException as error:
            raise Uncertain(f"X: {type(error).__name__}") from error
        if response.status_code >= 500:
            raise Uncertain(f"X: HTTP {response.status_code}")
        try:
            return self._read_answer(response)
        except ValueError as error:
            raise Uncertain("X: an answer that is no JSON") from error

    def _call(self, operation: str, method: str, path: str, **arguments: Any) -> requests.Response:
        """Make a call, refreshing the credentials once when they are refused."""
        response = self._send(operation, method, path, **arguments)
        if response.status_code == 401:
            self._credentials = self._renew()
            response = self._send(operation, method, path, **arguments)
        return response

    def _send(self, operation: str, method: str, path: str, **arguments: Any) -> requests.Response:
        reset = self._resets.get(operation)
        if reset and reset > datetime.now(UTC):
            raise RateLimited(reset)
        headers = {"Authorization": f"Bearer {self._credentials.access_token}"}
        status = 0
        try:
            response = self._session.request(
                method, self._base_url + path, headers=headers, timeout=TIMEOUT, **arguments
            )
            status = response.status_code
        finally:
            self._meter(Call(operation, status))
        self._pace(operation, response)
        return response

    def _pace(self, operation: str, response: requests.Response) -> None:
        """Remember until when X wants no more calls of this kind."""
        headers = response.headers
        left, until = headers.get("x-rate-limit-remaining", ""), _reset(headers)
        if left.isdigit() and until:
            # One call is kept back, for looking up a reply of unknown fate.
            self._pauses[operation] = max(until - datetime.now(UTC), timedelta(0)) / max(int(left) - 1, 1)
        if response.status_code == 429:
            self._resets[operation] = until or datetime.now(UTC) + timedelta(minutes=1)
        elif left == "0" and until:
            self._resets[operation] = until

    def _read_answer(self, response: requests.Response) -> dict[str, Any]:
        """Return the JSON object of an answer. Raises `ValueError` when a good answer holds none."""
        status = response.status_code
        if status == 429:
            raise RateLimited(_reset(response.headers) or datetime.now(UTC) + timedelta(minutes=1))
        if status == 401:
            raise Disconnected("X refuses the account's credentials")
        if status >= 400:
            raise _refusal(response)
        document = response.json() if response.content else {}
        if not isinstance(document, dict):
            raise ValueError("no object")
        return document


def _never_connected(error: requests.ConnectionError) -> bool:
    """Tell whether a connection failed before anything was sent: only then is a write surely undone."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


def _reset(headers: Mapping[str, str]) -> datetime | None:
    said = headers.get("x-rate-limit-reset", "")
    if not said.isdigit():
        return None
    # A second more than said: the window ends within that second.
    return datetime.fromtimestamp(int(said) + 1, UTC)


def _refusal(response: requests.Response) -> Refused:
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    told = " ".join(str(problem[key]) for key in ("title", "detail") if problem.get(key))
    errors = problem.get("errors")
    if isinstance(errors, list):
        told += " ".join(str(error.get("message", "")) for error in errors if isinstance(error, dict))
    reason = told or f"HTTP {response.status_code}"
    return Refused(f"X: {reason}", duplicate=response.status_code == 403 and "duplicate" in reason.lower())
