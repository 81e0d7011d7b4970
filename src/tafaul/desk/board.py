"""The board of those who lead: how each of their bodies stands, and what is late the longest."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tafaul.bodies import access, tree
from tafaul.care import standing
from tafaul.care.errors import NotYours
from tafaul.care.models import Promised
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def board(request: DeskRequest) -> HttpResponse:
    """How the bodies stand that a person leads."""
    led = tree.in_order(access.led_by(request.user))
    if not led:
        raise NotYours
    bodies, now = [body for _depth, body in led], timezone.now()
    rows = standing.board(bodies, now)
    context = {
        "rows": [(depth, row) for (depth, _body), row in zip(led, rows, strict=True)],
        "total": {name: sum(getattr(row, name) for row in rows) for name in ("open", "waiting", "late", "soon")},
        "latest": standing.latest(bodies, now),
        "sorts": Promised.choices,
        "periods": standing.PERIODS,
        "now": now,
    }
    return render(request, "desk/board.html", context)
