"""What can go wrong in following a case up: reminders, outside reports, the citizen's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tafaul.care.errors.base import CareError


class NotAhead(CareError):
    """A reminder for a time that is over."""

    def __init__(self) -> None:
        super().__init__(_("Choose a time that is still to come."))


class NoNumberOf(CareError):
    """A number that can't be one of the other system."""

    def __init__(self, system: str) -> None:
        super().__init__(_("This is no number of «%(system)s». Check it and write it again.") % {"system": system})


class AlreadyNoted(CareError):
    """The outside report is noted on the case already."""

    def __init__(self, number: str) -> None:
        super().__init__(_("The report %(number)s is noted on this case already.") % {"number": number})


class AlreadySettled(CareError):
    """Somebody noted meanwhile what came of the outside report."""

    def __init__(self) -> None:
        super().__init__(_("A colleague has settled this report already."))


class TooOften(CareError):
    """A citizen adds to a case again and again."""

    def __init__(self) -> None:
        super().__init__(
            _("You have added several messages within an hour. We read them; please write again later.")
        )


class NotClosed(CareError):
    """A rating of a case that is still at work."""

    def __init__(self) -> None:
        super().__init__(_("This request is still being worked on. You can rate it when it is closed."))


class NoStars(CareError):
    """A rating without stars."""

    def __init__(self) -> None:
        super().__init__(_("Choose from one to five stars."))


class AlreadyRated(CareError):
    """A rating too old to be changed."""

    def __init__(self) -> None:
        super().__init__(_("Thank you: your rating was kept, and can't be changed any more."))
