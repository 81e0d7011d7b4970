"""OAuth 2.0 as X has it: authorization code with PKCE, and refresh tokens that rotate."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import requests

from tafaul.channels.base import Credentials, Disconnected, Unavailable
from tafaul.channels.x.client import TIMEOUT

SCOPES = "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write offline.access"


def refresh(base_url: str, client_id: str, client_secret: str, refresh_token: str | None) -> Credentials:
    """Trade a refresh token for new credentials; the old token is worthless afterwards.

    Raises `Disconnected` when X refuses it, `Unavailable` when X does not answer.
    """
    if not refresh_token:
        raise Disconnected("X: the account has no refresh token")
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
    return _token(base_url, client_id, client_secret, form)


def authorization(authorize_url: str, client_id: str, redirect_uri: str, state: str) -> tuple[str, str]:
    """Return where to send a person who connects an account, and the verifier to keep for `exchange`."""
    verifier = secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{authorize_url}?{urlencode(query)}", verifier


def exchange(
    base_url: str, client_id: str, client_secret: str, *, code: str, redirect_uri: str, verifier: str
) -> Credentials:
    """Trade the code that X sent the person back with for credentials. Raises as `refresh` does."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": client_id,
    }
    return _token(base_url, client_id, client_secret, form)


def _token(base_url: str, client_id: str, client_secret: str, form: dict[str, str]) -> Credentials:
    url = base_url.rstrip("/") + "/2/oauth2/token"
    auth = (client_id, client_secret) if client_secret else None
    try:
        response = requests.post(url, data=form, auth=auth, timeout=TIMEOUT)
        document = response.json()
    except (requests.RequestException, ValueError) as error:
        raise Unavailable(f"X: {type(error).__name__} while asking for a token") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"X: HTTP {response.status_code} while asking for a token")
    if response.status_code != 200 or not document.get("access_token"):
        raise Disconnected("X refuses to give a token: connect the account again")
    lasts = timedelta(seconds=int(document.get("expires_in") or 7200))
    return Credentials(document["access_token"], document.get("refresh_token"), datetime.now(UTC) + lasts)
