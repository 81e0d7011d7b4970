"""The page of one's own account: names, language, password, second factor, passkeys and open sessions."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows import sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafaul.bodies import people
from tafaul.desk import language
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """One's own account; posting stores names and language."""
    if request.method == "POST":
        return _store(request)
    factors = Authenticator.objects.filter(user=request.user).order_by("pk")
    context = {
        "app": factors.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": factors.filter(type=Authenticator.Type.WEBAUTHN),
        "recovery": factors.filter(type=Authenticator.Type.RECOVERY_CODES).first(),
        "sessions": sorted(UserSession.objects.purge_and_list(request.user), key=lambda item: -item.pk),
        "roles": request.user.memberships.select_related("body").order_by("body", "role"),
        "languages": settings.LANGUAGES,
    }
    return render(request, "desk/account.html", context)


def _store(request: DeskRequest) -> HttpResponse:
    told = request.POST
    chosen = "en" if told.get("language") == "en" else "ar"
    people.describe(
        request.user, name_ar=told.get("name_ar", ""), name_en=told.get("name_en", ""), language=chosen
    )
    with translation.override(chosen):
        messages.success(request, _("Your account is saved."))
    response = redirect("account")
    language.remember(request, response, chosen)
    return response


@require_POST
@at_the_desk
def end_session(request: DeskRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    sessions.end_sessions(request, [session])
    messages.success(request, _("The session is ended."))
    return redirect("account")


@require_POST
@at_the_desk
def end_others(request: DeskRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    sessions.end_other_sessions(request, request.user)
    messages.success(request, _("All other sessions are ended."))
    return redirect("account")


@at_the_desk
def second_factor(request: DeskRequest) -> HttpResponse:
    """Where a second factor is required, the page on which somebody without one chooses it; else one's account."""
    if not settings.SECOND_FACTOR_REQUIRED or people.has_second_factor(request.user):
        return redirect("account")
    return render(request, "desk/second_factor.html")
