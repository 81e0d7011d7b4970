"""How people log in: what django-allauth is told of Tafaul, and who must have a second factor."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tafaul.bodies import invitations, people
from tafaul.bodies.models import Person
from tafaul.foundation.secret import decrypt, encrypt

log = logging.getLogger(__name__)

WITHOUT_SECOND_FACTOR = {
    "account_logout", "account_reauthenticate", "language", "login", "logout", "mfa_activate_totp",
    "mfa_add_webauthn", "mfa_index",
}  # fmt: skip
"""Names of the pages that somebody sees who must set up a second factor first."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Log-in by name and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The name or the password is not right. Try again."),
        "too_many_login_attempts": _("Too many failures. Wait five minutes, then try again."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password is not right."),
        "same_as_current": _("This is the password that you have now. Choose another."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count failures by person and address together."""
        name = f"{credentials.get('username', '')} {self.get_client_ip(request)}"
        super().pre_authenticate(request, username=name)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to one's account."""
        return reverse("account")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps and passkeys; their secrets are encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right. Take the one that the app shows now."),
    }

    def get_totp_label(self, user: Person) -> str:
        """Return the log-in name, which the app shows beside the code."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret from the database."""
        return decrypt(encrypted_text)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002
        """Name a passkey that its owner does not name."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: for people who are known by their e-mail address, or invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Take in whose e-mail address, as the provider vouches for it, was invited."""
        return any(invitations.open_for(item.email) for item in sociallogin.email_addresses if item.verified)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        """Store a new person with the roles that they were invited to."""
        told = sociallogin.account.extra_data
        name = str((told.get("userinfo") or told.get("id_token") or {}).get("name", ""))
        sociallogin.user.name_ar = sociallogin.user.name_en = name
        person: Person = super().save_user(request, sociallogin, form)
        for item in sociallogin.email_addresses:
            if item.verified:
                invitations.accept_by_email(item.email, person)
        return person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **why: Any) -> None:
        """Leave in the log why single sign-on failed; the page says that it did."""
        log.warning("single sign-on: %s", why.get("exception") or why.get("error"))


def sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send somebody to the provider of single sign-on; one that is away is said in words."""
    try:
        return openid_connect.login(request, provider_id)  # type: ignore[no-any-return]
    except requests.RequestException as error:
        log.warning("single sign-on: %s", error)
        return render(request, "socialaccount/authentication_error.html", status=503)


class SecondFactorMiddleware:
    """Where a second factor is required, send people without one to set it up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Let nobody past the setting up."""
        match = request.resolver_match
        if not settings.SECOND_FACTOR_REQUIRED or (match and match.url_name in WITHOUT_SECOND_FACTOR):
            return None
        if not isinstance(request.user, Person) or people.has_second_factor(request.user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204)  # a part of the page: it stays empty
        return redirect("mfa_index")
