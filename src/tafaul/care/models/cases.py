"""Citizens, their posts, and the cases made of them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Account, Body, Person
from tafaul.foundation.history import FROM_AND_TO, tracked


class Visibility(models.TextChoices):
    """Who can read a post or a reply on the channel."""

    PUBLIC = "public", _("Public")
    PRIVATE = "private", _("Private")


class Kind(models.TextChoices):
    """What the citizen wants."""

    COMPLAINT = "complaint", _("Complaint")
    INQUIRY = "inquiry", _("Inquiry")
    SUGGESTION = "suggestion", _("Suggestion")
    THANKS = "thanks", _("Thanks")
    OTHER = "other", _("Other")


class Citizen(models.Model):
    """Whoever writes, as the channel knows them."""

    channel = models.CharField(max_length=16)
    external_id = models.CharField(max_length=64)
    handle = models.CharField(max_length=64, blank=True)
    name = models.TextField(blank=True)
    read_on = models.DateField(null=True, help_text="Day (UTC) on which the channel last charged for reading them")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="a_citizen_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}" if self.handle else self.external_id


@tracked(
    *FROM_AND_TO,
    only=[
        "reference", "body", "account", "assignee", "state", "kind", "topic", "place", "urgency", "needs_triage",
        "tags",
        "outcome", "outcome_note", "merged_into",
    ],
)  # fmt: skip
class Case(models.Model):
    """What one citizen wants, from opening to closing.

    `body` is the competent body; `account` is where the citizen wrote and whence the reply goes.
    Both bodies see the case, and those that it was referred to: `seen_by`, which a trigger keeps.
    """

    class State(models.TextChoices):
        """Open: the citizen waits for us. Answered: nobody waits. Asked: we wait for the citizen."""

        OPEN = "open", _("Open")
        ASKED = "asked", _("Citizen asked")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        """What a closed case came to."""

        SETTLED = "settled", _("Put right")
        ANSWERED = "answered", _("Answered")
        NOT_OURS = "not_ours", _("Not for this body")
        NOT_POSSIBLE = "not_possible", _("Can't be done")
        WITHDRAWN = "withdrawn", _("Withdrawn by the citizen")
        SILENT = "silent", _("No word from the citizen")
        MERGED = "merged", _("Merged into another case")
        MISUSE = "misuse", _("Advertising or abuse")

    class Urgency(models.IntegerChoices):
        """How soon a person must look."""

        URGENT = 0, _("Urgent")
        NORMAL = 1, _("Normal")
        LOW = 2, _("Low")

    reference = models.CharField(max_length=16)
    account = models.ForeignKey(Account, models.PROTECT, related_name="cases", db_index=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="cases", db_index=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="cases", db_index=False)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    kind = models.CharField(max_length=16, choices=Kind)
    topic = models.CharField(max_length=40, blank=True, help_text="Empty: not known")
    place = models.CharField(max_length=64, blank=True)
    urgency = models.SmallIntegerField(choices=Urgency, default=Urgency.NORMAL)
    urgent_because = models.TextField(blank=True)
    priority = models.SmallIntegerField(default=2, help_text="0 first to 4 last")
    repeats = models.IntegerField(default=0, db_default=0, help_text="Times the citizen wrote again while waiting")
    needs_triage = models.BooleanField(default=False, help_text="Nobody is sure whose it is")
    assignee = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="assigned_cases", db_index=False)
    tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    subject = models.TextField(help_text="How the first post begins, personal data masked")
    posts_count = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, help_text="Since when the citizen waits for a reply")
    last_post_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, db_default="")
    outcome_note = models.TextField(blank=True, db_default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    portal_key = models.UUIDField(db_default=RandomUUID(), unique=True, help_text="Secret of the citizen's link")
    seen_by = ArrayField(models.BigIntegerField(), db_default=[], help_text="Ids of bodies, kept by a trigger")
    search = SearchVectorField(null=True, help_text="Normalised words of its posts")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["body", "state", "-last_post_at"], name="case_by_body"),
            models.Index(fields=["account", "state", "-last_post_at"], name="case_by_account"),
            models.Index(fields=["citizen", "account"], name="case_by_citizen"),
            models.Index(
                fields=["body", "state"],
                include=["id", "seen_by"],  # a board counts them from the index alone
                name="case_not_closed",
                condition=~Q(state="closed"),
            ),
            models.Index(
                fields=["priority", "waiting_since", "id"], name="case_that_waits", condition=Q(state="open")
            ),
            models.Index(fields=["waiting_since"], name="case_by_wait", condition=Q(state="open")),
            models.Index(fields=["-last_post_at", "-id"], name="case_by_last_post"),
            models.Index(fields=["answered_at"], name="case_by_answer"),
            models.Index(
                fields=["priority", "waiting_since", "id"],
                name="case_to_triage",
                condition=Q(state="open", needs_triage=True),
            ),
            models.Index(
                fields=["priority", "waiting_since", "id"],
                name="case_urgent",
                condition=Q(state="open", urgency=0),
            ),
            models.Index(fields=["body", "-last_post_at"], name="case_tagged", condition=~Q(tags=[])),
            models.Index(fields=["merged_into"], name="case_merged", condition=Q(merged_into__isnull=False)),
            models.Index(
                fields=["assignee", "state"], name="case_by_assignee", condition=Q(assignee__isnull=False)
            ),
            GinIndex(fields=["search"], name="case_by_words"),
            GinIndex(fields=["seen_by"], name="case_by_who_sees_it"),
            GinIndex(fields=["tags"], name="case_by_tag"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference"], name="a_reference_names_one_case"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(waiting_since__isnull=False),
                name="who_is_open_waits_since_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(waiting_since__isnull=True), name="who_waits_has_an_open_case"
            ),
            models.CheckConstraint(
                condition=Q(state="closed") | Q(closed_at__isnull=True, outcome="", outcome_note=""),
                name="only_a_closed_case_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_case_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state="closed", outcome="merged"),
                name="a_merged_case_is_closed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="merged") | Q(merged_into__isnull=False), name="a_merged_case_says_into_which"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="a_case_is_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=Q(priority__range=(0, 4)), name="a_priority_is_one_of_five"),
        ]

    def __str__(self) -> str:
        return self.reference


@tracked(sought_by=["one", "other"])
class CaseLink(models.Model):
    """Two cases that belong together: of one thread, or split from each other."""

    class Why(models.TextChoices):
        """What ties the cases."""

        THREAD = "thread", _("Same conversation")
        SPLIT = "split", _("Split from each other")

    one = models.ForeignKey(Case, models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, models.CASCADE, related_name="links_back")
    why = models.CharField(max_length=8, choices=Why)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="two_cases_are_linked_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="the_older_case_is_named_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one} · {self.other}"


class Post(models.Model):
    """One message of a citizen to an account. Its words never change once stored.

    The columns of understanding are empty until the post is worked, and set once.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts", db_index=False)
    external_id = models.CharField(max_length=64)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="posts")
    visibility = models.CharField(max_length=8, choices=Visibility)
    text = models.TextField()
    raw = models.TextField(help_text="The channel's own JSON, in ASCII")
    conversation_id = models.CharField(max_length=96, blank=True)
    in_reply_to = models.CharField(max_length=64, blank=True)
    written_at = models.DateTimeField()
    received_at = models.DateTimeField()

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="posts", db_index=False)
    understood = models.JSONField(null=True, help_text="Kind, topic, body, place and how sure each is")
    trouble = models.TextField(
        blank=True, db_default="", help_text="Why it could not be worked; it is tried again"
    )
    hidden_at = models.DateTimeField(null=True, help_text="When we hid it on the channel")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "external_id"], name="a_post_is_stored_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="post_not_worked", condition=Q(case__isnull=True, trouble="")),
            models.Index(
                fields=["account"], name="post_in_trouble", condition=Q(case__isnull=True) & ~Q(trouble="")
            ),
            models.Index(fields=["case"], name="post_by_case", condition=Q(case__isnull=False)),
            models.Index(
                fields=["account", "conversation_id", "id"],
                name="post_in_conversation",
                condition=Q(case__isnull=False, visibility="public")
                & ~Q(conversation_id="")
                & ~Q(conversation_id=models.F("external_id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ◂ {self.external_id}"


@tracked()
class Correction(models.Model):
    """What a person says a post is about, where the understanding was wrong. Training learns from it."""

    post = models.OneToOneField(Post, models.PROTECT, related_name="correction")
    kind = models.CharField(max_length=16, choices=Kind)
    topic = models.CharField(max_length=40, blank=True, help_text="Empty: of no topic")
    by = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.post}: {self.kind} {self.topic}"
