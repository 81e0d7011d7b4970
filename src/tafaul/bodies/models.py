"""Bodies and their tree, their accounts on channels, and the people who work for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tafaul.foundation.secret import EncryptedTextField


class AnswerMode(models.TextChoices):
    """The ways in which a body answers; every reply has exactly one."""

    ANSWERED = "answered", _("Direct answer")
    REFERRED = "referred", _("Referred to the competent body")
    TAKEN_PRIVATE = "taken_private", _("In private messages")
    CONTACT_NUMBER = "contact_number", _("Unified number")
    ACKNOWLEDGED = "acknowledged", _("Received")


class Body(models.Model):
    """A ministry, authority, programme, amana or municipality; bodies form a tree."""

    slug = models.SlugField(max_length=64, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    name_ar = models.TextField()
    name_en = models.TextField()
    contact_number = models.CharField(max_length=32, blank=True)
    usual_answer = models.CharField(max_length=16, choices=AnswerMode, default=AnswerMode.ACKNOWLEDGED)
    monthly_budget = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="US dollars; empty: no limit"
    )

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_ar


class Account(models.Model):
    """A body's official account on a channel."""

    class State(models.TextChoices):
        """Whether the account can be read and answered from."""

        CONNECTED = "connected", _("Connected")
        DISCONNECTED = "disconnected", _("Disconnected")

    body = models.ForeignKey(Body, models.PROTECT, related_name="accounts")
    channel = models.CharField(max_length=16)
    external_id = models.CharField(max_length=64)
    handle = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State, default=State.CONNECTED)
    trouble = models.TextField(blank=True, help_text="Why it is disconnected")
    access_token = EncryptedTextField(blank=True)
    refresh_token = EncryptedTextField(blank=True)
    token_expires_at = models.DateTimeField(null=True, blank=True)
    send_after = models.DateTimeField(null=True, blank=True, help_text="The channel asked to wait until then")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="an_account_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class Person(AbstractUser):
    """Someone who works for one or several bodies."""

    name_ar = models.TextField(blank=True)
    name_en = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="ar")
    bodies = models.ManyToManyField(Body, through="Membership", related_name="people")

    @property
    def name(self) -> str:
        """The name in the reader's language, or the log-in."""
        english = (get_language() or "").startswith("en")
        return (self.name_en if english else self.name_ar) or self.username


class Membership(models.Model):
    """A person's role in a body."""

    class Role(models.TextChoices):
        """What a person does for a body."""

        AGENT = "agent", _("Agent")
        APPROVER = "approver", _("Approver")
        SUPERVISOR = "supervisor", _("Supervisor")
        KNOWLEDGE_EDITOR = "knowledge_editor", _("Knowledge editor")
        ADMINISTRATOR = "administrator", _("Administrator")
        AUDITOR = "auditor", _("Auditor")

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    body = models.ForeignKey(Body, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "body", "role"], name="a_role_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.body} · {self.role}"


class Spending(models.Model):
    """What an account's calls to its channel cost on one day (UTC), by operation."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="spending")
    day = models.DateField()
    operation = models.CharField(max_length=40)
    calls = models.BigIntegerField(default=0)
    failed_calls = models.BigIntegerField(default=0)
    resources = models.BigIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=4, default=0, help_text="US dollars")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "day", "operation"], name="spending_is_summed_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day} {self.operation}: {self.cost}"
