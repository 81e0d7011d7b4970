"""Promises with a due time in working hours, and what keeps a case from being forgotten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Body, Person
from tafaul.care.models.cases import Case, Kind
from tafaul.care.models.referrals import Referral
from tafaul.foundation.history import tracked


class Promised(models.TextChoices):
    """What is promised."""

    FIRST_REPLY = "first_reply", _("First reply")
    ACCEPTANCE = "acceptance", _("Acceptance of a referral")
    RESOLUTION = "resolution", _("Resolution")


@tracked(sought_by=["body"])
class Promise(models.Model):
    """How much working time a body gives itself. The one that says most decides; without any, its parent's do."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="promises")
    what = models.CharField(max_length=12, choices=Promised)
    kind = models.CharField(max_length=16, choices=Kind, blank=True, help_text="Empty: every kind")
    urgency = models.SmallIntegerField(choices=Case.Urgency, null=True, blank=True, help_text="Empty: all")
    channel = models.CharField(max_length=16, blank=True, help_text="Empty: every channel")
    working_time = models.DurationField()

    class Meta:
        ordering: ClassVar = ["what", "kind", "urgency", "channel"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "what", "kind", "urgency", "channel"],
                name="a_promise_is_made_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(working_time__gt="00:00:00"), name="a_promise_gives_some_time"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.what} {self.working_time}"


class Clock(models.Model):
    """One promise at work on one case. Times are moments (UTC); `promised` and `time_left` are working time.

    At `counted_from`, `time_left` was left: from these two follows when it is due. A clock has ended when it is
    met
    or dropped.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="clocks", db_index=False)
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="clocks", db_index=False, help_text="Whose calendar it follows"
    )
    promised_by = models.ForeignKey(Body, models.PROTECT, related_name="clocks_promised", db_index=False)
    what = models.CharField(max_length=12, choices=Promised)
    promised = models.DurationField()
    started_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    time_left = models.DurationField()
    due_at = models.DateTimeField(null=True, help_text="Empty while it is paused")
    look_at = models.DateTimeField(null=True, help_text="When somebody must hear of it next; empty: never")
    paused_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True, help_text="At three quarters")
    breached_at = models.DateTimeField(null=True)
    escalations = models.SmallIntegerField(default=0, help_text="How often it was taken to the next in line")
    ended_at = models.DateTimeField(null=True)
    was_met = models.BooleanField(null=True, help_text="Empty: runs, or was dropped")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["look_at"], name="clock_to_look_at", condition=Q(look_at__isnull=False)),
            models.Index(fields=["due_at"], name="clock_by_due_time", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["body", "ended_at"], name="clock_by_body"),
            models.Index(
                fields=["body", "due_at"],
                include=["case"],  # a board counts them from the index alone
                name="clock_running_by_body",
                condition=Q(ended_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "what"],
                condition=Q(ended_at__isnull=True),
                name="one_clock_of_a_sort_runs_on_a_case",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, due_at__isnull=False)
                | Q(paused_at__isnull=False, due_at__isnull=True, look_at__isnull=True),
                name="a_clock_runs_or_rests",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, was_met__isnull=True)
                | Q(ended_at__isnull=False, look_at__isnull=True),
                name="nobody_hears_of_an_ended_clock",
            ),
            models.CheckConstraint(
                condition=~Q(was_met=True) | Q(breached_at__isnull=True), name="a_broken_promise_was_not_met"
            ),
            models.CheckConstraint(
                condition=Q(what="acceptance", referral__isnull=False)
                | (~Q(what="acceptance") & Q(referral__isnull=True)),
                name="what_is_accepted_is_a_referral",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.what} {self.due_at}"


class Reminder(models.Model):
    """A person wants to be reminded of a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField()
    note = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, help_text="When the person was told that it is due")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="reminder_due", condition=Q(told_at__isnull=True, done_at__isnull=True)
            ),
            models.Index(fields=["person", "due_at"], name="reminder_open", condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.due_at} {self.case}"


@tracked(sought_by=["case"])
class OutsideReport(models.Model):
    """A case in another system, by its number, such as a report in the app for commercial reports."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="outside_reports")
    system = models.CharField(max_length=40, help_text="Slug in the pack")
    number = models.CharField(max_length=40)
    reported_on = models.DateField(null=True)
    noted_at = models.DateTimeField()
    ask_again_at = models.DateTimeField(null=True, help_text="When somebody must look what became of it")
    settled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ask_again_at"], name="outside_report_due", condition=Q(settled_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "system", "number"], name="an_outside_report_is_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.system} {self.number}"


@tracked(sought_by=["body"])
class Silence(models.Model):
    """For how many days a body waits for a citizen's word before a case closes by itself; 0: it never does.

    A body that says nothing waits as long as its parent.
    """

    body = models.OneToOneField(Body, models.CASCADE, related_name="silence")
    after_question = models.PositiveSmallIntegerField(help_text="Days after the citizen was asked")
    after_answer = models.PositiveSmallIntegerField(help_text="Days after the citizen was answered")
    reminds_first = models.BooleanField(
        help_text="Who was asked is reminded first: by a draft that a person sends"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(after_question__lte=365, after_answer__lte=365), name="silence_lasts_a_year_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.after_question}, {self.after_answer}"


class Rating(models.Model):
    """What a citizen thinks of how a case was handled; asked for once, after closing."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="rating")
    asked_at = models.DateTimeField()
    stars = models.SmallIntegerField(null=True)
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="one_to_five_stars"
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True, rated_at__isnull=True)
                | Q(stars__isnull=False, rated_at__isnull=False),
                name="who_rates_gives_stars",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.stars}"
