"""The page of routing rules: their order, what each says, and what another would have changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafaul.bodies import access, tree
from tafaul.bodies.models import Account, Body
from tafaul.care import corrections, rules, taxonomy
from tafaul.care.errors import BodyGone
from tafaul.care.models import Kind, RoutingRule
from tafaul.desk.people import DeskRequest, at_the_desk
from tafaul.understanding import pack
from tafaul.understanding.normal import words

SHOWN_CHANGES = 100
PLACES_SHOWN = 12


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """The rules of a body, in the order in which they are tried."""
    body = _body(request, request.GET.get("body", ""))
    return render(request, "desk/routing.html", _told(request, body))


@require_POST
@at_the_desk
def rule(request: DeskRequest, body_id: int) -> HttpResponse:
    """Add a rule to a body's, or change, move or remove one; or try out what the form says, and store nothing."""
    body = _body(request, str(body_id))
    number = request.POST.get("rule", "")
    known = get_object_or_404(body.routing_rules, pk=number) if number.isdecimal() and len(number) < 19 else None
    do = request.POST.get("do", "")
    if known and do in ("up", "down"):
        rules.move(known, request.user, up=do == "up")
    elif known and do == "remove":
        rules.remove(known, request.user)
    elif do in ("try", "save"):
        try:
            told = _said(request.POST, body)
            if do == "try":
                return _tried(request, body, known, told)
            if known:
                rules.change(known, request.user, told)
            else:
                rules.add(body, request.user, told)
        except ValueError:
            return HttpResponse(status=400)
        messages.success(request, _("The rule is saved."))
    return redirect(f"{reverse('routing')}?body={body.pk}")


@at_the_desk
def places(request: DeskRequest) -> HttpResponse:
    """The places whose name holds what is typed, to choose from for a rule."""
    chosen = request.GET.get("place", "")
    told = {"found": _places(request.GET.get("sought", "")[:80]), "chosen": chosen}
    return render(request, "desk/parts/rule_places.html", told)


def _tried(request: DeskRequest, body: Body, known: RoutingRule | None, told: rules.Told) -> HttpResponse:
    tried = rules.try_out(body, rules.changed(body, known, told))
    shown = {"tried": tried, "changes": tried.changes[:SHOWN_CHANGES], "body": body}
    if request.headers.get("HX-Request"):
        return render(request, "desk/parts/tried.html", shown)
    return render(request, "desk/routing.html", {**_told(request, body), **shown})


def _body(request: DeskRequest, number: str) -> Body:
    """Return the body whose rules are asked for, of those whose rules the person gives; without one, the first."""
    ruled = access.led_by(request.user)
    if not number:
        if (first := ruled.first()) is None:
            raise Http404
        return first
    return get_object_or_404(ruled, pk=number if number.isdecimal() and len(number) < 19 else 0)


def _told(request: DeskRequest, body: Body) -> dict[str, Any]:
    above = tree.line_of(body)[1:]
    return {
        "body": body,
        "bodies": access.led_by(request.user),
        "rules": rules.of(body),
        "above": [each for each in above if each.routing_rules.filter(is_active=True).exists()],
        "accounts": _accounts(body),
        "kinds": Kind.choices,
        "topics_by_body": corrections.topics_by_body(),
        "receivers": tree.in_order(Body.objects.all()),
        "last": rules.LAST_CASES,
    }


def _accounts(body: Body) -> list[Account]:
    return list(Account.objects.filter(body__in=access.with_below({body.pk})).select_related("body"))


def _said(form: QueryDict, body: Body) -> rules.Told:
    """Return what a form says of a rule. Raises `ValueError` for what cannot be, and `BodyGone`."""
    account, to_body = form.get("account", ""), form.get("to_body", "")
    accounts = {str(each.pk): each for each in _accounts(body)}
    if account and account not in accounts:
        raise ValueError("there is no such account")
    receiver = None
    if to_body:
        receiver = Body.objects.filter(pk=int(to_body[:18])).first()
        if receiver is None:
            raise BodyGone
    return rules.Told(
        account=accounts.get(account),
        topic=form.get("topic", ""),
        place=form.get("place", ""),
        kind=form.get("kind", ""),
        to_body=receiver,
        is_active=bool(form.get("is_active")),
    )


def _places(typed: str) -> list[str]:
    """Return places by name, the largest first."""
    said = " ".join(words(typed))
    if len(said) < 2:
        return []
    named = pack.load(settings.PACK).places.named.items()
    found = {place for name, meant in named if said in " ".join(name) for place in meant}
    ranked = sorted(found, key=lambda place: (len(place.within), len(taxonomy.place_name(place.slug)), place.slug))
    return [place.slug for place in ranked][:PLACES_SHOWN]
