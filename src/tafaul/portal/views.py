"""The citizen's page. Nobody logs in: who holds the secret link of a case is its citizen.

So a forged request has nothing to lean on, neither a session nor a cookie, and forms need no token against it; the
link stays secret by headers that keep it out of other sites, search engines and caches.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tafaul.care import following, ratings
from tafaul.care.errors import CareError
from tafaul.care.models import Case, Rating

P = ParamSpec("P")

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
LANGUAGE_COOKIE = "language"
"""As the desk's own switch keeps it."""

A_YEAR = 365 * 86_400


def for_citizens(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Send what keeps a secret link secret, and switch the language when the address asks for it."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = cast("HttpRequest", args[0])
        language = request.GET.get("language")
        response = _switch(request, language) if language in dict(settings.LANGUAGES) else view(*args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return answer


def _switch(request: HttpRequest, language: str) -> HttpResponse:
    response = HttpResponseRedirect(request.path)
    options: dict[str, Any] = {"max_age": A_YEAR, "samesite": "Lax", "httponly": True}
    response.set_cookie(LANGUAGE_COOKIE, language, secure=settings.HTTPS, **options)
    return response


def of_a_case(
    view: Callable[[HttpRequest, Case], HttpResponse],
) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give a view the case of a secret link; a merged one leads to the other. All wrong links look the same."""

    @for_citizens
    @wraps(view)
    def answer(request: HttpRequest, reference: str, key: str) -> HttpResponse:
        with following.opened(reference, key) as case:
            if case is None:
                return render(request, "portal/not_found.html", status=404)
            if request.method != "POST" and str(case.portal_key) != key:
                return _to(case)
            return view(request, case)

    return answer


@for_citizens
@require_safe
def ask_for_link(request: HttpRequest, reference: str = "") -> HttpResponse:
    """Ask for the whole link: a reference alone opens nothing, nor says whether there is such a case."""
    return render(request, "portal/ask_for_link.html")


def _page(request: HttpRequest, case: Case, status: int = 200, **more: Any) -> HttpResponse:
    now = timezone.now()
    clock = following.promised_by(case)
    told = {
        "case": case,
        "events": following.events(case),
        "promised": clock,
        "is_late": clock is not None and clock.due_at is not None and clock.due_at <= now,
        "rating": Rating.objects.filter(case=case).first(),
        "may_rate": ratings.may_rate(case, now),
        "stars": ratings.STARS,
        "form_key": uuid.uuid4(),
        "longest": following.LONGEST,
        "longest_words": ratings.LONGEST_WORDS,
        "done": request.GET.get("done", ""),
        **more,
    }
    return render(request, "portal/case.html", told, status=status)


def _to(case: Case, done: str = "") -> HttpResponse:
    answer = redirect("citizens_page", case.reference, case.portal_key)
    if done:
        answer["Location"] += f"?done={done}"
    return answer


@require_safe
@of_a_case
def case(request: HttpRequest, case: Case) -> HttpResponse:
    """A case as its citizen sees it."""
    return _page(request, case)


@csrf_exempt
@require_POST
@of_a_case
def add(request: HttpRequest, case: Case) -> HttpResponse:
    """Add words to a case; what keeps them from being added is said, and nothing written is lost."""
    text = request.POST.get("text", "")
    try:
        form_key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        form_key = uuid.uuid4()
    try:
        following.add(case, text, form_key, timezone.now())
    except CareError as error:
        return _page(request, case, status=409, text=text, error=str(error))
    return _to(case, "added")


@csrf_exempt
@require_POST
@of_a_case
def rate(request: HttpRequest, case: Case) -> HttpResponse:
    """Rate a closed case, or change the rating."""
    given, words = request.POST.get("stars", ""), request.POST.get("words", "")
    stars = int(given) if given in map(str, ratings.STARS) else 0
    try:
        ratings.rate(case, stars, words, timezone.now())
    except CareError as error:
        return _page(request, case, status=409, words=words, error=str(error))
    return _to(case, "rated")
