"""The language of the pages: Arabic first, English by a switch that is remembered, or by a person's account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "language"
A_YEAR = 365 * 86_400


class LanguageMiddleware:
    """Activate the language that the reader chose with the switch, else that of their account, else Arabic."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language."""
        chosen = request.COOKIES.get(COOKIE) or getattr(request.user, "language", "ar")
        with translation.override("en" if chosen == "en" else "ar"):
            return self.get_response(request)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Switch the language, and return to the page that the reader came from."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    remember(request, response, "en" if request.POST.get("language") == "en" else "ar")
    return response


def remember(request: HttpRequest, response: HttpResponse, chosen: str) -> None:
    """Remember a language in the reader's browser."""
    response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
