"""The live list of cases, with what narrows it, and what is done to many of them at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tafaul.bodies import access
from tafaul.bodies.models import Person
from tafaul.care import assignment, bulk, cases, corrections, lists, standing, tags, taxonomy
from tafaul.care.errors import CareError
from tafaul.care.models import Case, Kind
from tafaul.desk.people import DeskRequest, at_the_desk


def listed(request: DeskRequest) -> dict[str, Any]:
    """Return what a page shows of the list that its address asks for."""
    bodies = list(access.seen_by(request.user))
    seen = cases.visible_to(request.user)
    wanted = lists.Wanted.read(request.GET)
    page = lists.page(lists.narrowed(seen, wanted, request.user), wanted)
    query = request.GET.copy()
    query.pop("after", None)
    return {
        "page": page,
        "standings": standing.pressing(page.rows, timezone.now()),
        "counts": lists.counts(seen),
        "wanted": wanted,
        "bodies": bodies,
        "colleagues": lists.colleagues(bodies),
        "kinds": Kind.choices,
        "states": Case.State.choices,
        "outcomes": [(outcome.value, outcome.label) for outcome in cases.OUTCOMES],
        "topics_by_body": corrections.topics_by_body(),
        "regions": taxonomy.regions(),
        "query": query.urlencode(),
        "several": len(bodies) > 1,
        "answers": access.answered_by(request.user).exists(),
        "fresh_since": timezone.now() - timedelta(seconds=3),
    }


@at_the_desk
def inbox(request: DeskRequest) -> HttpResponse:
    """The live list of cases; its rows alone for htmx."""
    partial = request.headers.get("HX-Target") == "list"
    return render(request, "desk/parts/list.html" if partial else "desk/inbox.html", listed(request))


@require_POST
@at_the_desk
def change_many(request: DeskRequest) -> HttpResponse:
    """Do something to the ticked cases, and tell what became of each."""
    do = _chosen(request)
    if do is None:
        return HttpResponse(status=400)
    context: dict[str, Any] = {}
    try:
        told = bulk.each(request.POST.getlist("case"), request.user, do)
        context = {"done": sum(not each.why for each in told), "failed": [each for each in told if each.why]}
    except CareError as error:
        context = {"error": str(error)}
    partial = request.headers.get("HX-Request")
    return render(request, "desk/parts/told.html" if partial else "desk/told.html", context)


def _chosen(request: DeskRequest) -> Callable[[Case], None] | None:
    """Return what the form asks to be done to each case."""
    told, person = request.POST, request.user
    match told.get("do"):
        case "close" if told.get("outcome") in cases.OUTCOMES:
            return lambda case: cases.close(case, person, told["outcome"])
        case "tag":
            return lambda case: tags.add(case, person, told.get("tag", ""))
        case "assign" if told.get("to", "").isdecimal():
            to = Person.objects.filter(pk=told["to"][:18]).first()
            return (lambda case: assignment.assign(case, person, to)) if to else None
        case "let_go":
            return lambda case: assignment.let_go(case, person)
    return None
