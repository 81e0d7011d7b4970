"""Bodies and their tree, their accounts on channels, and the people who work for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tafaul.foundation.history import tracked
from tafaul.foundation.secret import EncryptedTextField


class AnswerMode(models.TextChoices):
    """The ways in which a body answers; every reply has exactly one."""

    ANSWERED = "answered", _("Direct answer")
    REFERRED = "referred", _("Referred to the competent body")
    TAKEN_PRIVATE = "taken_private", _("In private messages")
    CONTACT_NUMBER = "contact_number", _("Unified number")
    ACKNOWLEDGED = "acknowledged", _("Received")


class Assignment(models.TextChoices):
    """How a body's new cases get to its agents who are at the desk."""

    HAND = "hand", _("By hand")
    TURN = "turn", _("By turns")
    LOAD = "load", _("To whoever has the fewest")


@tracked()
class Body(models.Model):
    """A ministry, authority, programme, amana or municipality; bodies form a tree."""

    slug = models.SlugField(max_length=64, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    name_ar = models.TextField()
    name_en = models.TextField()
    contact_number = models.CharField(max_length=32, blank=True)
    referral_email = models.EmailField(blank=True, help_text="Where referrals go while nobody of it works here")
    territory = ArrayField(models.CharField(max_length=64), default=list, blank=True, help_text="Slugs of places")
    withheld_topics = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Topics it may not be referred"
    )
    usual_answer = models.CharField(max_length=16, choices=AnswerMode, default=AnswerMode.ACKNOWLEDGED)
    assignment = models.CharField(max_length=8, choices=Assignment, default=Assignment.HAND)
    monthly_budget = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="US dollars; empty: no limit"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="a_body_is_not_below_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_ar


@tracked(without=["access_token", "refresh_token", "token_expires_at", "send_after"])
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


@tracked(only=["username", "email", "name_ar", "name_en", "language", "is_active"])
class Person(AbstractUser):
    """Someone who works for one or several bodies."""

    name_ar = models.TextField(blank=True)
    name_en = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="ar")
    at_desk_since = models.DateTimeField(null=True, blank=True, help_text="Empty: away")
    bodies = models.ManyToManyField(Body, through="Membership", related_name="people")

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="a_log_in_name_is_taken_once"),
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="an_email_address_belongs_to_one_person"
            ),
        ]

    @property
    def is_administrator(self) -> bool:
        """Tell whether the person administers any body."""
        return self.memberships.filter(role=Membership.Role.ADMINISTRATOR).exists()

    @property
    def leads(self) -> bool:
        """Tell whether the person supervises or administers any body."""
        roles = (Membership.Role.SUPERVISOR, Membership.Role.ADMINISTRATOR)
        return self.memberships.filter(role__in=roles).exists()

    @property
    def name(self) -> str:
        """The name in the reader's language, or the log-in."""
        english = (get_language() or "").startswith("en")
        return (self.name_en if english else self.name_ar) or self.username


@tracked(without=["given_at"], sought_by=["body"])
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
    given_at = models.DateTimeField(null=True, blank=True, help_text="When a case last came to them by itself")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "body", "role"], name="a_role_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.body} · {self.role}"


@tracked(without=["digest"], sought_by=["body"])
class Invitation(models.Model):
    """Somebody is asked to work for a body: a link, good once and for some days, to choose a password."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Membership.Role)
    email = models.EmailField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="accepted_invitations")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="an_invitation_is_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["body", "role", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_to_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ▸ {self.body} · {self.role}"

    @property
    def has_expired(self) -> bool:
        """Tell whether the link is too old."""
        return self.expires_at <= timezone.now()


class Season(models.TextChoices):
    """When hours of work hold."""

    USUAL = "usual", _("Usual days")
    RAMADAN = "ramadan", _("Ramadan")


@tracked(sought_by=["body"])
class WorkingHours(models.Model):
    """A stretch of a weekday in which a body works, in Asia/Riyadh. A body without any has those of its parent."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="working_hours")
    season = models.CharField(max_length=8, choices=Season, default=Season.USUAL)
    weekday = models.SmallIntegerField(help_text="0 is Monday, 6 is Sunday")
    opens = models.TimeField()
    closes = models.TimeField(help_text="00:00 is midnight at the day's end")

    class Meta:
        ordering: ClassVar = ["season", "weekday", "opens"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="a_weekday_is_one_of_seven"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")) | Q(closes="00:00"), name="work_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["body", "season", "weekday", "opens"], name="working_hours_are_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.season} {self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


@tracked(sought_by=["body"])
class DayOff(models.Model):
    """A day on which a body does not work besides the country's holidays, or works although it is one."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="days_off")
    day = models.DateField()
    name = models.TextField(blank=True)
    is_worked = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "day"], name="a_day_off_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.day}"


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
