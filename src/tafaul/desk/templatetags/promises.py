"""How the desk shows working time, and how promises stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django import template
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tafaul.care.models import Case
from tafaul.care.standing import How, Standing

register = template.Library()

MINUTES_TELL_UP_TO = 8
"""Hours from which on nobody wants to know the minutes."""

STATES = {
    How.RUNS: _("Runs"),
    How.NEAR: _("Due soon"),
    How.LATE: _("Late"),
    How.RESTS: _("Rests"),
    How.MET: _("Kept"),
    How.BROKEN: _("Broken"),
    How.DROPPED: _("Dropped"),
}


@register.filter
def working_time(time: timedelta) -> str:
    """Return working time in words: in minutes, then in hours and minutes, then in hours."""
    hours, minutes = divmod(max(int(time.total_seconds()) // 60, 0), 60)
    in_minutes = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if not hours:
        return in_minutes
    in_hours = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    if not minutes or hours >= MINUTES_TELL_UP_TO:
        return in_hours
    return gettext("%(hours)s and %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}


@register.filter
def in_hours(time: timedelta) -> str:
    """Return working time as it is typed: in hours."""
    return f"{time / timedelta(hours=1):.4f}".rstrip("0").rstrip(".")


@register.filter
def standing_of(standings: Mapping[int, Standing], case: Case) -> Standing | None:
    """Return how the clock of a case stands that is due next, if one runs."""
    return standings.get(case.pk)


@register.filter
def state_name(how: How) -> str:
    """Return how a clock stands, in the reader's language."""
    return str(STATES[how])
