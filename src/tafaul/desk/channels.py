"""The page of channels: whether they are read and answered from, what went wrong, and what they cost."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafaul.bodies import access, spending
from tafaul.bodies import accounts as body_accounts
from tafaul.bodies.models import Account
from tafaul.care import accounts
from tafaul.channels.base import ChannelError
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """Accounts of the bodies that the person sees, and the bodies' budgets."""
    shown = accounts.overview(request.user)
    bodies = {item.account.body for item in shown}
    months, operations = spending.months_of(bodies), spending.by_operation(bodies)
    budgets = [
        {"body": body, "month": months[body.pk], "rows": operations[body.pk]}
        for body in sorted(bodies, key=lambda body: body.pk)
    ]
    mine = list(access.administered_by(request.user))
    to_connect = [body for body in mine if body not in bodies]
    context = {"accounts": shown, "budgets": budgets, "mine": mine, "to_connect": to_connect}
    return render(request, "desk/channels.html", context)


@require_POST
@at_the_desk
def budget(request: DeskRequest) -> HttpResponse:
    """Set the monthly budget of a body that the person administers."""
    body = get_object_or_404(access.administered_by(request.user), pk=request.POST.get("body") or 0)
    try:
        spending.set_budget(body, request.POST.get("amount", ""))
    except ValueError:
        messages.error(request, _("Write the budget as an amount in dollars, such as 250."))
    else:
        messages.success(request, _("The budget is saved."))
    return redirect("channels")


@at_the_desk
def connect(request: DeskRequest, channel: str) -> HttpResponse:
    """Send an administrator to the channel's page on which the account's owner allows Tafaul in."""
    body = get_object_or_404(access.administered_by(request.user), pk=request.GET.get("body") or 0)
    state = secrets.token_urlsafe(24)
    page, secret = body_accounts.permission_page(channel, _redirect_uri(request, channel), state)
    request.session["connecting"] = {"body": body.pk, "state": state, "secret": secret}
    return redirect(page)


@at_the_desk
def connected(request: DeskRequest, channel: str) -> HttpResponse:
    """Take the account whose owner comes back from the channel."""
    kept = request.session.pop("connecting", {})
    code = request.GET.get("code", "")
    if not code or not secrets.compare_digest(request.GET.get("state", ""), kept.get("state", "-")):
        messages.error(request, _("The account was not connected: permission was not given. Try again."))
        return redirect("channels")
    body = get_object_or_404(access.administered_by(request.user), pk=kept["body"])
    uri = _redirect_uri(request, channel)
    try:
        account = body_accounts.connect(body, channel, code=code, redirect_uri=uri, secret=kept["secret"])
    except body_accounts.BelongsToAnotherBody as error:
        messages.error(request, _("%(account)s is connected to another body already.") % {"account": error})
    except ChannelError as error:
        messages.error(request, _("The account was not connected: %(why)s") % {"why": error})
    else:
        messages.success(request, _("%(account)s is connected.") % {"account": account})
    return redirect("channels")


def _redirect_uri(request: DeskRequest, channel: str) -> str:
    return request.build_absolute_uri(reverse("connected", args=[channel]))


@at_the_desk
def unreadable(request: DeskRequest, account_id: int) -> HttpResponse:
    """What a channel served that could not be read as a post."""
    mine = Account.objects.filter(body__in=access.seen_by(request.user))
    account = get_object_or_404(mine, pk=account_id)
    kept = account.unreadable_posts.order_by("-received_at")[:200]
    return render(request, "desk/unreadable.html", {"account": account, "kept": kept})
