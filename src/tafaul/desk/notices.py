"""Notices: the bell on every page, and the page on which they are read."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tafaul.care import notices
from tafaul.desk.people import DeskRequest, at_the_desk

SHOWN = 100


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """The latest notices of a person; POST marks all as read."""
    if request.method == "POST":
        notices.read(request.user)
        return redirect("notices")
    return render(request, "desk/notices.html", {"told": notices.of(request.user)[:SHOWN]})


@require_POST
@at_the_desk
def follow(request: DeskRequest, notice_id: int) -> HttpResponse:
    """Go to what a notice tells of, which reads it."""
    case = get_object_or_404(notices.of(request.user), pk=notice_id).case
    notices.read(request.user, case=case)
    return redirect("case", case.reference)


@at_the_desk
def bell(request: DeskRequest) -> HttpResponse:
    """The bell with the number of unread notices, for the live update."""
    return render(request, "desk/parts/bell.html", {"unread": notices.unread(request.user), "many": notices.MANY})
