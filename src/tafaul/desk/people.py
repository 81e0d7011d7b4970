"""Who is at the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tafaul.bodies.models import Person
from tafaul.care.errors import CareError, NotYours

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: Person


def at_the_desk(
    view: Callable[Concatenate[DeskRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Require a log-in, and turn what the domain refuses into a page that says why."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except CareError as error:
            status = 404 if isinstance(error, NotYours) else 409
            return render(request, "desk/refused.html", {"why": str(error)}, status=status)

    return login_required(answer)  # type: ignore[return-value]
