"""The page of channels: whether they are read and answered from, what went wrong, and what they cost."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tafaul.bodies import access, spending
from tafaul.bodies.models import Account
from tafaul.care import accounts
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """Accounts of the bodies that the person sees, and the bodies' budgets."""
    shown = accounts.overview(request.user)
    bodies = {item.account.body for item in shown}
    budgets = [
        {"body": body, "month": spending.month_of(body), "rows": spending.by_operation(body)}
        for body in sorted(bodies, key=lambda body: body.pk)
    ]
    return render(request, "desk/channels.html", {"accounts": shown, "budgets": budgets})


@at_the_desk
def unreadable(request: DeskRequest, account_id: int) -> HttpResponse:
    """What a channel served that could not be read as a post."""
    mine = Account.objects.filter(body__in=access.seen_by(request.user))
    account = get_object_or_404(mine, pk=account_id)
    kept = account.unreadable_posts.order_by("-received_at")[:200]
    return render(request, "desk/unreadable.html", {"account": account, "kept": kept})
