"""Cases that belong to a case: linked ones, a part that is split off, another one that it goes into."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tafaul.care import cases, links
from tafaul.care.models import Case
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def section(request: DeskRequest, reference: str) -> HttpResponse:
    """The linked cases, and the forms to split and to merge."""
    case = cases.get(request.user, reference)
    changes = cases.may_answer(request.user, case) and case.state != Case.State.CLOSED
    told = {
        "case": case,
        "linked": links.of(case, request.user),
        "splits": changes and case.posts_count > 1,
        "others": links.may_merge_into(case, request.user) if changes else [],
    }
    return render(request, "desk/parts/links.html", told)


@require_POST
@at_the_desk
def split(request: DeskRequest, reference: str) -> HttpResponse:
    """Make the ticked posts a case of their own, and go there."""
    case = cases.get(request.user, reference)
    ticked = {int(number) for number in request.POST.getlist("post") if number.isascii() and number.isdigit()}
    return redirect("case", reference=links.split(case, ticked, request.user).reference)


@require_POST
@at_the_desk
def merge(request: DeskRequest, reference: str) -> HttpResponse:
    """Make a case a part of the chosen one, and go there."""
    case = cases.get(request.user, reference)
    into = cases.get(request.user, request.POST.get("into", ""))
    links.merge(case, into, request.user)
    return redirect("case", reference=into.reference)
