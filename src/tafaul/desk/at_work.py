"""The person at work, told to the database for as long as their request is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from tafaul.foundation import acting


class AtWorkMiddleware:
    """Let the database show what the person sees. Who is not logged in sees nothing of any body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer for the person who is logged in."""
        with acting.as_person(request.user.pk, request=f"{request.method} {_route(request)}"):
            return self.get_response(request)


def _route(request: HttpRequest) -> str:
    """Return which page is asked for, without what stands in its address, such as the secret of an invitation."""
    try:
        return str(resolve(request.path_info).route)
    except Resolver404:
        return "?"
