"""All bodies at a moment: who stands above whom, where people answer, and how a case reaches a body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from tafaul.bodies.models import Body
from tafaul.care.errors import NobodyThere, TopicWithheld
from tafaul.understanding.normal import words


@dataclass(frozen=True, slots=True)
class Directory:
    """The bodies by id and by slug, and the ids of those in which somebody answers. Read with two queries."""

    bodies: Mapping[int, Body]
    by_slug: Mapping[str, Body]
    staffed: frozenset[int]

    def line(self, body: Body) -> Iterator[Body]:
        """Yield a body and those above it, the nearest first."""
        above: Body | None = self.bodies.get(body.pk)
        while above is not None:
            yield above
            above = self.bodies.get(above.parent_id or 0)

    def is_within(self, body: Body, above: Body) -> bool:
        """Tell whether a body is another, or stands below it."""
        return any(each.pk == above.pk for each in self.line(body))

    def named(self, typed: str) -> list[Body]:
        """Return the bodies in whose name, Arabic or English, stands all that somebody types, shortest first."""
        sought = words(typed)
        names = {body.pk: " ".join(words(f"{body.name_ar} {body.name_en}")) for body in self.bodies.values()}
        found = [
            body for body in self.bodies.values() if sought and all(word in names[body.pk] for word in sought)
        ]
        return sorted(found, key=lambda body: (len(names[body.pk]), body.pk))

    def depth(self, body: Body) -> int:
        """Return how many bodies stand above a body."""
        return sum(1 for _each in self.line(body)) - 1

    def withholds(self, body: Body, topic: str) -> bool:
        """Tell whether a body may not see a topic; what is withheld from a body is withheld from all below it."""
        return bool(topic) and any(topic in each.withheld_topics for each in self.line(body))

    def works_here(self, body: Body) -> bool:
        """Tell whether somebody of a body, or of one below it, answers cases in Tafaul."""
        return any(self.is_within(self.bodies[number], body) for number in self.staffed)

    def way(self, from_body: Body, to_body: Body, topic: str) -> str:
        """Return the e-mail address by which a referral goes, empty when the receiver's people see it here.

        Raises `TopicWithheld`, and `NobodyThere` when nobody could decide it.
        """
        if self.withholds(to_body, topic):
            raise TopicWithheld(to_body, topic)
        senders = {body.pk for body in self.line(from_body)}
        decide = {to_body.pk, *(body.pk for body in self.line(to_body) if body.pk not in senders)}
        some_decide = not self.staffed.isdisjoint(decide)
        if to_body.referral_email and not (some_decide and self.works_here(to_body)):
            return to_body.referral_email
        if not some_decide:
            raise NobodyThere(to_body)
        return ""


def read() -> Directory:
    """Return the bodies as they stand now."""
    bodies = {body.pk: body for body in Body.objects.all()}
    return Directory(bodies, {body.slug: body for body in bodies.values()}, frozenset(_who_answers()))


def answering(body: Body) -> list[int]:
    """Return the ids of the people who answer for a body itself."""
    return _who_answers().get(body.pk, [])


def _who_answers() -> dict[int, list[int]]:
    # A person may not see who works for other bodies: the function tells it, and nothing else of them.
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_id, person_id FROM care_who_answers()")
        found: dict[int, list[int]] = {}
        for body, person in cursor.fetchall():
            found.setdefault(body, []).append(person)
    return found
