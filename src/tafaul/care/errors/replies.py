"""What can go wrong with a reply, or with a post on its channel."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tafaul.care.errors.base import CareError


class EmptyText(CareError):
    """A reply without words."""

    def __init__(self) -> None:
        super().__init__(_("Write the reply first."))


class TooLong(CareError):
    """A reply longer than the channel takes."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            _("The reply is too long: %(length)d of %(limit)d. Shorten it or send it in private.")
            % {"length": length, "limit": limit}
        )


class BudgetSpent(CareError):
    """The body's budget does not allow sending."""

    def __init__(self) -> None:
        super().__init__(_("This month's budget for the channel is spent. Ask an administrator to raise it."))


class AccountDisconnected(CareError):
    """The account must be connected again by a person."""

    def __init__(self) -> None:
        super().__init__(_("The account is disconnected. Ask an administrator to connect it again."))


class PersonalDataInPublic(CareError):
    """A public reply that shows personal data."""

    def __init__(self) -> None:
        super().__init__(_("The reply shows personal data in public. Remove it or send it in private."))


class LinkInPublic(CareError):
    """A public reply that holds the secret link of a citizen's page."""

    def __init__(self) -> None:
        super().__init__(_("The link to the citizen's page is theirs alone. Send it in private."))


class UnfilledVariable(CareError):
    """Approved words with a hole left in them."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            _("The reply still has an empty place: %(variable)s. Fill it in.") % {"variable": variable}
        )


class AlreadyClosed(CareError):
    """The case was closed meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This case is closed. Reopen it to answer."))


class NotRead(CareError):
    """The citizen or a colleague wrote meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("The conversation went on meanwhile. Read what is new, then send again."))


class WrittenInPrivate(CareError):
    """A public reply to somebody who wrote in private only."""

    def __init__(self) -> None:
        super().__init__(_("The citizen wrote in private only. Answer in private."))


class NotHidden(CareError):
    """The channel did not hide a post."""

    def __init__(self, why: str) -> None:
        super().__init__(_("The post was not hidden: %(why)s") % {"why": why})


class ReplyUnderWay(CareError):
    """A reply leaves at this moment."""

    def __init__(self) -> None:
        super().__init__(_("A reply to this is on its way. Wait a moment until it has arrived."))
