"""What can go wrong among colleagues: who has a case, notes, files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tafaul.care.errors.base import CareError

if TYPE_CHECKING:
    from tafaul.bodies.models import Person


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
