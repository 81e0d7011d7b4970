"""Who is at the desk, and how each body's cases get to its agents."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tafaul.bodies import access
from tafaul.bodies.models import Assignment, Body, Membership, Person
from tafaul.care import assignment
from tafaul.care.errors import NotYours
from tafaul.desk.people import DeskRequest, at_the_desk


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """The bodies that a person supervises, with their agents."""
    bodies = access.led_by(request.user)
    if not bodies.exists():
        raise NotYours
    agents: dict[int, list[Person]] = {}
    people = {person.pk: person for person in assignment.with_their_load(Person.objects.filter(is_active=True))}
    roles = Membership.objects.filter(body__in=bodies, role=Membership.Role.AGENT)
    held = dict.fromkeys(roles.values_list("body_id", "person_id"))
    order = {number: place for place, number in enumerate(people)}
    for body_id, person_id in sorted(held, key=lambda pair: order.get(pair[1], 0)):
        if person_id in people:
            agents.setdefault(body_id, []).append(people[person_id])
    told = [(body, agents.get(body.pk, [])) for body in bodies]
    return render(request, "desk/team.html", {"told": told, "ways": Assignment.choices})


@require_POST
@at_the_desk
def policy(request: DeskRequest, slug: str) -> HttpResponse:
    """Say how a body's new cases are given."""
    way = request.POST.get("way", "")
    if way not in Assignment.values:
        return HttpResponse(status=400)
    assignment.set_policy(get_object_or_404(Body, slug=slug), request.user, way)
    return redirect("team")


@require_POST
@at_the_desk
def switch(request: DeskRequest) -> HttpResponse:
    """Come to the desk, or leave it."""
    if request.POST.get("here") == "1":
        assignment.come(request.user)
    else:
        assignment.leave(request.user)
    if not request.headers.get("HX-Request"):
        return redirect("cases")
    return render(request, "desk/parts/at_desk.html", {"here": assignment.is_at_desk(request.user)})


@receiver(user_logged_out)
def leave(user: Person | None, **_more: Any) -> None:
    """Who logs out is not at the desk any more."""
    if user is not None:
        assignment.leave(user)
