"""The page behind the link of an invitation."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tafaul.bodies import invitations
from tafaul.bodies.errors import BodiesError, NameTaken
from tafaul.bodies.models import Invitation, Person


@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation; posting accepts it. Opening the link alone, as scanners of mail do, uses nothing up."""
    try:
        invitation = invitations.find(secret)
        if request.method != "POST":
            return _page(request, invitation)
        if isinstance(request.user, Person):
            return _take_role(request, secret, request.user)
        return _make_account(request, secret)
    except ValidationError as error:
        return _page(request, invitation, errors=error.messages, status=409)
    except NameTaken as error:
        return _page(request, invitation, errors=[str(error)], status=409)
    except BodiesError as error:
        return render(request, "desk/invitation.html", {"errors": [str(error)]}, status=409)


def _page(request: HttpRequest, invitation: Invitation, status: int = 200, **more: object) -> HttpResponse:
    context = {"invitation": invitation, "told": request.POST, **more}
    return render(request, "desk/invitation.html", context, status=status)


def _take_role(request: HttpRequest, secret: str, person: Person) -> HttpResponse:
    taken = invitations.accept(secret, person)
    said = _("You work for %(body)s now: %(role)s.")
    messages.success(request, said % {"body": taken.body.name, "role": taken.get_role_display()})
    return redirect("account")


def _make_account(request: HttpRequest, secret: str) -> HttpResponse:
    told = {name: request.POST.get(name, "") for name in ("username", "password", "name_ar", "name_en")}
    return perform_login(request, invitations.accept_anew(secret, **told))  # type: ignore[no-any-return]
