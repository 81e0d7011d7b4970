"""The people who have to do with a case, wherever in the tree of bodies they work."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from tafaul.bodies.access import ANSWERING_ROLES
from tafaul.bodies.models import Membership, Person
from tafaul.care.models import Case


def who_may_answer(case: Case) -> QuerySet[Person]:
    """People who may answer a case, for its body or for the account that it was written to."""
    return _people_of(_answering(case), ANSWERING_ROLES)


def who_may_see(case: Case) -> QuerySet[Person]:
    """People who see a case: of its body, its account's, those it was referred to, and all above these."""
    seen_by = Case.objects.values_list("seen_by", flat=True).get(pk=case.pk)
    return _people_of(seen_by, Membership.Role.values)


def supervisors(case: Case) -> QuerySet[Person]:
    """Supervisors of the bodies that answer a case, or above them."""
    return _people_of(_answering(case), [Membership.Role.SUPERVISOR])


def _answering(case: Case) -> list[int]:
    return [case.body_id, case.account.body_id]


def _people_of(bodies: Collection[int], roles: Collection[str]) -> QuerySet[Person]:
    # A function of the database finds them: who may see whose roles does not decide who may answer.
    found = RawSQL("SELECT care_people_of(%s, %s)", (list(bodies), [str(role) for role in roles]))
    return Person.objects.filter(pk__in=found)
