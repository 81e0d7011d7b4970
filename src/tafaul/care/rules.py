"""Routing rules: who gives them, in which order they are tried, and what they would have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, OuterRef, Subquery

from tafaul.bodies import access
from tafaul.bodies.models import Account, Body, Person
from tafaul.care import directory, taxonomy
from tafaul.care.errors import BodyGone, NotYours
from tafaul.care.models import Case, Kind, Post, RoutingRule
from tafaul.care.routing import Matter, destination, in_order
from tafaul.foundation import locks
from tafaul.understanding import pack

LAST_CASES = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of a rule; what is empty fits everything, and `to_body` None is triage."""

    account: Account | None = None
    topic: str = ""
    place: str = ""
    kind: str = ""
    to_body: Body | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """A case that would have gone elsewhere. None is triage."""

    case: Case
    was: Body | None
    would: Body | None


@dataclass(frozen=True, slots=True)
class TryOut:
    """What other rules would have changed in the last cases: how often from where to where, and in which cases."""

    looked_at: int
    changes: list[Change] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[Body | None, Body | None, int]]:
        """How many cases would have moved from one body to another, the most first."""
        return [(*pair, count) for pair, count in Counter((c.was, c.would) for c in self.changes).most_common()]


def of(body: Body) -> list[RoutingRule]:
    """Return the rules of a body in their order, inactive ones too."""
    return list(body.routing_rules.select_related("account", "to_body").order_by("position"))


def add(body: Body, person: Person, told: Told) -> RoutingRule:
    """Add a rule behind the others of a body. Raises `NotYours`, and `ValueError` for what does not exist."""
    _require(person, body)
    with transaction.atomic():
        _hold(body)
        last = body.routing_rules.aggregate(last=Max("position"))["last"]
        rule = RoutingRule(body=body, position=(last or 0) + 1)
        return _store(rule, told)


def change(rule: RoutingRule, person: Person, told: Told) -> RoutingRule:
    """Change what a rule says. Raises `NotYours`, and `ValueError` for what does not exist."""
    _require(person, rule.body)
    return _store(rule, told)


def remove(rule: RoutingRule, person: Person) -> None:
    """Remove a rule. Raises `NotYours`."""
    _require(person, rule.body)
    RoutingRule.objects.filter(pk=rule.pk).delete()


def move(rule: RoutingRule, person: Person, *, up: bool) -> None:
    """Let a rule be tried before the one above it, or behind the one below it. Raises `NotYours`."""
    _require(person, rule.body)
    with transaction.atomic():
        _hold(rule.body)
        rules = of(rule.body)
        place = next((number for number, each in enumerate(rules) if each.pk == rule.pk), None)
        other = None if place is None else place + (-1 if up else 1)
        if place is None or other is None or not 0 <= other < len(rules):
            return
        one, two = rules[place], rules[other]
        one.position, two.position = two.position, one.position
        RoutingRule.objects.bulk_update([one, two], ["position"])


def changed(body: Body, rule: RoutingRule | None, told: Told) -> list[RoutingRule]:
    """Return a body's rules as they would be with one of them changed, or with a new one behind them.

    Nothing is stored. Raises `ValueError` for what does not exist.
    """
    rules = of(body)
    last = max((each.position for each in rules), default=0)
    draft = RoutingRule(pk=rule.pk if rule else None, body=body, position=rule.position if rule else last + 1)
    _say(draft, told)
    return sorted([draft, *(each for each in rules if each.pk != draft.pk)], key=lambda each: each.position)


def try_out(body: Body, rules: Collection[RoutingRule]) -> TryOut:
    """Tell what would change, were these a body's rules, in the last cases of its accounts and of those below it.

    What was understood of each case's first post is routed twice: by the rules that hold, and by these. What
    people did with the case later does not count. Nothing is stored.
    """
    known = directory.read()
    stored = list(RoutingRule.objects.filter(is_active=True))
    proposed = [*(rule for rule in stored if rule.body_id != body.pk), *rules]
    below = [each for each in known.bodies.values() if known.is_within(each, body)]
    cases, changes = _last_cases(below), []
    for case in cases:
        own, matter = case.account.body, _matter(case)
        was, would = (destination(matter, in_order(tried, own, known), known) for tried in (stored, proposed))
        if was != would:
            changes.append(Change(case, was, would))
    return TryOut(len(cases), changes)


def _last_cases(bodies: Collection[Body]) -> list[Case]:
    """Return the last cases written to bodies, each with what was understood of its first post."""
    first = Post.objects.filter(case=OuterRef("pk")).order_by("id").values("understood")[:1]
    cases = Case.objects.filter(account__body__in=bodies).select_related("account__body", "citizen")
    return list(cases.annotate(understood=Subquery(first)).order_by("-id")[:LAST_CASES])


def _matter(case: Case) -> Matter:
    told = case.understood or {}  # type: ignore[attr-defined]
    return Matter(
        case.account,
        told.get("kind", case.kind),
        told.get("topic") or "",
        told.get("place") or "",
        told.get("body") or "",
        told.get("sure_of") or (),
        bool(told.get("spam") or told.get("abuse")),
    )


def _say(rule: RoutingRule, told: Told) -> None:
    """Put into a rule what is said of it. Raises `ValueError` for a topic, place or kind that does not exist."""
    known = (
        (told.topic, taxonomy.topics()),
        (told.place, pack.load(settings.PACK).places.places),
        (told.kind, Kind.values),
    )
    for value, values in known:
        if value and value not in values:
            raise ValueError(f"there is no «{value}»")
    for name in ("account", "topic", "place", "kind", "to_body", "is_active"):
        setattr(rule, name, getattr(told, name))


def _store(rule: RoutingRule, told: Told) -> RoutingRule:
    """Store what is said of a rule. Raises `BodyGone` when the receiver is being removed at this moment."""
    _say(rule, told)
    try:
        with transaction.atomic():
            rule.save()
            connection.check_constraints()
    except IntegrityError as error:
        raise BodyGone from error
    return rule


def _require(person: Person, body: Body) -> None:
    if not access.led_by(person).filter(pk=body.pk).exists():
        raise NotYours


def _hold(body: Body) -> None:
    """Let nobody else change the order of a body's rules until the transaction ends."""
    locks.wait_for(f"rules of {body.pk}")
