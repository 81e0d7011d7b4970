"""Where reading the channels stands, and what it could not get."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tafaul.bodies.models import Account


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
