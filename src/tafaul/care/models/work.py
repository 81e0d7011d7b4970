"""What colleagues do about a case among themselves: notes, files, who is looking, and who must be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Person
from tafaul.care.models.cases import Case
from tafaul.foundation.history import tracked


@tracked(without=["text"], sought_by=["case"])
class Note(models.Model):
    """Something colleagues say to each other about a case; the citizen never sees it.

    A trigger keeps its words, its author and its time as they are.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    by = models.ForeignKey(Person, models.PROTECT, related_name="notes")
    text = models.TextField()
    mentions = models.ManyToManyField(Person, related_name="mentioned_in")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="a_note_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.by}"


@tracked(without=["file"], sought_by=["case"])
class Attachment(models.Model):
    """A file that a colleague put to a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    note = models.ForeignKey(Note, models.CASCADE, null=True, related_name="attachments")
    by = models.ForeignKey(Person, models.PROTECT, related_name="attachments")
    name = models.TextField()
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    file = models.FileField(upload_to="attachments/%Y/%m")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=10 * 1024 * 1024), name="a_file_is_neither_empty_nor_huge"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown small."""
        return self.content_type.startswith("image/")


class Presence(models.Model):
    """Who has a case open at this moment, and who is writing. The table is unlogged: a crash empties it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person"], name="a_person_looks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ▸ {self.case}"


class Notice(models.Model):
    """Something that a person must hear of: in the page at once, by e-mail when it is not read there."""

    class What(models.TextChoices):
        """What happened."""

        ASSIGNED = "assigned", _("A case was given to you")
        MENTIONED = "mentioned", _("A colleague mentioned you")
        REFERRED = "referred", _("A case was referred to your body")
        RETURNED = "returned", _("A referral came back")
        DONE = "done", _("A referral was done")
        WARNED = "warned", _("A promise is about to break")
        BREACHED = "breached", _("A promise was broken")
        REMINDED = "reminded", _("A reminder of yours")
        REOPENED = "reopened", _("The citizen came back")
        RATED = "rated", _("A citizen is not content")

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notices")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="notice_by_person"),
            models.Index(fields=["person", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["at"], name="notice_to_mail", condition=Q(read_at__isnull=True, mailed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.what} {self.case}"
