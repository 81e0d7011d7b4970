"""The tags of a case."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from tafaul.care import cases, tags
from tafaul.care.errors import CareError, NotYours
from tafaul.care.models import Case
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def section(request: DeskRequest, reference: str) -> HttpResponse:
    """The tags of a case; a form adds one, or takes one away."""
    case, error = cases.get(request.user, reference), ""
    if request.method == "POST":
        error = _change(request, case)
        if not request.headers.get("HX-Request") and not error:
            return redirect("case", reference=case.reference)
    told = {
        "case": case,
        "may_answer": cases.may_answer(request.user, case),
        "used": tags.used(case),
        "error": error,
    }
    return render(request, "desk/parts/tags.html", told)


def _change(request: DeskRequest, case: Case) -> str:
    """Do what the form asks; return what kept it from being done."""
    try:
        if "remove" in request.POST:
            tags.remove(case, request.user, request.POST["remove"])
        else:
            tags.add(case, request.user, request.POST.get("tag", ""))
    except NotYours:
        raise
    except CareError as error:
        return str(error)
    return ""
