"""What a body says to a citizen."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Account, AnswerMode, Person
from tafaul.care.models.cases import Case, Post, Visibility
from tafaul.foundation.history import tracked


@tracked(
    pghistory.InsertEvent(condition=pghistory.Condition("NEW.state <> 'draft'")),
    pghistory.UpdateEvent(
        condition=pghistory.Condition("NEW.state NOT IN ('draft', 'sending') AND NEW.state <> OLD.state")
    ),
    only=["case", "account", "answers", "mode", "visibility", "text", "state", "approved_by", "failure"],
    sought_by=["case"],
)
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
    asks = models.BooleanField(default=False, db_default=False, help_text="We wait for the citizen's answer to it")
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
            models.Index(
                fields=["account", "state"],
                name="reply_not_settled",
                condition=Q(state__in=["queued", "sending", "failed"]),
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
