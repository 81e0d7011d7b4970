"""The domain: citizens and their posts, the cases made of them, and the replies that leave."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Account, AnswerMode, Body, Person


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


class Case(models.Model):
    """What one citizen wants, from opening to closing.

    `body` is the competent body; `account` is where the citizen wrote and whence the reply goes.
    Both bodies see the case.
    """

    class State(models.TextChoices):
        """Open: the citizen waits for us. Answered: we wait for the citizen, or for nothing."""

        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

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
    subject = models.TextField(help_text="How the first post begins, personal data masked")
    posts_count = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, help_text="Since when the citizen waits for a reply")
    last_post_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["body", "state", "-last_post_at"], name="case_by_body"),
            models.Index(fields=["account", "state", "-last_post_at"], name="case_by_account"),
            models.Index(fields=["citizen", "account"], name="case_by_citizen"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference"], name="a_reference_names_one_case"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(waiting_since__isnull=False),
                name="who_is_open_waits_since_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


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
            models.Index(fields=["case"], name="post_by_case", condition=Q(case__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.account} ◂ {self.external_id}"


class Correction(models.Model):
    """What a person says a post is about, where the understanding was wrong. Training learns from it."""

    post = models.OneToOneField(Post, models.PROTECT, related_name="correction")
    kind = models.CharField(max_length=16, choices=Kind)
    topic = models.CharField(max_length=40, blank=True, help_text="Empty: of no topic")
    by = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.post}: {self.kind} {self.topic}"


class Reply(models.Model):
    """What a body says to a citizen, from its draft to the channel."""

    class State(models.TextChoices):
        """The way of a reply through the outbox."""

        DRAFT = "draft", _("Draft")
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    case = models.ForeignKey(Case, models.PROTECT, related_name="replies", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="replies", db_index=False)
    answers = models.ForeignKey(Post, models.PROTECT, related_name="replies", help_text="The post it answers")
    mode = models.CharField(max_length=16, choices=AnswerMode)
    visibility = models.CharField(max_length=8, choices=Visibility)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State)
    form_key = models.UUIDField(
        null=True, unique=True, help_text="Of the form it came with: sent twice, kept once"
    )
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="replies")
    approved_at = models.DateTimeField(null=True)
    seen_post_id = models.BigIntegerField(null=True, help_text="The case's last post when it was approved")
    first_tried_at = models.DateTimeField(null=True)
    last_tried_at = models.DateTimeField(null=True)
    try_after = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    external_id = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["account", "id"],
                name="reply_to_deliver",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["case"], name="reply_by_case"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(approved_by__isnull=False) & Q(approved_at__isnull=False)),
                name="a_reply_leaves_only_when_a_person_approved_it",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_at__isnull=False) & ~Q(external_id="")),
                name="a_sent_reply_is_known_on_its_channel",
            ),
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=~Q(external_id=""),
                name="a_sent_reply_is_recorded_once",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state="draft"), name="a_case_has_one_draft"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="a_failed_reply_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case} ▸ {self.mode} ({self.state})"


class Reading(models.Model):
    """Where reading a stream of an account stands. It moves in the transaction that stores the posts."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="readings")
    stream = models.CharField(max_length=16)
    position = models.JSONField(null=True)
    read_at = models.DateTimeField(null=True, help_text="When it was last read without trouble")
    read_after = models.DateTimeField(null=True, help_text="Not before then")
    trouble = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "stream"], name="a_stream_is_read_from_one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.stream}"


class Gap(models.Model):
    """A stretch of time whose posts a channel does not give any more: shown, never hidden."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="gaps")
    after = models.DateTimeField()
    before = models.DateTimeField()
    reason = models.TextField()
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "after", "before"], name="a_gap_is_recorded_once"),
            models.CheckConstraint(condition=Q(after__lte=F("before")), name="a_gap_begins_before_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.after:%F %T}..{self.before:%F %T}"


class UnreadablePost(models.Model):
    """Something a channel served that could not be read as a post: kept whole and listed."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="unreadable_posts")
    raw = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "digest"], name="an_unreadable_post_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.reason}"
