"""Who is at the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tafaul.bodies.errors import BodiesError, NotAdministrator, NotTheirAdministrator
from tafaul.bodies.models import Person
from tafaul.care.errors import CareError, NotYours

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: Person


def at_the_desk(
    view: Callable[Concatenate[DeskRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Require a log-in, and turn what the domain refuses into a page that says why.

    A part that an open page fetches after its session ended makes the page load anew.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except (BodiesError, CareError) as error:
            status = 404 if isinstance(error, NotYours | NotAdministrator | NotTheirAdministrator) else 409
            return render(request, "desk/refused.html", {"why": str(error)}, status=status)

    known = login_required(answer)

    @wraps(view)
    def at_the_door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.headers.get("HX-Request") and not request.user.is_authenticated:
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})  # the whole page asks to log in
        return known(request, *args, **kwargs)

    return at_the_door  # type: ignore[return-value]
