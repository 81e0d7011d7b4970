"""How a clock runs: reckoning alone, without the database.

At the moment `counted_from`, so much working time as `time_left` says was left; whatever happens to a clock, it is
counted off to that moment first. A broken promise stays broken, and has no time left when it goes on after a
pause.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tafaul.bodies.calendars import Calendar
from tafaul.care.models import Clock

NO_TIME = timedelta()


def set_due(clock: Clock, calendar: Calendar) -> None:
    """Set when a clock that runs is due, and when somebody must hear of it next."""
    clock.due_at = calendar.after(clock.counted_from, clock.time_left)
    if clock.breached_at:
        clock.look_at = calendar.after(clock.due_at, clock.promised * clock.escalations)
    elif clock.warned_at:
        clock.look_at = clock.due_at
    else:
        clock.look_at = warning_of(clock, calendar)


def warning_of(clock: Clock, calendar: Calendar) -> datetime:
    """Return when three quarters of the promised time are over."""
    return calendar.after(clock.counted_from, max(clock.time_left - clock.promised / 4, NO_TIME))


def time_left(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """Return the working time that is left; below nothing when the promise is overdue."""
    if clock.due_at is None:
        return clock.time_left
    return calendar.between(now, clock.due_at)


def pause(clock: Clock, calendar: Calendar, at: datetime) -> None:
    """Let a clock rest."""
    _count_off(clock, calendar, at)
    clock.paused_at, clock.due_at, clock.look_at = clock.counted_from, None, None


def resume(clock: Clock, calendar: Calendar, at: datetime) -> None:
    """Let a clock go on with the time that was left."""
    clock.counted_from, clock.paused_at = max(at, clock.counted_from), None
    set_due(clock, calendar)


def move(clock: Clock, body: int, calendar: Calendar, to: Calendar, at: datetime) -> None:
    """Let a clock go on by another body's calendar with the time that was left."""
    clock.body_id = body
    if clock.paused_at is None:
        _count_off(clock, calendar, at)
        set_due(clock, to)


def promise_otherwise(clock: Clock, promised: timedelta, calendar: Calendar, at: datetime) -> None:
    """Give a clock another promise because its case changed.

    A longer one adds time. A shorter one counts from now, unless less was left, so that nobody is late for what
    they could not know.
    """
    if clock.paused_at is None:
        _count_off(clock, calendar, at)
    longer = promised > clock.promised
    clock.time_left = clock.time_left + promised - clock.promised if longer else min(clock.time_left, promised)
    clock.promised = promised
    if clock.paused_at is None:
        set_due(clock, calendar)


def reckon_again(clock: Clock, promised: timedelta, calendar: Calendar, now: datetime) -> None:
    """Reckon a clock anew because the calendar or the promise itself changed, as if it had always been so."""
    clock.time_left = max(clock.time_left + promised - clock.promised, NO_TIME)
    clock.promised = promised
    if clock.paused_at is not None:
        return
    if calendar.after(clock.counted_from, clock.time_left) > now:
        clock.breached_at, clock.escalations = None, 0
    if warning_of(clock, calendar) > now:
        clock.warned_at = None
    set_due(clock, calendar)


def meet(clock: Clock, at: datetime) -> None:
    """End a clock because what was promised is done: in time, or too late."""
    at = max(at, clock.started_at)
    if clock.due_at is not None and at > clock.due_at:
        clock.breached_at = clock.breached_at or clock.due_at
    clock.was_met = clock.breached_at is None
    clock.ended_at, clock.look_at = at, None


def drop(clock: Clock, at: datetime) -> None:
    """End a clock because nothing is promised any more."""
    clock.ended_at, clock.look_at = max(at, clock.started_at), None


def give_up(clock: Clock, at: datetime) -> None:
    """End a clock because what was promised will not be done: dropped while it was in time, else broken."""
    is_late = clock.breached_at is not None or (clock.due_at is not None and at > clock.due_at)
    (meet if is_late else drop)(clock, at)


def take_further(clock: Clock, calendar: Calendar, levels: int, now: datetime) -> tuple[bool, range]:
    """Take a clock through all that is due by now; return whether to warn, and which levels must hear of a breach.

    Levels are counted from the body itself upwards; above the last there is nobody to tell. Nobody is warned of a
    promise that is broken by now.
    """
    warn, told = False, clock.escalations
    while clock.look_at is not None and clock.due_at is not None and clock.look_at <= now:
        if clock.due_at > now:
            clock.warned_at, clock.look_at, warn = clock.look_at, clock.due_at, True
        elif clock.breached_at is None:
            clock.breached_at, clock.look_at = clock.due_at, clock.due_at
        elif clock.escalations >= levels:
            clock.look_at = None
        else:
            clock.escalations += 1
            clock.look_at = calendar.after(clock.due_at, clock.promised * clock.escalations)
    return warn, range(told, clock.escalations)


def _count_off(clock: Clock, calendar: Calendar, at: datetime) -> None:
    at = max(at, clock.counted_from)
    if clock.due_at is not None and at > clock.due_at:
        clock.breached_at = clock.breached_at or clock.due_at
    clock.time_left = max(clock.time_left - calendar.between(clock.counted_from, at), NO_TIME)
    clock.counted_from = at
