"""What every error of the domain is."""

from __future__ import annotations

from django.utils.translation import gettext as _


class CareError(Exception):
    """Something was not done; the text tells the user why and what to do, in their language."""


class NotYours(CareError):
    """The person may not see or do this."""

    def __init__(self) -> None:
        super().__init__(_("This belongs to another body. Ask your supervisor if you need it."))


class NothingSaid(CareError):
    """A field that needs words has none."""

    def __init__(self) -> None:
        super().__init__(_("Write a few words first."))


class TooManyWords(CareError):
    """A text longer than what is kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("The text is too long: at most %(limit)d characters.") % {"limit": limit})
