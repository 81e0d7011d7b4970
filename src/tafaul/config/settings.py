"""All settings, top to bottom. Each is read from an environment variable named beside it.

`docs/operating.md` lists them for operators.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pghistory
from psycopg.conninfo import conninfo_to_dict

PACKAGE = Path(__file__).resolve().parents[1]

# Where the embedded database, the simulator and the secret key keep their files.
DATA_DIR = Path(os.environ.get("TAFAUL_DATA") or Path.home() / ".local/share/tafaul")


def _secret_key() -> str:
    """TAFAUL_SECRET_KEY, or a key made once and kept in the data folder, readable by its owner only."""
    if key := os.environ.get("TAFAUL_SECRET_KEY"):
        return key
    file = DATA_DIR / "secret-key"
    if not file.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = secrets.token_urlsafe(48)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(fresh)
    return file.read_text()


SECRET_KEY = _secret_key()

# Keys for what is encrypted in the database; the first encrypts. TAFAUL_DATA_KEYS: keys of
# `cryptography.fernet.Fernet.generate_key()`, separated by commas; derived from the secret key when not set.
SECRET_KEYS_FOR_DATA = [key for key in os.environ.get("TAFAUL_DATA_KEYS", "").split(",") if key] or [
    base64.urlsafe_b64encode(hashlib.sha256(b"tafaul data" + SECRET_KEY.encode()).digest()).decode()
]

DEBUG = False
# TAFAUL_HOSTS: names under which the desk is reached, separated by commas.
ALLOWED_HOSTS = os.environ.get("TAFAUL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if "*" not in host]
# TAFAUL_HTTPS=1 behind a proxy that speaks TLS: cookies are sent over TLS only.
HTTPS = os.environ.get("TAFAUL_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "tafaul.bodies",
    "tafaul.care",
    "tafaul.desk",
    "tafaul.portal",
    "tafaul.jobs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tafaul.desk.at_work.AtWorkMiddleware",
    "tafaul.desk.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tafaul.desk.log_in.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tafaul.desk.security.ContentSecurityPolicyMiddleware",
]

ROOT_URLCONF = "tafaul.config.urls"
ASGI_APPLICATION = "tafaul.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """TAFAUL_DATABASE_URL as Django wants it. The `tafaul` command sets it when the operator does not.

    It sets TAFAUL_ROLE, too: «desk» for web processes, which see what the person at work sees, «jobs» for
    workers and commands, and none for `migrate`, which speaks as the owner of the tables.
    """
    parts = conninfo_to_dict(os.environ.get("TAFAUL_DATABASE_URL", "postgresql:///tafaul"))
    if role := os.environ.get("TAFAUL_ROLE"):
        parts["options"] = f"{parts.get('options', '')} -c role=tafaul_{role}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "tafaul"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {**parts, "connect_timeout": 5, **_pool()},
        "CONN_HEALTH_CHECKS": True,
    }


def _pool() -> dict[str, Any]:
    """A pool of connections for the web server, which answers each request in a thread of its own."""
    if os.environ.get("TAFAUL_POOL") != "1":
        return {}
    return {"pool": {"min_size": 2, "max_size": 20, "timeout": 10}}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History (django-pghistory): who did it stands in each entry, and entries are only added.
PGHISTORY_BASE_MODEL = "tafaul.foundation.history.Event"
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True, related_name="history")
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"

AUTH_USER_MODEL = "bodies.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "cases"
LOGOUT_REDIRECT_URL = "login"

# Logging in (django-allauth). Nobody signs up by themselves; e-mail addresses are proved by invitations.
ACCOUNT_ADAPTER = "tafaul.desk.log_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Failures are counted by person and address together (`key`), so that nobody locks out a colleague from elsewhere,
# and by address, with room for a whole body behind one.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/5m/key,100/5m/ip", "outside": "30/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "tafaul.desk.log_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_TOTP_ISSUER = "Tafaul"
MFA_TOTP_TOLERANCE = 1
# TAFAUL_SECOND_FACTOR=required: nobody gets any further without one.
SECOND_FACTOR_REQUIRED = os.environ.get("TAFAUL_SECOND_FACTOR", "optional") == "required"

# Single sign-on with OpenID Connect, when TAFAUL_OIDC_SERVER_URL names a provider: for people whose e-mail address
# is, as the provider vouches, that of a person or of an invitation.
SOCIALACCOUNT_ADAPTER = "tafaul.desk.log_in.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form could not leave for the provider under our Content-Security-Policy
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if server_url := os.environ.get("TAFAUL_OIDC_SERVER_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": os.environ.get("TAFAUL_OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ.get("TAFAUL_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("TAFAUL_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": server_url},
            }
        ],
    }

# What several processes count together: failures to log in, and codes that were used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# Mail. TAFAUL_EMAIL_URL: smtp://user:password@host:587 (STARTTLS, but on port 25), smtps://user:password@host, or
# console: which prints mails. TAFAUL_EMAIL_FROM: their sender.
_mail = urlsplit(os.environ.get("TAFAUL_EMAIL_URL", "smtp://localhost:25"))
EMAIL_BACKEND = f"django.core.mail.backends.{'console' if _mail.scheme == 'console' else 'smtp'}.EmailBackend"
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and EMAIL_PORT != 25
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("TAFAUL_EMAIL_FROM", "tafaul@localhost")
# TAFAUL_ADDRESS: where people reach the pages, for the links in mails.
ADDRESS = os.environ.get("TAFAUL_ADDRESS", "http://localhost:8000")

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Riyadh"

# Files that people put to cases; several web servers share this folder.
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("TAFAUL_LOG", "WARNING")},
}

# TAFAUL_PACK: the country's data, a folder like packs/sa.
PACK = Path(os.environ.get("TAFAUL_PACK") or PACKAGE / "packs" / "sa")

# Understanding: where `tafaul train` keeps its models. TAFAUL_CLASSIFIER: the folder of another classifier (ONNX),
# which is then used instead of them.
MODELS = DATA_DIR / "models"
CLASSIFIER = Path(folder) if (folder := os.environ.get("TAFAUL_CLASSIFIER")) else None

# Channels. TAFAUL_X_URL: where X's API is; the simulator stands at another address. The others are what X's
# developer console shows for the app. Prices in US dollars as of November 2026; they belong to the operator.
CHANNELS: dict[str, dict[str, str]] = {
    "x": {
        "base_url": os.environ.get("TAFAUL_X_URL", "https://api.x.com"),
        "authorize_url": os.environ.get("TAFAUL_X_AUTHORIZE_URL", "https://x.com/i/oauth2/authorize"),
        "client_id": os.environ.get("TAFAUL_X_CLIENT_ID", ""),
        "client_secret": os.environ.get("TAFAUL_X_CLIENT_SECRET", ""),
        "app_token": os.environ.get("TAFAUL_X_APP_TOKEN", ""),
    }
}
PRICES = {
    "read_post": Decimal(os.environ.get("TAFAUL_PRICE_READ_POST", "0.005")),
    "read_citizen": Decimal(os.environ.get("TAFAUL_PRICE_READ_CITIZEN", "0.010")),
    "read_private": Decimal(os.environ.get("TAFAUL_PRICE_READ_PRIVATE", "0.010")),
    "send_public": Decimal(os.environ.get("TAFAUL_PRICE_SEND_PUBLIC", "0.015")),
    "send_link": Decimal(os.environ.get("TAFAUL_PRICE_SEND_LINK", "0.200")),
    "send_private": Decimal(os.environ.get("TAFAUL_PRICE_SEND_PRIVATE", "0.015")),
    "hide": Decimal(os.environ.get("TAFAUL_PRICE_HIDE", "0.005")),
}
# Shares of a body's monthly budget: people are warned, then sending stops, then reading.
BUDGET_WARNS_AT = Decimal("0.80")
BUDGET_STOPS_SENDING_AT = Decimal("0.95")
BUDGET_STOPS_READING_AT = Decimal("1.00")

# How long a reply of unknown fate rests before it is looked for on the channel, in seconds: longer than the
# longest call, so that a call that is still under way cannot be overtaken.
SETTLE_SECONDS = int(os.environ.get("TAFAUL_SETTLE_SECONDS", "120"))
# A citizen's posts to one account within this many days belong to the same open case.
CASE_JOINS_WITHIN_DAYS = 7

# Seconds between two looks at what is due; posts that a channel pushes do not wait for it.
READ_EVERY_SECONDS = 3
