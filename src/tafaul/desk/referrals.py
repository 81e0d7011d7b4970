"""Referrals at the desk: the section on a case, and the list of what comes in and goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tafaul.bodies import access
from tafaul.bodies.models import Body
from tafaul.care import cases, directory, referrals, routing
from tafaul.care.directory import Directory
from tafaul.care.errors import BodyGone, CareError, NobodyThere, NotYours, TopicWithheld
from tafaul.care.models import Case, Referral
from tafaul.desk.people import DeskRequest, at_the_desk

PAGE = 30
MOST_FOUND = 8
MOST_COUNTED = 99

Verb = Callable[[DeskRequest, Case], Referral]


@dataclass(frozen=True, slots=True)
class Choice:
    """A body to refer to: the bodies above it, how the referral would go, and why it can't."""

    body: Body
    above: list[Body]
    email: str = ""
    refused: str = ""
    is_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Station:
    """A body on a case's way, and the referral that brought it there; none where the way begins or goes on."""

    body: Body
    referral: Referral | None = None


@at_the_desk
def section(request: DeskRequest, reference: str) -> HttpResponse:
    """The referrals of a case; POST refers it, or decides its referral."""
    case = cases.get(request.user, reference)
    if request.method != "POST":
        return _section(request, case)
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None or request.POST.get("reason", "competence") not in Referral.Reason.values:
        return HttpResponse(status=400)
    partial = bool(request.headers.get("HX-Request"))
    try:
        verb(request, case)
    except NotYours:
        raise
    except CareError as error:
        if partial:
            return _section(request, cases.get(request.user, reference), str(error))
        messages.error(request, str(error))
    if partial:
        return _section(request, cases.get(request.user, reference))
    return redirect("referrals") if request.POST.get("from") == "list" else redirect("case", reference)


def _chosen(request: DeskRequest) -> Body:
    number = request.POST.get("to", "")
    found = Body.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise BodyGone
    return found


def _named(request: DeskRequest, case: Case) -> Referral:
    """Return the referral that a form speaks of, which may be decided meanwhile."""
    number = request.POST.get("referral", "")
    return get_object_or_404(case.referrals, pk=number if number.isdecimal() and len(number) < 19 else 0)


def _handed(request: DeskRequest) -> dict[str, Any]:
    return {
        "reason": request.POST.get("reason", Referral.Reason.COMPETENCE),
        "note": request.POST.get("note", ""),
        "even_so": bool(request.POST.get("even_so")),
    }


VERBS: dict[str, Verb] = {
    "refer": lambda request, case: referrals.refer(case, request.user, _chosen(request), **_handed(request)),
    "pass_on": lambda request, case: referrals.pass_on(
        _named(request, case), request.user, _chosen(request), **_handed(request)
    ),
    "accept": lambda request, case: referrals.accept(_named(request, case), request.user),
    "return": lambda request, case: referrals.return_(
        _named(request, case), request.user, request.POST.get("because", "")
    ),
    "done": lambda request, case: referrals.done(
        _named(request, case), request.user, request.POST.get("note", "")
    ),
    "withdraw": lambda request, case: referrals.withdraw(_named(request, case), request.user),
}


def _section(request: DeskRequest, case: Case, error: str = "") -> HttpResponse:
    chain = referrals.chain(case)
    under_way = next((each for each in chain if each.state in Referral.OPEN), None)
    decides = under_way is not None and referrals.may_decide(request.user, under_way)
    is_closed = case.state == Case.State.CLOSED
    refers = under_way is None and not is_closed and access.may_answer(request.user, case.body)
    told = {
        "case": case,
        "way": _way(chain),
        "chain": chain,
        "under_way": under_way,
        "decides": decides and not is_closed,
        "refers": refers,
        "withdraws": under_way is not None
        and under_way.state == Referral.State.SENT
        and access.may_answer(request.user, under_way.from_body),
        "reasons": Referral.Reason.choices,
        "choices": _choices(case, _holder(case, under_way), "") if refers or decides else [],
        "supervises": referrals.supervises(request.user, _holder(case, under_way)),
        "error": error,
        "typed": request.POST if error else {},
    }
    return render(request, "desk/parts/referral.html", told)


def _way(chain: list[Referral]) -> list[Station]:
    """Return the way of a case from body to body; where one returned it, its sender stands once more."""
    way: list[Station] = []
    for referral in chain:
        if not way or way[-1].body != referral.from_body:
            way.append(Station(referral.from_body))
        way.append(Station(referral.to_body, referral))
    return way


@at_the_desk
def bodies(request: DeskRequest, reference: str) -> HttpResponse:
    """The bodies whose name holds what is typed, to refer a case to."""
    case = cases.get(request.user, reference)
    holder = _holder(case, referrals.open_of(case))
    choices = _choices(case, holder, request.GET.get("sought", "")[:80])
    return render(request, "desk/parts/referral_bodies.html", {"case": case, "choices": choices})


def _holder(case: Case, under_way: Referral | None) -> Body:
    """Return the body that would refer a case: the one that it came to by a referral, else its own."""
    return under_way.to_body if under_way else case.body


def _choices(case: Case, holder: Body, typed: str) -> list[Choice]:
    """Return bodies by name; without one those to which the case may belong, and the ministries that are here."""
    known = directory.read()
    likely = routing.suggested(case, known)
    if typed.strip():
        found = known.named(typed)
    else:
        found = [*likely, *(body for body in known.bodies.values() if body.parent_id is None)]
    unique = [body for body in dict.fromkeys(found) if body != holder]
    choices = [_choice(case, holder, body, known, is_suggested=body in likely[:1]) for body in unique]
    return [choice for choice in choices if typed.strip() or not choice.refused][:MOST_FOUND]


def _choice(case: Case, holder: Body, body: Body, known: Directory, *, is_suggested: bool) -> Choice:
    above = list(known.line(body))[1:]
    try:
        return Choice(body, above, known.way(holder, body, case.topic), is_suggested=is_suggested)
    except (TopicWithheld, NobodyThere) as error:
        return Choice(body, above, refused=str(error))


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """Referrals that came in and went out: those that wait for a decision first."""
    box = "out" if request.GET.get("box") == "out" else "in"
    shown = referrals.outgoing(request.user) if box == "out" else referrals.incoming(request.user)
    if not (everything := request.GET.get("show") == "all"):
        shown = shown.filter(state=Referral.State.SENT).exclude(case__state=Case.State.CLOSED)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    mine = referrals.waiting(request.user)
    told = {
        "page": page,
        "box": box,
        "everything": everything,
        "decides": set(mine.filter(pk__in=[each.pk for each in page]).values_list("pk", flat=True)),
        "counted": _counted(request),
        "rules": access.led_by(request.user).exists(),
    }
    return render(request, "desk/referrals.html", told)


@at_the_desk
def waiting(request: DeskRequest) -> HttpResponse:
    """How many referrals wait for the person, for the navigation."""
    return render(request, "desk/parts/referrals_waiting.html", {"counted": _counted(request)})


def _counted(request: DeskRequest) -> str:
    count = referrals.waiting(request.user)[: MOST_COUNTED + 1].count()
    return "" if not count else str(count) if count <= MOST_COUNTED else _("%(count)d+") % {"count": MOST_COUNTED}
