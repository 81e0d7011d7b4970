"""Silence: a case whose citizen was answered or asked, and does not write again, closes by itself.

Closing gives way to whatever else happens: a post that waits, a reply on its way, a referral that is open, or a
promise to settle the matter that still runs because the citizen was told only that it was received. A word that
the citizen writes in the same moment opens the case again, as any word does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import ngettext

from tafaul.bodies import access, tree
from tafaul.bodies.models import AnswerMode, Body, Person
from tafaul.care import clocks, drafts
from tafaul.care.errors import NotYours
from tafaul.care.models import Case, Post, Promised, Referral, Reply, Silence
from tafaul.foundation import rows

BATCH = 500
LONGEST = 365
REMINDED_BEFORE = timedelta(days=2)
"""How long before closing the reminder of who was asked lies there as a draft."""

OPEN = (Referral.State.SENT, Referral.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many days a body waits (0: for ever), and which body says so; None: it is usual."""

    after_question: int = 7
    after_answer: int = 3
    reminds_first: bool = True
    source: Body | None = None


USUAL = Patience()

# Which cases are silent for so long: `rule` has a row for each body and state that closes by itself.
SILENT = """
    FROM unnest(%s::bigint[], %s::text[], %s::interval[], %s::interval[])
         AS rule (body_id, state, patience, lain)
    JOIN care_case ON care_case.body_id = rule.body_id AND care_case.state = rule.state
        AND care_case.last_post_at <= %s - rule.patience AND care_case.answered_at <= %s - rule.patience
    WHERE NOT EXISTS (SELECT FROM care_post post WHERE post.citizen_id = care_case.citizen_id
                      AND post.account_id = care_case.account_id AND post.case_id IS NULL)
      AND NOT EXISTS (SELECT FROM care_reply reply WHERE reply.case_id = care_case.id
                      AND reply.state IN ('queued', 'sending'))
      AND NOT EXISTS (SELECT FROM care_referral referral WHERE referral.case_id = care_case.id
                      AND referral.state IN ('sent', 'accepted'))
      AND NOT EXISTS (SELECT FROM care_clock clock WHERE clock.case_id = care_case.id
                      AND clock.what = 'resolution' AND clock.ended_at IS NULL AND clock.paused_at IS NULL)
      AND (rule.lain IS NULL OR EXISTS (SELECT FROM care_reply reply WHERE reply.case_id = care_case.id
                      AND reply.state = 'draft' AND reply.created_at <= %s - rule.lain))
"""
FIND = f"SELECT care_case.id {SILENT} ORDER BY care_case.id LIMIT {BATCH}"
FIND_WITHOUT_DRAFT = f"""
    SELECT care_case.id {SILENT}
      AND NOT EXISTS (SELECT FROM care_reply WHERE case_id = care_case.id AND state = 'draft')
    ORDER BY care_case.id LIMIT {BATCH}
"""  # noqa: S608
LOCK = "SELECT id FROM care_case WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
CLOSE = f"""
    UPDATE care_case AS closed SET state = 'closed', waiting_since = NULL, closed_at = %s, outcome = given.outcome,
        outcome_note = given.note
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS given (body_id, state, outcome, note),
        (SELECT care_case.id {SILENT} AND care_case.id = ANY(%s)) AS silent
    WHERE closed.id = silent.id AND closed.body_id = given.body_id AND closed.state = given.state
    RETURNING closed.id
"""  # noqa: S608


def patience_of(body: Body) -> Patience:
    """Return how long a body waits: by its own word, or that of the nearest body above it, or as is usual."""
    return patience_of_each([body])[body.pk]


def patience_of_each(bodies: Iterable[Body]) -> dict[int, Patience]:
    """Return by id how long bodies wait, as `patience_of`; with two questions."""
    lines = tree.lines_of(body.pk for body in bodies)
    said = {silence.body_id: silence for silence in Silence.objects.all()}
    found = {}
    for number, line in lines.items():
        nearest = next((above for above in line if above.pk in said), None)
        found[number] = _patience(said[nearest.pk], nearest) if nearest else USUAL
    return found


def _patience(silence: Silence, source: Body) -> Patience:
    return Patience(silence.after_question, silence.after_answer, silence.reminds_first, source)


def wait(body: Body, person: Person, *, after_question: int, after_answer: int, reminds_first: bool) -> None:
    """Say for how many days a body waits for a word; 0: for ever. Raises `NotYours`; `ValueError` over a year."""
    if not access.led_by(person).filter(pk=body.pk).exists():
        raise NotYours
    if not (0 <= after_question <= LONGEST and 0 <= after_answer <= LONGEST):
        raise ValueError(f"days are from 0 to {LONGEST}")
    told = {"after_question": after_question, "after_answer": after_answer, "reminds_first": reminds_first}
    Silence.objects.update_or_create(body=body, defaults=told)


def closes_at(case: Case) -> datetime | None:
    """Return when a case closes unless somebody writes; None when it does not close by itself as it stands."""
    ours = {"what": Promised.RESOLUTION, "ended_at": None, "paused_at": None}
    if case.clocks.filter(**ours).exists() or case.referrals.filter(state__in=OPEN).exists():
        return None
    patience = patience_of(case.body)
    days = {Case.State.ASKED: patience.after_question, Case.State.ANSWERED: patience.after_answer}
    wait = days.get(Case.State(case.state), 0)
    if not wait or case.answered_at is None:
        return None
    return max(case.answered_at, case.last_post_at) + timedelta(days=wait)


def close_due(now: datetime) -> int:
    """Remind whom it is time to remind, and close what was silent for long enough. Return how many were closed."""
    every = _patience_of_all()
    while _remind(every, now):
        pass
    closed = 0
    while taken := _close(every, now):
        closed += taken
    return closed


def _patience_of_all() -> dict[int, Patience]:
    """Return the patience of each body by its id."""
    said = {silence.body_id: silence for silence in Silence.objects.select_related("body")}
    found: dict[int | None, Patience] = {None: USUAL}
    for _depth, body in tree.in_order(list(Body.objects.all())):
        own = said.get(body.pk)
        found[body.pk] = _patience(own, own.body) if own else found[body.parent_id]
    return {number: patience for number, patience in found.items() if number is not None}


@dataclass(frozen=True, slots=True)
class _Rule:
    """Cases of a body in a state, silent so long, and for so long with a reminder that lies as a draft."""

    body_id: int
    state: str
    patience: timedelta
    lain: timedelta | None


def _silent_for(rules: Sequence[_Rule], now: datetime) -> list[Any]:
    """Return the parameters of `SILENT`."""
    return [*map(list, zip(*map(astuple, rules), strict=True)), now, now, now]


def _close(every: dict[int, Patience], now: datetime) -> int:
    rules, outcomes, notes = [], [], []
    for number, patience in every.items():
        days = timedelta(days=patience.after_question)
        lain = min(REMINDED_BEFORE, days) if patience.reminds_first else None
        for state, wait, rests, outcome in (
            (Case.State.ASKED, days, lain, Case.Outcome.SILENT),
            (Case.State.ANSWERED, timedelta(days=patience.after_answer), None, Case.Outcome.ANSWERED),
        ):
            if wait:
                rules.append(_Rule(number, state.value, wait, rests))
                outcomes.append(outcome.value)
                notes.append(_note(wait.days))
    if not rules:
        return 0
    silent = _silent_for(rules, now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FIND, silent)
        cursor.execute(LOCK, [[row[0] for row in cursor.fetchall()]])
        ids = [row[0] for row in cursor.fetchall()]
        # Looked at again under the lock: a reply is approved, and a case referred, under it as well.
        cursor.execute(CLOSE, [now, silent[0], silent[1], outcomes, notes, *silent, ids])
        closed = [row[0] for row in cursor.fetchall()]
        clocks.follow(Case.objects.filter(pk__in=closed), now)
    return len(closed)


def _note(days: int) -> str:
    """Say why a case closed, in the installation's language: it is kept with the case."""
    with translation.override(settings.LANGUAGE_CODE):
        said = ngettext(
            "Closed by itself after %(days)d day without a word of the citizen",
            "Closed by itself after %(days)d days without a word of the citizen",
            days,
        )
        return said % {"days": days}


def _remind(every: dict[int, Patience], now: datetime) -> int:
    """Draft a reminder for who was asked and is about to be closed; return for how many. A person sends it."""
    rules = [
        _Rule(number, Case.State.ASKED.value, max(wait - REMINDED_BEFORE, timedelta()), None)
        for number, patience in every.items()
        if patience.reminds_first and (wait := timedelta(days=patience.after_question))
    ]
    if not rules:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FIND_WITHOUT_DRAFT, _silent_for(rules, now))
        cursor.execute(LOCK, [[row[0] for row in cursor.fetchall()]])
        ids = [row[0] for row in cursor.fetchall()]
        drafted = Reply.objects.filter(case__in=ids, state=Reply.State.DRAFT).values("case")
        posts = Post.objects.filter(case__in=ids, case__state=Case.State.ASKED).exclude(case__in=drafted)
        latest = posts.order_by("case_id", "-written_at", "-id").distinct("case_id")
        related = latest.select_related("case__account__body", "case__body").defer("raw")
        written = [_reminder(post.case, post, now) for post in related if post.case]
        rows.copy("care_reply", drafts.COLUMNS, written)
    return len(written)


def _reminder(case: Case, post: Post, now: datetime) -> drafts.Draft:
    language = "en" if (post.understood or {}).get("language") == "en" else "ar"
    text = drafts.words(case, "silence", language)
    mode = AnswerMode.ACKNOWLEDGED.value
    return drafts.Draft(case.pk, case.account_id, post.pk, mode, post.visibility, text, now)
