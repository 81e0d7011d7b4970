"""Lists of cases: what somebody wants to see, a page at a time, at a cost that does not grow with the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from tafaul.bodies.access import ANSWERING_ROLES
from tafaul.bodies.models import Body, Person
from tafaul.care import search, taxonomy
from tafaul.care.models import Case, Clock, Kind, Reply

PAGE = 30
COUNTED = 1000
"""So many are counted; more are shown as «1,000+»."""

RELATED = ("account__body", "body", "citizen", "assignee")

COLLEAGUES = 200
"""Colleagues to choose from at most."""

MINE, NOBODYS = "me", "none"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows: several narrow it together, empty ones do not. `after` is where the page before ended."""

    state: str = Case.State.OPEN.value
    kind: str = ""
    topic: str = ""
    place: str = ""
    tag: str = ""
    body: int | None = None
    assignee: str = ""
    urgent: bool = False
    triage: bool = False
    late: bool = False
    words: str = ""
    after: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, str]) -> Wanted:
        """Read what an address says; what can't be meant narrows nothing."""
        said = {name: str(told.get(name, "")).replace("\0", "").strip()[:200] for name in _TEXTS}
        return cls(
            state=said["state"] if said["state"] in (*Case.State.values, "all") else Case.State.OPEN.value,
            kind=said["kind"] if said["kind"] in Kind.values else "",
            topic=said["topic"],
            place=said["place"],
            tag=said["tag"],
            body=_number(said["body"]),
            assignee=said["assignee"] if _is_assignee(said["assignee"]) else "",
            urgent=bool(said["urgent"]),
            triage=bool(said["triage"]),
            late=bool(said["late"]),
            words=said["q"],
            after=_place(said["after"]),
        )

    @property
    def waits(self) -> bool:
        """Tell whether it is a list of those who wait, in the order in which they are looked at."""
        return self.state == Case.State.OPEN

    @property
    def narrows(self) -> int:
        """How many narrow it besides the state, the kind, the body and the words."""
        return sum(
            map(bool, (self.topic, self.place, self.tag, self.assignee, self.urgent, self.triage, self.late))
        )


_TEXTS = (
    "state", "kind", "topic", "place", "tag", "body", "assignee", "urgent", "triage", "late", "q", "after",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of a list, and where the next page begins; empty at the end.

    `drafted` and `under_way` are the ids of cases with a reply that waits for a person, or leaves.
    """

    rows: Sequence[Case]
    next: str
    is_first: bool
    drafted: Set[int]
    under_way: Set[int]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases wait, at most one more than `COUNTED` of each, and since when the first does."""

    open: int
    urgent: int
    triage: int
    answered_today: int
    longest: datetime | None = field(default=None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _is_assignee(text: str) -> bool:
    return text in (MINE, NOBODYS) or _number(text) is not None


def _place(text: str) -> tuple[str, ...]:
    """Read where a page ended: a number and a moment and an id, or a moment and an id."""
    parts = tuple(text.split("_"))
    try:
        if len(parts) in (2, 3) and all(_number(part) is not None for part in parts):
            _moment(parts[-2])
            return parts
    except (OverflowError, ValueError, OSError):
        pass
    return ()


def _moment(microseconds: str) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))


def narrowed(seen: QuerySet[Case], wanted: Wanted, person: Person) -> QuerySet[Case]:
    """Return of the cases that a person sees those that are wanted."""
    asked = {
        "state": wanted.state if wanted.state != "all" else None,
        "kind": wanted.kind or None,
        "topic": wanted.topic or None,
        "place__in": taxonomy.places_within(wanted.place) if wanted.place else None,
        "tags__contains": [wanted.tag] if wanted.tag else None,
        "urgency": Case.Urgency.URGENT if wanted.urgent else None,
        "needs_triage": wanted.triage or None,
        "seen_by__contains": [wanted.body] if wanted.body is not None else None,
        **_assigned(wanted.assignee, person),
    }
    found = seen.filter(**{name: value for name, value in asked.items() if value is not None})
    if wanted.late:
        found = found.filter(Exists(_late()))
    return _said(found, wanted.words) if wanted.words else found


def _assigned(assignee: str, person: Person) -> dict[str, Any]:
    if assignee == NOBODYS:
        return {"assignee__isnull": True}
    return {"assignee": person.pk if assignee == MINE else _number(assignee)}


def _late() -> QuerySet[Clock]:
    """Clocks of a case that run and whose promise is broken."""
    broken = Q(breached_at__isnull=False) | Q(due_at__lte=timezone.now())
    return Clock.objects.filter(broken, case=OuterRef("pk"), ended_at__isnull=True)


def _said(found: QuerySet[Case], words: str) -> QuerySet[Case]:
    sought = search.query(words)
    return found.none() if sought is None else found.filter(search.matches(sought))


def page(found: QuerySet[Case], wanted: Wanted) -> Page:
    """Return a page of a list: who waits by priority and then by how long; of others the latest first."""
    if wanted.words or wanted.tag:
        found = _few_by_themselves(found)
    columns = ("priority", "waiting_since", "id") if wanted.waits else ("-last_post_at", "-id")
    after = wanted.after if len(wanted.after) == len(columns) else ()
    if after:
        found = found.filter(_behind(after, wanted.waits))
    # Related rows are looked up for the page alone: joined, their policies would be tried on every case that fits.
    alone = found.select_related(None).prefetch_related(*RELATED)
    rows = list(alone.order_by(*columns)[: PAGE + 1])
    further = _place_of(rows[PAGE - 1], wanted.waits) if len(rows) > PAGE else ""
    states = (Reply.State.DRAFT, Reply.State.QUEUED, Reply.State.SENDING)
    replies = Reply.objects.filter(case__in=rows[:PAGE], state__in=states).values_list("case_id", "state")
    drafted = {case for case, state in replies if state == Reply.State.DRAFT}
    under_way = {case for case, state in replies if state != Reply.State.DRAFT}
    return Page(rows[:PAGE], further, is_first=not after, drafted=drafted, under_way=under_way)


def _few_by_themselves(found: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases by their ids when they are few.

    How many bear a word the planner does not know: for few it would read all cases in the order of the list,
    which is right for many.
    """
    ids = list(found.order_by().values_list("pk", flat=True)[: COUNTED + 1])
    return found if len(ids) > COUNTED else found.model.objects.defer("search").filter(pk__in=ids)


def _behind(after: Sequence[str], waits: bool) -> GreaterThan:
    """Return the condition that a case stands behind the place where a page ended, as one comparison of rows."""
    moment, number = Value(_moment(after[-2])), Value(int(after[-1]))
    if waits:
        return GreaterThan(
            _row(F("priority"), F("waiting_since"), F("id")), _row(Value(int(after[0])), moment, number)
        )
    return GreaterThan(_row(moment, number), _row(F("last_post_at"), F("id")))


def _row(*columns: Any) -> Func:
    return Func(*columns, function="ROW", output_field=BooleanField())


def _place_of(case: Case, waits: bool) -> str:
    moment = case.waiting_since if waits and case.waiting_since else case.last_post_at
    since = str((moment - _EPOCH) // timedelta(microseconds=1))
    return "_".join([str(case.priority)] * waits + [since, str(case.pk)])


def counts(seen: QuerySet[Case]) -> Counts:
    """Count the cases that a person sees, as far as anybody reads the number."""
    waiting = seen.filter(state=Case.State.OPEN)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first = waiting.order_by("waiting_since").values_list("waiting_since", flat=True).first()
    return Counts(
        open=_some(waiting),
        urgent=_some(waiting.filter(urgency=Case.Urgency.URGENT)),
        triage=_some(waiting.filter(needs_triage=True)),
        answered_today=_some(seen.filter(answered_at__gte=today)),
        longest=first,
    )


def _some(found: QuerySet[Case]) -> int:
    return found.order_by()[: COUNTED + 1].count()


def colleagues(bodies: Sequence[Body]) -> list[Person]:
    """Return the people who answer for some bodies, to choose from."""
    people = Person.objects.filter(
        is_active=True, memberships__body__in=bodies, memberships__role__in=ANSWERING_ROLES
    )
    return list(people.distinct().order_by("username")[:COLLEAGUES])
