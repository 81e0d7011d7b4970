"""Follow-up: reminders, outside reports, the citizen's link, and how long a body waits for a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from tafaul.bodies import access
from tafaul.bodies.errors import BodiesError
from tafaul.care import cases, following, followup, outside_reports, silence
from tafaul.care.errors import CareError, NotYours
from tafaul.care.models import Case, Rating
from tafaul.desk.people import DeskRequest, at_the_desk

MOST_SHOWN = 200


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """What a person wants to hear of again, which outside reports wait, and how long bodies wait."""
    answering = set(access.answered_by(request.user).values_list("pk", flat=True))
    reports = list(outside_reports.waiting(request.user)[:MOST_SHOWN])
    led = list(access.led_by(request.user))
    patience = silence.patience_of_each(led)
    told = {
        "now": timezone.now(),
        "reminders": followup.reminders_of(request.user)[:MOST_SHOWN],
        "reports": reports,
        "answered": {report.case_id for report in reports if answering & _bodies_of(report.case)},
        "patience": [(body, patience[body.pk]) for body in led],
        "longest": silence.LONGEST,
    }
    return render(request, "desk/followup.html", told)


def _bodies_of(case: Case) -> set[int]:
    return {case.body_id, case.account.body_id}


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _done(
    request: DeskRequest, act: Callable[[], Case], section: Callable[[DeskRequest, Case, str], HttpResponse]
) -> HttpResponse:
    """Act, and show the case's section again for htmx, saying what kept it from being done; else go back."""
    if not request.headers.get("HX-Request"):
        case = act()
        return redirect("followup") if request.POST.get("from") == "page" else redirect("case", case.reference)
    try:
        return section(request, act(), "")
    except NotYours:
        raise
    except (BodiesError, CareError) as error:
        return section(request, cases.get(request.user, request.POST.get("case", "")), str(error))


def _reminders(request: DeskRequest, case: Case, error: str) -> HttpResponse:
    told = {
        "case": case,
        "may_answer": cases.may_answer(request.user, case),
        "reminders": followup.reminders_of(request.user).filter(case=case),
        "choices": followup.When.choices,
        "closes_at": silence.closes_at(case),
        "now": timezone.now(),
        "note": request.POST.get("note", "") if error else "",
        "error": error,
    }
    return render(request, "desk/parts/reminders.html", told)


@at_the_desk
def reminders(request: DeskRequest, reference: str) -> HttpResponse:
    """The reminders that a person has on a case; POST sets one."""
    case = cases.get(request.user, reference)
    if request.method != "POST":
        return _reminders(request, case, "")
    now, when = timezone.now(), request.POST.get("when", "")
    if when not in followup.When.values:
        return HttpResponse(status=400)

    def remind() -> Case:
        due_at = followup.moment(when, case.body, now, _date(request.POST.get("day", "")))
        return followup.remind(case, request.user, due_at, request.POST.get("note", ""), now=now).case

    return _done(request, remind, _reminders)


@require_POST
@at_the_desk
def reminder(request: DeskRequest, reminder_id: int) -> HttpResponse:
    """Tick a reminder off."""
    return _done(request, lambda: followup.done(reminder_id, request.user, timezone.now()), _reminders)


def _outside_reports(request: DeskRequest, case: Case, error: str) -> HttpResponse:
    may_answer = cases.may_answer(request.user, case)
    told = {
        "case": case,
        "may_answer": may_answer,
        "reports": case.outside_reports.order_by("settled_at", "pk"),
        "suggestions": outside_reports.suggestions(case) if may_answer else [],
        "systems": outside_reports.systems().values(),
        "usual": outside_reports.usual_system(case),
        "now": timezone.now(),
        "number": request.POST.get("number", "") if error else "",
        "error": error,
    }
    return render(request, "desk/parts/outside_reports.html", told)


@at_the_desk
def reports(request: DeskRequest, reference: str) -> HttpResponse:
    """The outside reports that a case waits for; POST notes one."""
    case = cases.get(request.user, reference)
    if request.method != "POST":
        return _outside_reports(request, case, "")
    system, number = request.POST.get("system", ""), request.POST.get("number", "")
    if system not in outside_reports.systems():
        return HttpResponse(status=400)
    day, now = _date(request.POST.get("reported_on", "")), timezone.now()

    def note() -> Case:
        return outside_reports.note(case, request.user, system, number, day, now=now).case

    return _done(request, note, _outside_reports)


@require_POST
@at_the_desk
def report(request: DeskRequest, report_id: int) -> HttpResponse:
    """Somebody asked after an outside report again, or knows what came of it."""
    now = timezone.now()

    def act() -> Case:
        if request.POST.get("what") == "settled":
            return outside_reports.settled(report_id, request.user, request.POST.get("came_of", ""), now)
        return outside_reports.asked_again(report_id, request.user, now)

    return _done(request, act, _outside_reports)


@at_the_desk
def portal(request: DeskRequest, reference: str) -> HttpResponse:
    """The citizen's link, words to send it with, and the citizen's rating."""
    case = cases.get(request.user, reference)
    told: dict[str, Any] = {"case": case, "rating": Rating.objects.filter(case=case).first()}
    if cases.may_answer(request.user, case):
        page = reverse("citizens_page", args=[case.reference, case.portal_key])
        link = request.build_absolute_uri(page)
        which = "followed" if told["rating"] else "rated"
        told |= {"link": link, "words": following.words(case, which, link, _language_of(case))}
        told["asks"] = which == "rated"
    return render(request, "desk/parts/portal.html", told)


def _language_of(case: Case) -> str:
    """Return the language in which a citizen is answered: English to who writes English, else Arabic."""
    understood = case.posts.order_by("-written_at").values_list("understood", flat=True).first() or {}
    return "en" if understood.get("language") == "en" else "ar"


@require_POST
@at_the_desk
def wait(request: DeskRequest, slug: str) -> HttpResponse:
    """Say how long a body waits for a citizen's word."""
    body = get_object_or_404(access.led_by(request.user), slug=slug)
    days = [request.POST.get(name, "") for name in ("after_question", "after_answer")]
    if not all(told.isascii() and told.isdigit() and int(told) <= silence.LONGEST for told in days):
        return HttpResponse(status=400)
    silence.wait(
        body,
        request.user,
        after_question=int(days[0]),
        after_answer=int(days[1]),
        reminds_first=request.POST.get("reminds_first") == "on",
    )
    return redirect("followup")
