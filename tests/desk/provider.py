"""A small OpenID Connect provider for tests, on a real HTTP server: it logs everybody in as the person that it is told."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT = ("tafaul", "a-secret")


class Provider:
    """What the provider says of who logs in, and the codes and tokens that it gave."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.person: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser goes back to, with a code."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, told: dict[str, str]) -> dict[str, Any] | None:
        """Exchange a code once, for the client that it was given to."""
        asked = self.codes.pop(told.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(told.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != proof.decode().rstrip("="):
            return None
        if (told["client_id"], told["client_secret"]) != CLIENT:
            return None
        token = secrets.token_urlsafe()
        self.tokens.add(token)
        now = int(time.time())
        claims = {**self.person, "iss": self.url, "aud": CLIENT[0], "iat": now, "exp": now + 60}
        signed = jwt.encode(claims, KEY, "RS256", headers={"kid": "1"})
        return {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/.well-known/openid-configuration":
            self._answer(self.provider.discovery())
        elif where.path == "/jwks":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self._answer({"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]})
        elif where.path == "/userinfo" and self.headers["Authorization"][7:] in self.provider.tokens:
            self._answer(self.provider.person)
        elif where.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(_first(where.query)))
            self.end_headers()
        else:
            self.send_error(401)

    def do_POST(self) -> None:
        told = self.provider.token(_first(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._answer(told or {"error": "invalid_grant"}, 200 if told else 400)

    def _answer(self, told: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: Any) -> None:
        pass


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()
