"""The history of cases and of bodies, read: who did what, when, and what it was before. Triggers write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from pghistory.models import Events

from tafaul.bodies.models import Body, Person
from tafaul.care import history_words
from tafaul.care.history_words import Change, Names
from tafaul.care.models import Case

OF_BODIES = (
    "bodies.BodyEvent", "bodies.AccountEvent", "bodies.MembershipEvent", "bodies.InvitationEvent",
    "bodies.WorkingHoursEvent", "bodies.DayOffEvent", "care.PromiseEvent", "care.RoutingRuleEvent",
    "care.SilenceEvent",
)  # fmt: skip
"""What is told of a body besides its cases."""

TOGETHER = 200
"""Cases whose history is read at once for an export."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done. `person` is None for citizens and for what happened by itself; `cause` says in
    what.
    """

    at: datetime
    person: Person | None
    who: str
    what: str
    changes: Sequence[Change]
    cause: str
    cause_id: str
    record: str
    label: str
    case: str = ""

    def __str__(self) -> str:
        return f"{self.who}: {self.what}"

    def as_row(self) -> dict[str, Any]:
        """Return it for an auditor's table; times are UTC."""
        return {
            "at": self.at.isoformat(),
            "person": self.person.username if self.person else "",
            "who": self.who,
            "what": self.what,
            "changes": [[change.column, change.before, change.after] for change in self.changes],
            "case": self.case,
            "record": self.record,
            "action": self.label,
            "cause": self.cause,
            "cause_id": self.cause_id,
        }


def _events() -> Any:
    """Return the query over all tables of history, which is not typed."""
    return Events.objects


def of(case: Case) -> list[Entry]:
    """Return what was done about a case, the latest first, in the reader's language."""
    entries = _entries(_events().references(case), cases=[case])
    return [entry for entry in reversed(entries) if entry.what]


def of_body(body: Body, since: datetime, until: datetime) -> Iterator[Entry]:
    """Give what was done in a stretch of time about a body itself, then about each case that it sees."""
    during = {"pgh_created_at__gte": since, "pgh_created_at__lt": until}
    yield from _entries(_events().across(*OF_BODIES).references(body).filter(**during))
    seen = Case.objects.filter(seen_by__contains=[body.pk]).order_by("pk").only("pk", "reference").iterator()
    while cases := list(islice(seen, TOGETHER)):
        yield from _entries(_events().references(*cases).filter(**during), cases=cases)


def _entries(events: Iterable[Any], cases: Iterable[Case] = ()) -> list[Entry]:
    """Return entries of the rows of history, those of one case together, in the order of time."""
    found = sorted(events.order_by("pgh_created_at", "pgh_id"), key=_case_of)  # type: ignore[attr-defined]
    names = _names(found, cases)
    return [_entry(event, names) for event in found if event.pgh_label != "from"]


def _case_of(event: Any) -> int:
    if event.pgh_model == "care.CaseEvent":
        return int(event.pgh_obj_id)
    return event.pgh_data.get("case_id") or event.pgh_data.get("one_id") or 0


def _entry(event: Any, names: Names) -> Entry:
    told: Mapping[str, Any] = event.pgh_context or {}
    person = names.people.get(told.get("person", 0))
    return Entry(
        at=event.pgh_created_at,
        person=person,
        who=history_words.who(person, is_citizen="citizen" in told),
        what=history_words.said(event, names),
        changes=history_words.changes(event, names),
        cause=next((f"{name} {told[name]}" for name in ("request", "job", "command") if name in told), ""),
        cause_id=str(event.pgh_context_id or ""),
        record=f"{event.pgh_obj_model} {event.pgh_obj_id}",
        label=event.pgh_label,
        case=names.cases.get(_case_of(event), ""),
    )


def _names(events: Sequence[Any], cases: Iterable[Case]) -> Names:
    """Look up once all that the entries name: people, bodies and cases."""
    sought: dict[type, set[int]] = {Person: set(), Body: set(), Case: set()}
    for event in events:
        sought[Person].add((event.pgh_context or {}).get("person", 0))
        sought[Case].add(_case_of(event))
        for model, number in history_words.named(event):
            sought.get(model, set()).add(number)
    references = {case.pk: case.reference for case in cases}
    unknown = sought[Case] - references.keys()
    return Names(
        people=Person.objects.in_bulk(sought[Person]),
        bodies=Body.objects.in_bulk(sought[Body]),
        cases={**references, **dict(Case.objects.filter(pk__in=unknown).values_list("pk", "reference"))},
    )
