"""What is refused among bodies and their people, said to the person who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tafaul.bodies.calendars import Stretch
    from tafaul.bodies.models import Body


class BodiesError(Exception):
    """Something was not done; the text tells the person why and what to do, in their language."""


class NotAdministrator(BodiesError):
    """Only administrators of the body or of one above it may do this."""

    def __init__(self, body: Body) -> None:
        super().__init__(
            _("Only an administrator of %(body)s, or of a body above it, may do this.") % {"body": body.name}
        )


class BelowItself(BodiesError):
    """A body would stand above itself."""

    def __init__(self, body: Body, parent: Body) -> None:
        super().__init__(
            _("%(body)s can't stand below %(parent)s, which is the same or below it.")
            % {"body": body.name, "parent": parent.name}
        )


class StillNeeded(BodiesError):
    """A body that others, accounts, people or cases belong to is not removed."""

    SHOWN = 8

    def __init__(self, body: Body, by: Sequence[QuerySet[Any]]) -> None:
        first = [item for rows in by for item in rows[: self.SHOWN]][: self.SHOWN]
        shown = [getattr(item, "name", None) or str(item) for item in first]
        more = sum(rows.count() for rows in by) - len(shown)
        if more > 0:
            shown.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
        what = " · ".join(shown) or _("what other bodies keep of it")
        super().__init__(
            _("%(body)s can't be removed while this belongs to it: %(what)s") % {"body": body.name, "what": what}
        )


class NoWorkingHours(BodiesError):
    """A calendar in which nobody ever works."""

    def __init__(self) -> None:
        super().__init__(_("There are no working hours at all. Give at least one stretch of one day."))


class ReversedHours(BodiesError):
    """A stretch that ends before it begins."""

    def __init__(self, stretch: Stretch) -> None:
        said = _(
            "%(day)s: work that begins at %(opens)s can't end at %(closes)s. "
            "Write a night as two stretches: one until 00:00, and one from 00:00 on the next day."
        )
        super().__init__(said % _told(stretch, closes=stretch.closes))


class OverlappingHours(BodiesError):
    """Two stretches of one day with time in common."""

    def __init__(self, first: Stretch, second: Stretch) -> None:
        said = _("%(day)s: two stretches overlap, those that begin at %(opens)s and at %(other)s.")
        super().__init__(said % _told(first, other=second.opens))


class DaySaidAlready(BodiesError):
    """A body says of one day twice whether it works."""

    def __init__(self, day: date) -> None:
        super().__init__(_("%(day)s is in the list already. Remove it there first.") % {"day": _named(day)})


class WorkedAnyway(BodiesError):
    """Work on a day that is no day off, or that has no hours."""

    def __init__(self, day: date) -> None:
        super().__init__(_("%(day)s is no day off on which work could go on.") % {"day": _named(day)})


def _told(stretch: Stretch, **more: time) -> dict[str, str]:
    times = {"opens": stretch.opens, **more}
    return {"day": str(WEEKDAYS[stretch.weekday]), **{name: f"{value:%H:%M}" for name, value in times.items()}}


def _named(day: date) -> str:
    return date_format(day, "l j F Y")


class NotTheirAdministrator(BodiesError):
    """Only administrators of one of the person's bodies may do this."""

    def __init__(self) -> None:
        super().__init__(_("Only an administrator of the person's body may do this."))


class LastAdministrator(BodiesError):
    """Nobody would administer the body any more."""

    def __init__(self, body: str) -> None:
        super().__init__(
            _("%(body)s would have no administrator left. Give that role to somebody else first.") % {"body": body}
        )


class OwnRole(BodiesError):
    """People don't change or lose their own roles by themselves."""

    def __init__(self) -> None:
        super().__init__(_("Nobody changes their own role or account here. Ask another administrator."))


class WorksElsewhere(BodiesError):
    """The person belongs to bodies that the administrator does not administer."""

    def __init__(self) -> None:
        super().__init__(
            _("This person works elsewhere, too. Take away the roles in your bodies, or ask their administrator.")
        )


class GivenAlready(BodiesError):
    """The person has this role in this body."""

    def __init__(self) -> None:
        super().__init__(_("The person has this role already."))


class NotHeld(BodiesError):
    """The person has the role no longer."""

    def __init__(self) -> None:
        super().__init__(_("The person has this role no longer."))


class MailNotSent(BodiesError):
    """The mail server did not take the mail."""

    def __init__(self) -> None:
        super().__init__(_("The e-mail could not be sent, so nobody was invited. Ask whoever runs Tafaul."))


class InvitationUnknown(BodiesError):
    """No invitation has this link."""

    def __init__(self) -> None:
        super().__init__(_("This link is not that of an invitation. Open it as it stands in the e-mail."))


class InvitationUsed(BodiesError):
    """The link was used already."""

    def __init__(self) -> None:
        super().__init__(_("This invitation was accepted already. Log in."))


class InvitationWithdrawn(BodiesError):
    """The link was withdrawn, or replaced by a newer one, or its sender may not invite any more."""

    def __init__(self) -> None:
        super().__init__(_("This invitation holds no longer. Ask for a new one."))


class InvitationExpired(BodiesError):
    """The link is too old."""

    def __init__(self) -> None:
        super().__init__(_("This invitation has expired. Ask for a new one."))


class EmailKnown(BodiesError):
    """Somebody with this e-mail address has an account; they accept with it."""

    def __init__(self) -> None:
        super().__init__(_("You have an account already: log in with it, then open the link again."))


class NameTaken(BodiesError):
    """Another person logs in by this name."""

    def __init__(self) -> None:
        super().__init__(_("This log-in name is taken. Choose another."))
