"""What can go wrong with a case itself: closing, splitting, merging, triage, tags, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tafaul.care.errors.base import CareError

if TYPE_CHECKING:
    from tafaul.bodies.models import Body
    from tafaul.care.models import Case


class ClosedMeanwhile(CareError):
    """Somebody closed the case before."""

    def __init__(self, case: Case) -> None:
        super().__init__(_("This case is closed: %(outcome)s.") % {"outcome": case.get_outcome_display()})


class AlreadyOpen(CareError):
    """Somebody opened the case before, or it never was closed."""

    def __init__(self) -> None:
        super().__init__(_("This case is open already."))


class WasMerged(CareError):
    """The case is a part of another one now."""

    def __init__(self, into: Case) -> None:
        super().__init__(_("This case was merged into %(into)s. Go on there.") % {"into": into.reference})


class NotTheSameCitizen(CareError):
    """Two cases that can't become one."""

    def __init__(self) -> None:
        super().__init__(_("Only cases of one citizen at one account can be merged. Choose another."))


class InReferral(CareError):
    """The case is in the hands of another body."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            _("%(reference)s is in an open referral. Wait until it is done, or take it back.")
            % {"reference": case.reference}
        )


class NoPartOfIt(CareError):
    """No posts to split off, all of them, or those of another case."""

    def __init__(self) -> None:
        super().__init__(_("Tick some of the posts of this case, not all of them."))


class AlreadyTriaged(CareError):
    """Somebody decided before whose the case is."""

    def __init__(self) -> None:
        super().__init__(_("A colleague has decided already whose this case is."))


class NotBelow(CareError):
    """A body that is neither the person's own nor below it."""

    def __init__(self, body: Body) -> None:
        super().__init__(_("%(body)s is not yours to give cases to. Refer the case to it.") % {"body": body.name})


class NoTag(CareError):
    """A tag without words, or too long a one."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("A tag has one to %(limit)d characters.") % {"limit": limit})


class TooManyTags(CareError):
    """More tags than anybody reads."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("A case bears at most %(limit)d tags. Take one away first.") % {"limit": limit})


class TooManyAtOnce(CareError):
    """More cases ticked than are changed at once."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("At most %(limit)d cases can be changed at once.") % {"limit": limit})


class NothingTicked(CareError):
    """No case ticked."""

    def __init__(self) -> None:
        super().__init__(_("Tick some cases first."))


class ImpossiblePromise(CareError):
    """A promise of no time, or of more than anybody would wait."""

    def __init__(self, longest: int) -> None:
        super().__init__(
            _("Give working time in hours, such as 4 or 1.5, up to %(longest)d.") % {"longest": longest}
        )
