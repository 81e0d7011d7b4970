"""The page of people: who has which role in which body, who is invited, who may log in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafaul.bodies import access, invitations, people
from tafaul.bodies.errors import BodiesError
from tafaul.bodies.models import Invitation, Membership, Person
from tafaul.desk.people import DeskRequest, at_the_desk

PAGE = 50


@at_the_desk
def overview(request: DeskRequest) -> HttpResponse:
    """People of the bodies that the person administers, and who is invited to them."""
    bodies = access.administered_by(request.user)
    body = request.GET.get("body", "")
    page = Paginator(_with_roles(request, _chosen(request, body)), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "query": query.urlencode(),
        "waiting": invitations.waiting(request.user),
        "bodies": bodies,
        "body": body,
        "roles": Membership.Role.choices,
    }
    return render(request, "desk/people.html", context)


def _chosen(request: DeskRequest, body: str) -> QuerySet[Person]:
    """Narrow people to what the filters of the page ask for."""
    shown = people.administered_by(request.user)
    if sought := request.GET.get("q", "").strip():
        names = Q(username__icontains=sought) | Q(name_ar__icontains=sought) | Q(name_en__icontains=sought)
        shown = shown.filter(names | Q(email__iexact=sought))
    if body.isdigit():
        shown = shown.filter(pk__in=Membership.objects.filter(body=int(body)).values("person"))
    return shown


def _with_roles(request: DeskRequest, shown: QuerySet[Person]) -> QuerySet[Person]:
    """Add the roles that concern the administrator: those in bodies of theirs."""
    mine = Membership.objects.filter(body__in=access.administered_by(request.user))
    roles = Prefetch("memberships", mine.select_related("body").order_by("body", "role"), to_attr="roles")
    return shown.prefetch_related(roles).order_by("-is_active", "username")


@require_POST
@at_the_desk
def invite(request: DeskRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    body = get_object_or_404(access.administered_by(request.user), pk=request.POST.get("body") or 0)
    role, email = request.POST.get("role", ""), request.POST.get("email", "").strip()
    if role not in Membership.Role.values:
        return HttpResponse(status=400)

    def link(secret: str) -> str:
        return request.build_absolute_uri(reverse("invitation", args=[secret]))

    try:
        invitations.invite(request.user, body, role, email, link=link)
    except ValidationError:
        messages.error(request, _("Write the e-mail address, such as name@ministry.gov.sa."))
    except BodiesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": email})
    return redirect("people")


@require_POST
@at_the_desk
def withdraw(request: DeskRequest, invitation_id: int) -> HttpResponse:
    """Make the link of an invitation useless."""
    invitations.withdraw(request.user, get_object_or_404(Invitation, pk=invitation_id))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("people")


@at_the_desk
def person(request: DeskRequest, person_id: int) -> HttpResponse:
    """Roles and log-in of a person."""
    shown = get_object_or_404(_with_roles(request, people.administered_by(request.user)), pk=person_id)
    context = {
        "shown": shown,
        "elsewhere": shown.memberships.exclude(body__in=access.administered_by(request.user)).exists(),
        "second_factor": people.has_second_factor(shown),
        "bodies": access.administered_by(request.user),
        "roles": Membership.Role.choices,
    }
    return render(request, "desk/person.html", context)


@require_POST
@at_the_desk
def give(request: DeskRequest, person_id: int) -> HttpResponse:
    """Give a person a role."""
    shown = get_object_or_404(people.administered_by(request.user), pk=person_id)
    body = get_object_or_404(access.administered_by(request.user), pk=request.POST.get("body") or 0)
    role = request.POST.get("role", "")
    if role not in Membership.Role.values:
        return HttpResponse(status=400)
    return _done(request, shown, _("The role is given."), lambda: people.give(request.user, shown, body, role))


@require_POST
@at_the_desk
def change(request: DeskRequest, person_id: int, membership_id: int) -> HttpResponse:
    """Change a role, or take it away."""
    held = get_object_or_404(Membership.objects.select_related("person"), pk=membership_id, person=person_id)
    role = request.POST.get("role", "")
    if "take_away" in request.POST:
        return _done(
            request, held.person, _("The role is taken away."), lambda: people.take_away(request.user, held)
        )
    if role not in Membership.Role.values:
        return HttpResponse(status=400)
    return _done(request, held.person, _("The role is changed."), lambda: people.change(request.user, held, role))


@require_POST
@at_the_desk
def log_in(request: DeskRequest, person_id: int) -> HttpResponse:
    """Log a person out, keep them out, let them in again, or forget the second factor that they lost."""
    shown = get_object_or_404(people.administered_by(request.user), pk=person_id)
    verbs = {
        "end_sessions": (people.end_sessions, _("The person is logged out everywhere.")),
        "deactivate": (people.deactivate, _("The person can't log in any more.")),
        "activate": (people.activate, _("The person can log in again.")),
        "remove_second_factor": (
            people.remove_second_factor,
            _("The second factor is removed. The person logs in with the password alone now."),
        ),
    }
    if (chosen := request.POST.get("do", "")) not in verbs:
        return HttpResponse(status=400)
    verb, said = verbs[chosen]
    return _done(request, shown, said, lambda: verb(request.user, shown))


def _done(request: DeskRequest, shown: Person, said: str, verb: Callable[[], object]) -> HttpResponse:
    """Do something with a person, and say on their page what came of it."""
    try:
        verb()
    except BodiesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    still = people.administered_by(request.user).filter(pk=shown.pk).exists()
    return redirect("person", person_id=shown.pk) if still else redirect("people")
