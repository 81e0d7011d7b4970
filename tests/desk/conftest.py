"""The desk as a browser without scripts sees it."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from tests.conftest import DeskClient

PASSWORD = "a-long-password"


class Visitor:
    """Somebody with a browser of their own: opens pages, sends forms, reads what they say."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        self.client = DeskClient(
            enforce_csrf_checks=True, REMOTE_ADDR=address, HTTP_USER_AGENT="Firefox/140.0 (Windows)"
        )
        self.text = ""

    def open(self, path: str) -> int:
        return self._keep(self.client.get(path, follow=True))

    def send(self, path: str, **fields: str) -> int:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text)
        told = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        return self._keep(self.client.post(path, told, follow=True))

    def log_in(self, name: str, password: str = PASSWORD, **more: str) -> int:
        self.open("/log-in")
        return self.send("/log-in", login=name, password=password, **more)

    def log_out(self) -> None:
        self.send("/log-out")

    def confirm(self) -> None:
        """Say the password again, as changing how one logs in asks for."""
        self.send(self.path, password=PASSWORD)

    @property
    def is_in(self) -> bool:
        return 'class="cases' in self.client.get("/", follow=True).content.decode()

    @property
    def said(self) -> str:
        """What the page says of what was done or not."""
        return " ".join(re.findall(r'<p class="(?:done|error)" role="(?:status|alert)">(.*?)</p>', self.text))

    @property
    def heading(self) -> str:
        return re.search(r"<h1>(.*?)</h1>", self.text, re.DOTALL)[1].strip()

    def _keep(self, response) -> int:
        self.text, self.path = html.unescape(response.content.decode()), response.request["PATH_INFO"]
        if query := response.request.get("QUERY_STRING"):
            self.path += f"?{query}"
        return response.status_code


@pytest.fixture
def visitor(db) -> Iterator[type[Visitor]]:
    """Visitors' browsers; failures are counted in the cache, which a test may not leave to the next."""
    yield Visitor
    cache.clear()


def code_now(secret: str, later: int = 0) -> str:
    """Return what an authenticator app shows now, or some half-minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def set_up_app(somebody: Visitor) -> str:
    """Set up an authenticator app, and return its secret."""
    somebody.open("/account/second-factor/app")
    somebody.confirm()
    secret = re.search(r'class="ltr key">(\w+)<', somebody.text)[1]
    somebody.send("/account/second-factor/app", code=code_now(secret))
    assert len(recovery_codes(somebody)) == 10
    return secret


def recovery_codes(somebody: Visitor) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", somebody.text)
