"""Routing: to which body a new case goes, by the rules of the bodies and by what was understood.

The first rule that fits decides; those of the account's own body come before those of the bodies above it. Without
one, the understanding decides where it is sure, and within the body that it names the unit in whose territory the
place lies. What nobody is sure of, and misuse, stays with the account's body, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from tafaul.bodies.models import Account, Body
from tafaul.care import directory
from tafaul.care.directory import Directory
from tafaul.care.errors import NobodyThere, TopicWithheld
from tafaul.care.joining import Thread
from tafaul.care.models import Case, Referral, RoutingRule
from tafaul.understanding import pack


@dataclass(frozen=True, slots=True)
class Matter:
    """What routing looks at of a case; `body` is the competent body's slug, `sure_of` is as in `Understanding`."""

    account: Account
    kind: str
    topic: str
    place: str
    body: str
    sure_of: Collection[str]
    is_misuse: bool = False


def route(threads: Mapping[int, Thread], account: Account) -> dict[int, Referral]:
    """Give each new case to the competent body, or to triage; return the referrals to be stored, by case id.

    What is for the account's body or one below it moves there at once; what is for another body is referred to it.
    """
    new = {thread.case.pk: thread for thread in threads.values() if thread.is_new}
    if not new:
        return {}
    known = directory.read()
    rules = rules_for(account.body, known)
    now = datetime.now(UTC)
    sent: dict[int, Referral] = {}
    for number, thread in new.items():
        told = thread.understood
        misuse = told.spam or told.abuse
        matter = Matter(account, told.kind, told.topic or "", told.place or "", told.body, told.sure_of, misuse)
        target = destination(matter, rules, known)
        thread.case.needs_triage = target is None
        if target is None or target == account.body:
            continue
        email = _way(matter, target, known)
        if email or not known.is_within(target, account.body):
            sent[number] = _referral(thread.case, target, email or "", now)
        else:
            thread.case.body = target
    return sent


def _referral(case: Case, target: Body, email: str, now: datetime) -> Referral:
    return Referral(
        case=case,
        from_body=case.body,
        to_body=target,
        reason=Referral.Reason.COMPETENCE.value,
        state=Referral.State.SENT.value,
        sent_at=now,
        email=email,
    )


def destination(matter: Matter, rules: Iterable[RoutingRule], known: Directory) -> Body | None:
    """Return the body to which a new case goes; None for triage."""
    if matter.is_misuse:
        return None
    chosen = next((rule for rule in rules if fits(rule, matter)), None)
    if chosen is not None:
        target = known.bodies.get(chosen.to_body_id or 0)
    else:
        target = known.by_slug.get(matter.body) if "body" in matter.sure_of else None
        target = target and unit_of(target, matter.place, known)
    return None if target is None or _way(matter, target, known) is None else target


def _way(matter: Matter, target: Body, known: Directory) -> str | None:
    """Return the e-mail address by which a case reaches a body, empty when it needs none; None if it may not."""
    own = matter.account.body
    if target == own:
        return ""
    try:
        return known.way(own, target, matter.topic)
    except TopicWithheld:
        return None
    except NobodyThere:  # people of the account's body answer for the units below it
        return "" if known.is_within(target, own) else None


def rules_for(body: Body, known: Directory) -> list[RoutingRule]:
    """Return the active rules for the accounts of a body in the order in which they are tried."""
    line = [each.pk for each in known.line(body)]
    return in_order(RoutingRule.objects.filter(body__in=line, is_active=True), body, known)


def in_order(rules: Iterable[RoutingRule], body: Body, known: Directory) -> list[RoutingRule]:
    """Return those of some rules that are for a body's accounts: its own first, then those of who is above."""
    line = [each.pk for each in known.line(body)]
    ours = [rule for rule in rules if rule.is_active and rule.body_id in line]
    return sorted(ours, key=lambda rule: (line.index(rule.body_id), rule.position))


def fits(rule: RoutingRule, matter: Matter) -> bool:
    """Tell whether a rule speaks of a matter. An empty field fits everything; a place, what lies in it.

    A topic or kind that is not sure fits no rule that names one.
    """
    return (
        rule.account_id in (None, matter.account.pk)
        and (not rule.topic or (rule.topic == matter.topic and "topic" in matter.sure_of))
        and (not rule.kind or (rule.kind == matter.kind and "kind" in matter.sure_of))
        and (not rule.place or rule.place in lies_in(matter.place))
    )


def unit_of(body: Body, place: str, known: Directory) -> Body:
    """Return the body, or the unit below it in whose territory a place lies: the narrowest, then the lowest."""
    around = lies_in(place)
    ranked = [
        (min(near), -known.depth(unit), unit.pk)
        for unit in known.bodies.values()
        if (near := [around.index(area) for area in unit.territory if area in around])
        and known.is_within(unit, body)
    ]
    return known.bodies[min(ranked)[2]] if ranked else body


def lies_in(place: str) -> Sequence[str]:
    """Return a place and what it lies in, the nearest first, as the pack knows it."""
    if not place:
        return ()
    known = pack.load(settings.PACK).places.places.get(place)
    return (place, *(known.within if known else ()))


def suggested(case: Case, known: Directory) -> list[Body]:
    """Return the bodies to which a case may belong by its topic and place, the likeliest first; not its own."""
    told = pack.load(settings.PACK)
    ministry = known.by_slug.get(told.body_of_topic.get(case.topic, ""))
    found: list[Body] = []
    if ministry is not None:
        place = told.places.places.get(case.place)
        local = known.by_slug.get(place.body) if place else None
        if local is not None and known.is_within(local, ministry):
            found += [unit_of(local, case.place, known), local]
        found += [unit_of(ministry, case.place, known), ministry]
    matter = Matter(case.account, case.kind, case.topic, case.place, "", sure_of=("kind", "topic"))
    by_rule = destination(matter, rules_for(case.account.body, known), known)
    unique = dict.fromkeys([by_rule, *found] if by_rule else found)
    return [body for body in unique if body != case.body and not known.withholds(body, case.topic)]
