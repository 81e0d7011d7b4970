"""What can go wrong in the domain, said to the person who asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafaul.care import taxonomy

if TYPE_CHECKING:
    from tafaul.bodies.models import Body, Person
    from tafaul.care.models import Case, Referral


class CareError(Exception):
    """Something was not done; the text tells the user why and what to do, in their language."""


class NotYours(CareError):
    """The person may not see or do this."""

    def __init__(self) -> None:
        super().__init__(_("This belongs to another body. Ask your supervisor if you need it."))


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


class AlreadyTaken(CareError):
    """A colleague took the case, gave it away or let go of it meanwhile."""

    def __init__(self, by: Person | None) -> None:
        if by is None:
            super().__init__(_("A colleague let go of this case meanwhile. Look at it again."))
        else:
            super().__init__(_("%(name)s was faster and has this case.") % {"name": by.name})


class MayNotAnswer(CareError):
    """A case would be given to somebody who may not answer it."""

    def __init__(self, person: Person) -> None:
        super().__init__(_("%(name)s may not answer this case. Choose somebody else.") % {"name": person.name})


class EmptyNote(CareError):
    """A note without words."""

    def __init__(self) -> None:
        super().__init__(_("Write the note first."))


class NoteTooLong(CareError):
    """A note longer than anybody reads."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("The note is too long: at most %(limit)d characters.") % {"limit": limit})


class MayNotSee(CareError):
    """A note mentions people who may not see the case."""

    def __init__(self, people: Iterable[Person]) -> None:
        names = _(", ").join(person.name for person in people)
        super().__init__(_("May not see this case: %(names)s. Take them out of the note.") % {"names": names})


class NoteStays(CareError):
    """A note can't be taken back any more, or not by this person."""

    def __init__(self) -> None:
        super().__init__(_("Only who wrote a note can take it back, within ten minutes."))


class FileRefused(CareError):
    """A file that is not kept; each sort of refusal says why."""


class FileEmpty(FileRefused):
    """A file without content."""

    def __init__(self, name: str) -> None:
        super().__init__(_("«%(name)s» is empty.") % {"name": name})


class FileTooLarge(FileRefused):
    """A file over the limit."""

    def __init__(self, name: str) -> None:
        super().__init__(_("«%(name)s» is larger than 10 MB.") % {"name": name})


class FileNotAllowed(FileRefused):
    """A file of a type that is not taken, whatever its name says."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "«%(name)s» is not of a type that is taken: pictures (JPEG, PNG, GIF, WebP), PDF, "
                "office documents (docx, xlsx, pptx, odt, ods, odp) and text."
            )
            % {"name": name}
        )


class MacrosInside(FileRefused):
    """An office document that carries a program."""

    def __init__(self, name: str) -> None:
        super().__init__(_("«%(name)s» carries macros. Save it without them.") % {"name": name})


class PictureTooLarge(FileRefused):
    """A picture that would take too much memory to show."""

    def __init__(self, name: str) -> None:
        super().__init__(_("The picture «%(name)s» is too large to be shown. Make it smaller.") % {"name": name})


class NotTheirFile(CareError):
    """Somebody removes a file of a colleague."""

    def __init__(self) -> None:
        super().__init__(_("Only who put a file here and supervisors remove it."))


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


class NothingSaid(CareError):
    """A field that needs words has none."""

    def __init__(self) -> None:
        super().__init__(_("Write a few words first."))


class TooManyWords(CareError):
    """A text longer than what is kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("The text is too long: at most %(limit)d characters.") % {"limit": limit})


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


class LinkInPublic(CareError):
    """A public reply that holds the secret link of a citizen's page."""

    def __init__(self) -> None:
        super().__init__(_("The link to the citizen's page is theirs alone. Send it in private."))


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


class ReplyUnderWay(CareError):
    """A reply leaves at this moment."""

    def __init__(self) -> None:
        super().__init__(_("A reply to this is on its way. Wait a moment until it has arrived."))


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
