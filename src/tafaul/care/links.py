"""Cases that belong together: linked, split from each other, or merged into one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tafaul.bodies.models import Person
from tafaul.care import cases, clocks, joining, priority, referrals, search
from tafaul.care.errors import InReferral, NoPartOfIt, NotTheSameCitizen, ReplyUnderWay
from tafaul.care.models import (
    Attachment,
    Case,
    CaseLink,
    Correction,
    Kind,
    Note,
    OutsideReport,
    Post,
    Referral,
    Reminder,
    Reply,
)
from tafaul.care.references import reference

SHOWN = 20
"""Linked cases, and other cases of a citizen, that are shown at most."""

UNDER_WAY = (Reply.State.QUEUED, Reply.State.SENDING)


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that belongs to another, and why."""

    case: Case
    why: str


def of(case: Case, person: Person) -> list[Linked]:
    """Return the cases linked to a case and those merged into it, as far as a person sees them, latest first."""
    tied = CaseLink.objects.filter(Q(one=case) | Q(other=case)).order_by("-id")[: SHOWN * 2]
    why = {link.other_id if link.one_id == case.pk else link.one_id: link.get_why_display() for link in tied}
    found = cases.visible_to(person).filter(Q(pk__in=why) | Q(merged_into=case)).order_by("-last_post_at", "-pk")
    return [Linked(other, why.get(other.pk, other.get_outcome_display())) for other in found[:SHOWN]]


def may_merge_into(case: Case, person: Person) -> list[Case]:
    """Return the other cases of its citizen at its account that a case may become a part of, latest first."""
    others = cases.visible_to(person).filter(citizen=case.citizen_id, account=case.account_id).exclude(pk=case.pk)
    return list(others.exclude(state=Case.State.CLOSED).order_by("-last_post_at", "-pk")[:SHOWN])


def split(case: Case, posts: Collection[int], person: Person) -> Case:
    """Make some posts of a case, by their ids, a case of its own; the replies to them go along. Return it.

    Raises `NotYours`, `NoPartOfIt`, `ReplyUnderWay`, `ClosedMeanwhile` or `WasMerged`.
    """
    with transaction.atomic():
        old = cases.locked(case)
        cases.require(person, old)
        cases.require_open(old)
        of_case = list(old.posts.order_by("written_at", "id").select_related("citizen"))
        moved = [post for post in of_case if post.pk in posts]
        if not 0 < len(moved) < len(of_case) or len(moved) != len(set(posts)):
            raise NoPartOfIt
        replies = Reply.objects.filter(answers__in=moved, case=old)
        if replies.filter(state__in=UNDER_WAY).exists():
            raise ReplyUnderWay
        new = _part(old, moved, list(replies.order_by("sent_at")))
        Post.objects.filter(pk__in=[post.pk for post in moved]).update(case=new)
        replies.update(case=new)
        _keep_the_rest(old, [post for post in of_case if post not in moved], new)
        _link(old, new, CaseLink.Why.SPLIT)
        search.index([old.pk, new.pk])
        clocks.follow([old, new])
    case.refresh_from_db()
    return new


def _part(old: Case, posts: Sequence[Post], replies: Sequence[Reply]) -> Case:
    """Store the case that some posts and the replies to them become, and return it."""
    told = {**(posts[0].understood or {}), **_corrected(posts[0])}
    number = next(joining.new_ids(1))
    new = Case(
        pk=number,
        reference=reference(number),
        account=old.account,
        body=old.body,
        citizen=old.citizen,
        kind=told.get("kind") or old.kind,
        topic=told.get("topic") or "",
        place=told.get("place") or old.place,
        needs_triage=old.needs_triage,
        assignee=old.assignee,
        opened_at=posts[0].received_at,
        **_standing(posts, replies),
        **_sum_of(posts),
    )
    priority.judge(new, priority.Late.NOT)
    new.save(force_insert=True)
    return new


def _corrected(post: Post) -> dict[str, str]:
    """Return what a person said that a post is about, if somebody did."""
    said = Correction.objects.filter(post=post).first()
    return {"kind": said.kind, "topic": said.topic} if said else {}


def _keep_the_rest(old: Case, posts: Sequence[Post], new: Case) -> None:
    """Let a case stand as the posts say that stay with it."""
    standing = _standing(posts, list(old.replies.order_by("sent_at")))
    was_opened_by_hand = Case.State.OPEN not in (standing["state"], new.state)
    if old.state != Case.State.OPEN or was_opened_by_hand:
        standing = {"answered_at": standing["answered_at"]}
    for name, value in {**_sum_of(posts), **standing}.items():
        setattr(old, name, value)
    priority.judge(old, priority.late_of(old))
    old.save()


def _standing(posts: Sequence[Post], replies: Sequence[Reply]) -> dict[str, Any]:
    """Return how a case stands whose posts and replies are these: who waits, and since when."""
    sent = [reply for reply in replies if reply.state == Reply.State.SENT]
    read = max((reply.seen_post_id or reply.answers_id for reply in sent), default=0)
    waiting = [post for post in posts if post.pk > read and not (read and _is_thanks(post))]
    if waiting:
        state, since = Case.State.OPEN, min(post.written_at for post in waiting)
    else:
        state, since = Case.State.ASKED if sent[-1].asks else Case.State.ANSWERED, None
    return {"state": state, "waiting_since": since, "answered_at": sent[-1].sent_at if sent else None}


def _is_thanks(post: Post) -> bool:
    return (post.understood or {}).get("kind") == Kind.THANKS


def _sum_of(posts: Sequence[Post]) -> dict[str, Any]:
    """Return what a case has from all its posts."""
    urgent = [_urgency(post.understood or {}) for post in posts]
    most = min(urgent, key=lambda told: told[0])
    hidden = [(start, end, sort) for start, end, sort in (posts[0].understood or {}).get("personal_data", [])]
    return {
        "urgency": most[0],
        "urgent_because": most[1],
        "subject": joining.subject(posts[0], hidden),
        "posts_count": len(posts),
        "last_post_at": max(post.written_at for post in posts),
    }


def _urgency(told: Mapping[str, Any]) -> tuple[Case.Urgency, str]:
    because = told.get("urgent") or ""
    kind = told.get("kind") or Kind.INQUIRY
    return joining.urgency(because, kind, is_spam=bool(told.get("spam"))), because


def merge(case: Case, into: Case, person: Person) -> None:
    """Make a case a part of another one of the same citizen at the same account; what is in it goes there.

    It is closed for good, and leads to the other. Raises `NotYours`, `NotTheSameCitizen`, `ReplyUnderWay`,
    `InReferral`, `ClosedMeanwhile` or `WasMerged`.
    """
    with transaction.atomic():
        part, whole = _both_locked(case, into)
        for each in (part, whole):
            cases.require(person, each)
            cases.require_open(each)
        if part == whole or (part.citizen_id, part.account_id) != (whole.citizen_id, whole.account_id):
            raise NotTheSameCitizen
        if part.replies.filter(state__in=UNDER_WAY).exists():
            raise ReplyUnderWay
        _end_referral(part, whole, person)
        _move_all(part, whole)
        _add_up(part, whole)
        merged = {"outcome": Case.Outcome.MERGED, "merged_into": whole, "closed_at": datetime.now(UTC)}
        cases.move(part, Case.State.CLOSED, waiting_since=None, **merged)
        Case.objects.filter(merged_into=part).update(merged_into=whole)
        search.index([part.pk, whole.pk])
    case.refresh_from_db()
    into.refresh_from_db()


def _both_locked(case: Case, into: Case) -> tuple[Case, Case]:
    """Lock two cases and those merged into the first, in the order of their ids, and return the two."""
    concerned = Case.objects.filter(Q(pk__in=[case.pk, into.pk]) | Q(merged_into=case)).order_by("pk")
    list(concerned.select_for_update(no_key=True).values_list("pk"))
    return cases.locked(case), cases.locked(into)


def _end_referral(part: Case, whole: Case, person: Person) -> None:
    """End the referral by which the body of both has the part. Raises `InReferral` when one is elsewhere."""
    for each in (part, whole):
        under_way = referrals.open_of(each)
        if under_way and (under_way.state == Referral.State.SENT or part.body_id != whole.body_id):
            raise InReferral(each)
    if ended := referrals.open_of(part):
        referrals.done(ended, person, f"▸ {whole.reference}")


def _move_all(part: Case, whole: Case) -> None:
    """Let posts, replies and what colleagues put to a case go to another. Its draft is dropped."""
    part.replies.filter(state=Reply.State.DRAFT).delete()
    known = whole.outside_reports.values("system", "number")
    for report in known:
        part.outside_reports.filter(**report).delete()
    for model in (Post, Reply, Note, Attachment, Reminder, OutsideReport):
        model._default_manager.filter(case=part).update(case=whole)


def _add_up(part: Case, whole: Case) -> None:
    """Let a case be what both were together."""
    since = [each.waiting_since for each in (part, whole) if each.waiting_since]
    if part.urgency < whole.urgency:
        whole.urgency, whole.urgent_because = part.urgency, part.urgent_because
    whole.posts_count += part.posts_count
    whole.opened_at = min(part.opened_at, whole.opened_at)
    whole.last_post_at = max(part.last_post_at, whole.last_post_at)
    whole.answered_at = max(filter(None, (part.answered_at, whole.answered_at)), default=None)
    whole.repeats += part.repeats
    whole.tags = list(dict.fromkeys([*whole.tags, *part.tags]))
    if whole.assignee is None and part.assignee and cases.may_answer(part.assignee, whole):
        whole.assignee = part.assignee
    if since:
        whole.state, whole.waiting_since = Case.State.OPEN, min(since)
    priority.judge(whole, priority.late_of(whole))
    whole.save()
    clocks.follow([whole])


def _link(one: Case, other: Case, why: str) -> None:
    first, second = sorted((one.pk, other.pk))
    CaseLink.objects.update_or_create(one_id=first, other_id=second, defaults={"why": why})
