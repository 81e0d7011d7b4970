"""A case among colleagues: whose it is, notes with mentions, and who is looking at it."""

from __future__ import annotations

import math

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tafaul.bodies.models import Person
from tafaul.care import assignment, attachments, cases, notes, notices, presence
from tafaul.care.errors import CareError, NotYours
from tafaul.care.models import Case
from tafaul.desk.people import DeskRequest, at_the_desk


def section(request: DeskRequest, case: Case, error: str = "", text: str = "") -> HttpResponse:
    """Whose the case is, the note to write, and the files; for a page without htmx, the case itself."""
    if error and not request.headers.get("HX-Request"):
        return render(request, "desk/refused.html", {"why": error}, status=409)
    if request.method == "POST" and not request.headers.get("HX-Request"):
        return redirect("case", case.reference)
    told = {
        "case": case,
        "error": error,
        "text": text,
        "may_answer": cases.may_answer(request.user, case),
        "candidates": assignment.candidates(case),
        "supervises": attachments.is_supervisor(case, request.user),
        "files": case.attachments.select_related("by"),
    }
    return render(request, "desk/parts/colleagues.html", told)


@at_the_desk
def colleagues(request: DeskRequest, reference: str) -> HttpResponse:
    """The section of a case on its page."""
    return section(request, cases.get(request.user, reference))


@require_POST
@at_the_desk
def give(request: DeskRequest, reference: str) -> HttpResponse:
    """Take a case, give it to a colleague, or let go of it, unless somebody was faster."""
    case, to, saw = cases.get(request.user, reference), request.POST.get("to", ""), request.POST.get("saw")
    try:
        if to:
            chosen = Person.objects.filter(pk=to).first() if to.isdecimal() and len(to) < 19 else None
            if chosen is None:
                return HttpResponse(status=400)
            assignment.assign(case, request.user, chosen, saw=saw)
        else:
            assignment.let_go(case, request.user, saw=saw)
    except NotYours:
        raise
    except CareError as error:
        return section(request, cases.get(request.user, reference), error=str(error))
    return section(request, case)


@require_POST
@at_the_desk
def note(request: DeskRequest, reference: str) -> HttpResponse:
    """Write a note; what keeps it from being written is said, and its words are not lost."""
    case, text = cases.get(request.user, reference), request.POST.get("text", "")
    try:
        notes.write(case, request.user, text, request.FILES.getlist("files"))
    except NotYours:
        raise
    except CareError as error:
        return section(request, case, error=str(error), text=text)
    return section(request, case)


@require_POST
@at_the_desk
def take_back(request: DeskRequest, reference: str, note_id: int) -> HttpResponse:
    """Take a note back."""
    case = cases.get(request.user, reference)
    notes.take_back(get_object_or_404(case.notes, pk=note_id), request.user)
    return redirect("case", case.reference)


@at_the_desk
def mentions(request: DeskRequest, reference: str) -> HttpResponse:
    """Colleagues to mention, for what stands behind an @."""
    case = cases.get(request.user, reference)
    found = notes.suggested(case, request.user, request.GET.get("q", "")[:100])
    return render(request, "desk/parts/mentions.html", {"found": found})


@at_the_desk
def looking(request: DeskRequest, reference: str) -> HttpResponse:
    """Who else has the case open; POST is a page's sign that this person has, and reads its notices."""
    case, now = cases.get(request.user, reference), timezone.now()
    if request.method == "POST" and "leaves" in request.POST:
        presence.leave(case, request.user)
        return HttpResponse(status=204)
    if request.method == "POST":
        presence.sign(case, request.user, now, writes="writes" in request.POST)
        notices.read(request.user, case=case)
    here = presence.others(case, request.user, now)
    seconds = presence.seconds_of(here, now)
    told = {
        "case": case,
        "here": here,
        "writing": [one for one in here if presence.is_writing(one, now)],
        "again": None if seconds is None else math.ceil(seconds) + 1,
    }
    return render(request, "desk/parts/presence.html", {**told, "live": True})
