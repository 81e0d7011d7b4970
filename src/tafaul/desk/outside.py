"""The page behind the link in a referral's mail: for a clerk of a body where nobody works with Tafaul."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from tafaul.care import referral_mail, referrals
from tafaul.care.errors import CareError, LinkUnknown
from tafaul.care.models import Referral
from tafaul.foundation import acting


@never_cache
def decide(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a referral; posting accepts, returns or finishes it.

    Opening the link alone, as scanners of mail do, does nothing.
    """
    if not ratelimit.consume(request, action="outside"):
        return render(request, "429.html", status=429)
    with acting.as_case(referral_mail.digest(secret), request="outside"):
        return _answer(request, secret)


def _answer(request: HttpRequest, secret: str) -> HttpResponse:
    try:
        referral = referral_mail.find(secret)
        if request.method != "POST":
            return _page(request, referral)
        _decide(request, referral)
    except LinkUnknown as error:
        return _private(render(request, "desk/refused.html", {"why": str(error)}, status=404))
    except CareError as error:
        return _page(request, referral_mail.find(secret), str(error))
    return _private(redirect("outside", secret))


def _decide(request: HttpRequest, referral: Referral) -> None:
    words = request.POST.get("words", "")[:2000]
    match request.POST.get("do"):
        case "accept":
            referrals.accept(referral, None)
        case "return":
            referrals.return_(referral, None, words)
        case "done":
            referrals.done(referral, None, words)


def _page(request: HttpRequest, referral: Referral, error: str = "") -> HttpResponse:
    told = {**referral_mail.matter(referral), "error": error, "words": request.POST.get("words", "")}
    return _private(render(request, "desk/outside.html", told, status=409 if error else 200))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
