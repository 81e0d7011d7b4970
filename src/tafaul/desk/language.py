"""The language of the pages: Arabic first, English by a switch that is remembered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "language"


class LanguageMiddleware:
    """Activate the language that the reader chose with the switch, else Arabic."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override("en" if request.COOKIES.get(COOKIE) == "en" else "ar"):
            return self.get_response(request)
