"""Promises at the desk: how they stand on a case and in the list, and what a body promises."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafaul.bodies import access, tree
from tafaul.bodies.models import Body
from tafaul.care import cases, promises, standing
from tafaul.care.errors import ImpossiblePromise
from tafaul.care.models import Case, Kind, Promise, Promised
from tafaul.care.promises import Told
from tafaul.channels import CHANNELS
from tafaul.desk.people import DeskRequest, at_the_desk
from tafaul.understanding.normal import digits

MOST_CHIPS = 100


@at_the_desk
def section(request: DeskRequest, reference: str) -> HttpResponse:
    """How the promises on a case stand."""
    now = timezone.now()
    case = cases.get(request.user, reference)
    context = {"standings": standing.of(case, now), "pressing": standing.pressing([case], now).get(case.pk)}
    return render(request, "desk/parts/promises.html", context)


@at_the_desk
def chips(request: DeskRequest) -> HttpResponse:
    """How the promises on the cases of a list stand by now, each to be put in the place of what it showed."""
    numbers = [
        number for number in request.GET.getlist("chip")[:MOST_CHIPS] if number.isdecimal() and len(number) < 19
    ]
    shown = list(cases.visible_to(request.user).filter(pk__in=numbers))
    context = {"rows": shown, "standings": standing.pressing(shown, timezone.now()), "live": True}
    return render(request, "desk/parts/chips.html", context)


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """What a body promises, where that comes from, and what it means at this moment."""
    led = tree.in_order(access.led_by(request.user))
    body = _body(request, request.GET.get("body") or (led[0][1].pk if led else ""))
    context = {
        "body": body,
        "bodies": led,
        "now": timezone.now(),
        "promises": promises.shown(body, timezone.now()),
        "sorts": Promised.choices,
        "kinds": Kind.choices,
        "urgencies": Case.Urgency.choices,
        "channels": sorted(CHANNELS),
    }
    return render(request, "desk/promises.html", context)


@require_POST
@at_the_desk
def make(request: DeskRequest, body_id: int) -> HttpResponse:
    """Promise something, or take it back."""
    body = _body(request, body_id)
    try:
        told = _told(request.POST)
        if "take_back" in request.POST:
            promises.take_back(get_object_or_404(Promise, body=body, **told.fits), request.user)
            messages.success(request, _("The promise is taken back."))
        else:
            promises.make(body, request.user, told, _working_time(request.POST.get("hours", "")))
            messages.success(request, _("The promise is saved. Running clocks follow it."))
    except ImpossiblePromise as error:
        messages.error(request, str(error))
    except ValueError:
        return HttpResponse(status=400)
    return redirect(f"{reverse('promises')}?body={body.pk}")


def _body(request: DeskRequest, number: object) -> Body:
    told = str(number)
    if not told.isdecimal() or len(told) > 18:
        raise Http404
    return get_object_or_404(access.led_by(request.user), pk=told)


def _told(said: QueryDict) -> Told:
    """Read for what something is promised. Raises `ValueError`."""
    urgency = said.get("urgency", "")
    return Told(
        said.get("what", ""), said.get("kind", ""), int(urgency) if urgency else None, said.get("channel", "")
    )


def _working_time(typed: str) -> timedelta:
    """Read hours in digits of any script, to the minute. Raises `ImpossiblePromise` for what is none."""
    try:
        return timedelta(minutes=round(float(digits(typed).replace("٫", ".").strip()) * 60))
    except (ValueError, OverflowError) as error:
        raise ImpossiblePromise(promises.LONGEST) from error
