"""Clocks: what was promised on each case, kept in line with the case, and looked at when it is due.

Due times are moments in the table, so a worker that was away for days finds all that became due meanwhile, once.
Whoever changes a case holds its row and calls `follow` in the same transaction. Followers share a lock that
`recompute` holds alone, so no clock is started by a calendar or a promise that was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tafaul.bodies import access
from tafaul.bodies.models import Account, AnswerMode, Body
from tafaul.care import clockwork, escalation, priority
from tafaul.care.models import Case, Clock, Promised, Referral, Reply
from tafaul.care.working_time import Concern, WorkingTime
from tafaul.foundation import locks, rows

LOCK = "clocks"
BATCH = 500

COLUMNS = (
    "case_id", "referral_id", "body_id", "promised_by_id", "what", "promised", "started_at", "counted_from",
    "time_left", "due_at", "look_at", "escalations",
)  # fmt: skip
CHANGED = (
    "id", "body_id", "promised", "counted_from", "time_left", "due_at", "look_at", "paused_at", "warned_at",
    "breached_at", "escalations", "ended_at", "was_met",
)  # fmt: skip
CHANGE = """
    UPDATE care_clock SET
        body_id = given.body_id, promised = given.promised, counted_from = given.counted_from,
        time_left = given.time_left, due_at = given.due_at, look_at = given.look_at, paused_at = given.paused_at,
        warned_at = given.warned_at, breached_at = given.breached_at, escalations = given.escalations,
        ended_at = given.ended_at, was_met = given.was_met
    FROM unnest(%b::bigint[], %b::bigint[], %b::interval[], %b::timestamptz[], %b::interval[], %b::timestamptz[],
                %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::smallint[],
                %b::timestamptz[], %b::boolean[])
         AS given (id, body_id, promised, counted_from, time_left, due_at, look_at, paused_at, warned_at,
                   breached_at, escalations, ended_at, was_met)
    WHERE care_clock.id = given.id
"""

STILL_OURS = (AnswerMode.ACKNOWLEDGED, AnswerMode.REFERRED)
"""Replies after which the citizen waits for the matter to be settled; after others, the next step is theirs."""
NOTHING_TO_PROMISE = (Case.Outcome.MERGED, Case.Outcome.MISUSE)


@dataclass(frozen=True, slots=True)
class Started:
    """A clock that starts, as it is written to the table."""

    case_id: int
    referral_id: int | None
    body_id: int
    promised_by_id: int
    what: str
    promised: timedelta
    started_at: datetime
    counted_from: datetime
    time_left: timedelta
    due_at: datetime
    look_at: datetime
    escalations: int = 0


@dataclass(slots=True)
class _Scene:
    """Cases with all that their clocks depend on, and what comes of it."""

    now: datetime
    time: WorkingTime
    channels: dict[int, str]
    clocks: dict[tuple[int, str], Clock]
    sent: dict[int, Referral]
    modes: dict[int, str]
    started: list[Started] = field(default_factory=list)
    changed: dict[int, Clock] = field(default_factory=dict)

    def concern(self, case: Case) -> Concern:
        return Concern(case.kind, case.urgency, self.channels[case.account_id])

    def clock(self, case: Case, what: Promised) -> Clock | None:
        """Return the clock that runs or rests on a case."""
        clock = self.clocks.get((case.pk, what))
        return clock if clock and clock.ended_at is None else None

    def touch(self, clock: Clock) -> Clock:
        self.changed[clock.pk] = clock
        return clock


def follow(cases: Iterable[Case], now: datetime | None = None) -> None:
    """Bring the clocks of cases in line with what the cases are: start, pause, resume, move and end them.

    The caller changed the cases (given as they are stored now) in this transaction and holds their rows; doing it
    again changes nothing. Asks the database equally often for one case and for hundreds.
    """
    cases = list(cases)
    if not cases:
        return
    locks.share(LOCK)
    scene = _look_at(cases, now or datetime.now(UTC))
    for case in cases:
        _follow_promises(case, scene)
        _follow_first_reply(case, scene)
        _follow_resolution(case, scene)
        _follow_referral(case, scene)
    _store(scene.changed.values())
    rows.copy("care_clock", COLUMNS, scene.started)
    if late := {clock.case_id for clock in scene.changed.values() if clock.warned_at or clock.breached_at}:
        priority.recompute(late)


def _look_at(cases: Sequence[Case], now: datetime) -> _Scene:
    ids = [case.pk for case in cases]
    running = Clock.objects.filter(case__in=ids, ended_at__isnull=True).select_related("referral")
    clocks = {(clock.case_id, clock.what): clock for clock in running}
    sent = {one.case_id: one for one in Referral.objects.filter(case__in=ids, state=Referral.State.SENT)}
    bodies = {case.body_id for case in cases} | {one.to_body_id for one in sent.values()}
    bodies |= {body for clock in clocks.values() for body in (clock.body_id, clock.promised_by_id)}
    accounts = Account.objects.filter(pk__in={case.account_id for case in cases})
    answered = [case.pk for case in cases if case.state == Case.State.ANSWERED]
    last = Reply.objects.filter(case__in=answered, state=Reply.State.SENT).order_by("case_id", "-sent_at")
    modes = dict(last.distinct("case_id").values_list("case_id", "mode")) if answered else {}
    return _Scene(now, WorkingTime(bodies), dict(accounts.values_list("pk", "channel")), clocks, sent, modes)


def _follow_promises(case: Case, scene: _Scene) -> None:
    """Let the clocks of a case have the calendar of its body, and what is promised for a case of its sort."""
    calendars = scene.time.calendars
    for what in (Promised.FIRST_REPLY, Promised.RESOLUTION):
        clock = scene.clock(case, what)
        if clock is None or case.state == Case.State.CLOSED:
            continue
        if clock.body_id != case.body_id:
            before, after = calendars[clock.body_id], calendars[case.body_id]
            clockwork.move(scene.touch(clock), case.body_id, before, after, scene.now)
        promise = scene.time.promise(clock.promised_by_id, what, scene.concern(case))
        if promise is None:
            clockwork.drop(scene.touch(clock), scene.now)
        elif promise.working_time != clock.promised:
            calendar = calendars[clock.body_id]
            clockwork.promise_otherwise(scene.touch(clock), promise.working_time, calendar, scene.now)


def _follow_first_reply(case: Case, scene: _Scene) -> None:
    """A first reply is promised each time that the citizen begins to wait."""
    clock = scene.clock(case, Promised.FIRST_REPLY)
    replied_at = case.answered_at
    if clock and replied_at and replied_at > clock.started_at:
        clockwork.meet(scene.touch(clock), replied_at)
        clock = None
    if clock and case.state == Case.State.CLOSED:
        end = clockwork.drop if case.outcome in NOTHING_TO_PROMISE else clockwork.give_up
        end(scene.touch(clock), case.closed_at or scene.now)
    elif clock and case.state != Case.State.OPEN:
        clockwork.meet(scene.touch(clock), scene.now)
    elif clock is None and case.state == Case.State.OPEN and case.waiting_since:
        since = max(case.waiting_since, replied_at) if replied_at else case.waiting_since
        _start(case, Promised.FIRST_REPLY, case.body_id, since, scene)


def _follow_resolution(case: Case, scene: _Scene) -> None:
    """A resolution is promised until the case is closed; its clock rests while the next step is the citizen's."""
    clock = scene.clock(case, Promised.RESOLUTION)
    if clock is None:
        if case.state == Case.State.OPEN and case.waiting_since:
            _start(case, Promised.RESOLUTION, case.body_id, case.waiting_since, scene)
        return
    if case.state == Case.State.CLOSED:
        end = clockwork.drop if case.outcome in NOTHING_TO_PROMISE else clockwork.meet
        end(scene.touch(clock), case.closed_at or scene.now)
        return
    answered = case.state == Case.State.ANSWERED and scene.modes.get(case.pk) not in STILL_OURS
    rests = answered or case.state == Case.State.ASKED
    calendar = scene.time.calendars[clock.body_id]
    if rests and clock.paused_at is None:
        clockwork.pause(scene.touch(clock), calendar, scene.now)
    elif not rests and clock.paused_at is not None:
        clockwork.resume(scene.touch(clock), calendar, case.waiting_since or scene.now)


def _follow_referral(case: Case, scene: _Scene) -> None:
    """A referral's acceptance is promised by the body that it was sent to."""
    clock, sent = scene.clock(case, Promised.ACCEPTANCE), scene.sent.get(case.pk)
    if (
        clock
        and clock.referral
        and (case.state == Case.State.CLOSED or sent is None or clock.referral_id != sent.pk)
    ):
        decided = clock.referral.decided_at if clock.referral.state != Referral.State.WITHDRAWN else None
        (clockwork.meet if decided else clockwork.drop)(scene.touch(clock), decided or scene.now)
        clock = None
    if clock is None and sent and case.state != Case.State.CLOSED:
        _start(case, Promised.ACCEPTANCE, sent.to_body_id, sent.sent_at, scene, sent)


def _start(
    case: Case, what: Promised, body: int, since: datetime, scene: _Scene, referral: Referral | None = None
) -> None:
    """Start a clock if something is promised. Nothing was to who wrote long before it came here."""
    promise = scene.time.promise(body, what, scene.concern(case))
    if promise is None or (scene.now - since).days >= settings.CASE_JOINS_WITHIN_DAYS:
        return
    promised, calendar = promise.working_time, scene.time.calendars[body]
    due_at, look_at = calendar.after(since, promised), calendar.after(since, promised * 3 / 4)
    number = referral.pk if referral else None
    scene.started.append(
        Started(case.pk, number, body, body, what.value, promised, since, since, promised, due_at, look_at)
    )


def _store(clocks: Iterable[Clock]) -> None:
    clocks = list(clocks)
    if clocks:
        rows.execute(CHANGE, [[getattr(clock, name) for clock in clocks] for name in CHANGED])


def recompute(body: Body, now: datetime | None = None) -> int:
    """Reckon the running clocks of a body and those below it anew; return of how many cases.

    Whoever changes a calendar, a promise or the tree calls it in the same transaction.
    """
    now, changed = now or datetime.now(UTC), set()
    with transaction.atomic():
        locks.wait_for(LOCK)
        concerned = access.with_below({body.pk})
        running = Clock.objects.filter(ended_at__isnull=True).select_related("case__account").defer("case__search")
        clocks = running.filter(Q(body__in=concerned) | Q(promised_by__in=concerned))
        bodies = {body for pair in clocks.values_list("body_id", "promised_by_id").distinct() for body in pair}
        time = WorkingTime(bodies)
        found = clocks.iterator(chunk_size=BATCH)
        while batch := list(islice(found, BATCH)):
            otherwise = [clock for clock in batch if _recompute(clock, time, now)]
            _store(otherwise)
            changed |= {clock.case_id for clock in otherwise}
        # Afterwards, as it locks cases: who holds one may be waiting for this lock.
        transaction.on_commit(partial(priority.recompute, changed))
    return len(changed)


def _recompute(clock: Clock, time: WorkingTime, now: datetime) -> bool:
    """Reckon a clock anew and tell whether that changed it."""
    case = clock.case
    before = (clock.promised, clock.due_at, clock.look_at, clock.warned_at, clock.breached_at)
    concern = Concern(case.kind, case.urgency, case.account.channel)
    promise = time.promise(clock.promised_by_id, clock.what, concern)
    if promise is None:
        clockwork.drop(clock, now)
        return True
    clockwork.reckon_again(clock, promise.working_time, time.calendars[clock.body_id], now)
    return before != (clock.promised, clock.due_at, clock.look_at, clock.warned_at, clock.breached_at)


def watch(now: datetime | None = None) -> int:
    """Warn of promises that are about to break, tell of those that broke, and return how many were looked at.

    Any number of workers may do so at once: each takes what no other holds. Who must hear of it is told in the
    transaction that notes it, so a worker that dies leaves both undone.
    """
    now, looked_at = now or datetime.now(UTC), 0
    while batch := _watch(now):
        looked_at += batch
    return looked_at


def _watch(now: datetime) -> int:
    with transaction.atomic():
        locks.share(LOCK)
        due = (
            Clock.objects.filter(look_at__lte=now).select_related("case").defer("case__search").order_by("look_at")
        )
        clocks = list(due.select_for_update(no_key=True, skip_locked=True, of=("self", "case"))[:BATCH])
        if not clocks:
            return 0
        time = WorkingTime({clock.body_id for clock in clocks})
        above = escalation.supervisors(time.lines)
        told = []
        for clock in clocks:
            levels = above[clock.body_id]
            warn, breached = clockwork.take_further(clock, time.calendars[clock.body_id], len(levels), now)
            told.append(escalation.Told(clock, warn, [levels[level] for level in breached], levels))
        _store(clocks)
        escalation.tell(told)
    return len(clocks)


def is_due(now: datetime | None = None) -> bool:
    """Tell whether there is something to watch."""
    return Clock.objects.filter(look_at__lte=now or datetime.now(UTC)).exists()
