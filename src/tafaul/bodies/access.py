"""Who may see and do what."""

from __future__ import annotations

from django.db.models import QuerySet

from tafaul.bodies.models import Body, Membership, Person

ANSWERING_ROLES = (Membership.Role.AGENT, Membership.Role.APPROVER, Membership.Role.SUPERVISOR)
LEADING_ROLES = (Membership.Role.SUPERVISOR, Membership.Role.ADMINISTRATOR)
AUDITING_ROLES = (*LEADING_ROLES, Membership.Role.AUDITOR)


def with_below(own: set[int]) -> set[int]:
    """Return the ids of bodies and of all below them in the tree."""
    below: dict[int, list[int]] = {}
    for body_id, parent_id in Body.objects.filter(parent__isnull=False).values_list("id", "parent_id"):
        below.setdefault(parent_id, []).append(body_id)
    found, waiting = set(own), list(own)
    while waiting:
        for body_id in below.get(waiting.pop(), ()):
            if body_id not in found:
                found.add(body_id)
                waiting.append(body_id)
    return found


def seen_by(person: Person) -> QuerySet[Body]:
    """Bodies whose cases a person sees: those the person belongs to, and those below them."""
    return Body.objects.filter(id__in=with_below(set(person.memberships.values_list("body_id", flat=True))))


def administered_by(person: Person) -> QuerySet[Body]:
    """Bodies whose accounts a person connects: administrators of them or of those above them."""
    own = person.memberships.filter(role=Membership.Role.ADMINISTRATOR).values_list("body_id", flat=True)
    return Body.objects.filter(id__in=with_below(set(own)))


def answered_by(person: Person) -> QuerySet[Body]:
    """Bodies for which a person answers: agents, approvers and supervisors of them or of those above them."""
    own = person.memberships.filter(role__in=ANSWERING_ROLES).values_list("body_id", flat=True)
    return Body.objects.filter(id__in=with_below(set(own)))


def led_by(person: Person) -> QuerySet[Body]:
    """Bodies whose rules and promises a person gives: supervisors and administrators of them or of those above."""
    leading = person.memberships.filter(role__in=LEADING_ROLES).values_list("body_id", flat=True)
    return Body.objects.filter(id__in=with_below(set(leading)))


def audited_by(person: Person) -> QuerySet[Body]:
    """Bodies whose whole history a person reads: who leads them, and auditors of them or of those above them."""
    own = person.memberships.filter(role__in=AUDITING_ROLES).values_list("body_id", flat=True)
    return Body.objects.filter(id__in=with_below(set(own)))


def may_answer(person: Person, body: Body) -> bool:
    """Tell whether a person may answer for a body: agents, approvers and supervisors of it or above it."""
    answering = person.memberships.filter(role__in=ANSWERING_ROLES).values_list("body_id", flat=True)
    return body.id in with_below(set(answering))
