"""Encryption of what must not be readable in the database, such as an account's credentials."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SECRET_KEYS_FOR_DATA])


def encrypt(text: str) -> str:
    """Encrypt with the first of `SECRET_KEYS_FOR_DATA` (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Decrypt with any of the keys. Raises `cryptography.fernet.InvalidToken` when none fits."""
    return _fernet().decrypt(encrypted.encode()).decode()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text stored encrypted, readable only with the settings' keys.

    The first of `SECRET_KEYS_FOR_DATA` encrypts, all of them decrypt: add a new one in front to rotate.
    """

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Decrypt what was stored. Raises `cryptography.fernet.InvalidToken` when no key fits."""
        return value if not value else decrypt(value)

    def get_prep_value(self, value: str | None) -> str | None:
        """Encrypt what is stored."""
        return value if not value else encrypt(value)
