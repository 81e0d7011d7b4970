"""What can go wrong with a referral."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafaul.care import taxonomy
from tafaul.care.errors.base import CareError

if TYPE_CHECKING:
    from tafaul.bodies.models import Body, Person
    from tafaul.care.models import Referral


class AlreadyReferred(CareError):
    """Somebody referred the case before."""

    def __init__(self, referral: Referral) -> None:
        super().__init__(
            _("The case was referred to %(body)s already, by %(who)s on %(when)s.")
            % {"body": referral.to_body.name, "who": _who(referral.sent_by), "when": _when(referral.sent_at)}
        )


class AlreadyDecided(CareError):
    """Somebody accepted, returned, passed on, finished or withdrew the referral before."""

    def __init__(self, referral: Referral) -> None:
        if referral.state == "withdrawn":
            said = _("The referral was withdrawn meanwhile.")
        else:
            who, when = referral.done_by or referral.decided_by, referral.done_at or referral.decided_at
            said = _("The referral was decided already (%(state)s), by %(who)s on %(when)s.") % {
                "state": referral.get_state_display(), "who": _who(who, referral.email), "when": _when(when)
            }  # fmt: skip
        super().__init__(said)


class AlreadyThere(CareError):
    """The case would go round in a circle."""

    def __init__(self, body: Body) -> None:
        super().__init__(
            _(
                "%(body)s has had this case before, and returned it or passed it on. "
                "A supervisor may send it there again."
            )
            % {"body": body.name}
        )


class SameBody(CareError):
    """The case is at this body."""

    def __init__(self, body: Body) -> None:
        super().__init__(_("The case is at %(body)s already. Choose another body.") % {"body": body.name})


class TooManyHops(CareError):
    """The case was referred as often as a case may be."""

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "A case is referred at most %(count)d time. Agree with the other bodies who settles it.",
                "A case is referred at most %(count)d times. Agree with the other bodies who settles it.",
                most,
            )
            % {"count": most}
        )


class TopicWithheld(CareError):
    """The body may not see cases of this topic."""

    def __init__(self, body: Body, topic: str) -> None:
        super().__init__(
            _("%(body)s may not be given cases of the topic «%(topic)s».")
            % {"body": body.name, "topic": taxonomy.topic_name(topic)}
        )


class NobodyThere(CareError):
    """Nobody of the body works here, and it has no e-mail address for referrals."""

    def __init__(self, body: Body) -> None:
        super().__init__(
            _(
                "Nobody of %(body)s works in Tafaul, and it has no e-mail address for referrals. "
                "Choose another body."
            )
            % {"body": body.name}
        )


class BodyGone(CareError):
    """The body was removed meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("There is no such body any more. Choose another."))


class NoReason(CareError):
    """Whoever returns a case says why."""

    def __init__(self) -> None:
        super().__init__(_("Say why you return the case."))


class LinkUnknown(CareError):
    """No referral has this link."""

    def __init__(self) -> None:
        super().__init__(_("This link is not that of a referral. Open it as it stands in the e-mail."))


def _who(person: Person | None, email: str = "") -> str:
    return person.name if person else email or _("the routing")


def _when(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y H:i") if moment else "—"
