"""Cases handed to the competent body, and the rules by which that happens by itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Account, Body, Person
from tafaul.care.models.cases import Case, Kind
from tafaul.foundation.history import tracked


@tracked(without=["email_key", "mail_tries", "mail_after", "mail_trouble"], sought_by=["case"])
class Referral(models.Model):
    """A case handed to the competent body or unit, until it is accepted, returned, passed on or done.

    Until it is accepted, the body that refers answers for the case.
    """

    class State(models.TextChoices):
        """How far it came."""

        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        PASSED_ON = "passed_on", _("Passed on")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    OPEN = (State.SENT, State.ACCEPTED)

    class Reason(models.TextChoices):
        """Why it is handed over."""

        COMPETENCE = "competence", _("It belongs to the other body")
        PLACE = "place", _("The place is the other body's")
        UNIT = "unit", _("A unit of ours deals with it")
        ADVICE = "advice", _("The other body must say something to it")

    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals", db_index=False)
    from_body = models.ForeignKey(Body, models.PROTECT, related_name="referrals_sent")
    to_body = models.ForeignKey(Body, models.PROTECT, related_name="referrals_received", db_index=False)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="next", help_text="The one that was passed on by this one"
    )
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="referrals_sent")
    sent_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="referrals_decided")
    decided_at = models.DateTimeField(null=True, help_text="When it was accepted, returned or passed on")
    returned_because = models.TextField(blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="referrals_done")
    done_at = models.DateTimeField(null=True)
    done_note = models.TextField(blank=True)
    email = models.EmailField(blank=True, help_text="Where it went, when nobody of the body works here")
    email_key = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the secret in the mail's link")
    mail_tries = models.IntegerField(default=0, db_default=0)
    mail_after = models.DateTimeField(null=True, help_text="When to try again; empty after a try: never")
    mail_trouble = models.TextField(blank=True, db_default="")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["to_body", "state"], name="referral_by_receiver"),
            models.Index(fields=["case"], name="referral_by_case"),
            models.Index(
                fields=["id"],
                name="referral_to_mail",
                condition=Q(state="sent", mailed_at__isnull=True) & ~Q(email=""),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["sent", "accepted"]),
                name="a_case_is_in_one_referral_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(from_body=F("to_body")), name="a_referral_goes_elsewhere"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_because=""), name="who_returns_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="what_is_done_was_done_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "withdrawn"], decided_at__isnull=True)
                | Q(state__in=["accepted", "returned", "passed_on", "done"], decided_at__isnull=False),
                name="what_is_decided_was_decided_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["email_key"], condition=~Q(email_key=""), name="a_mail_s_secret_opens_one_referral"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.from_body} ▸ {self.to_body} ({self.state})"


@tracked(sought_by=["body"])
class RoutingRule(models.Model):
    """Where new cases of some accounts go: the first rule that fits decides. An empty field fits everything.

    `body` is whose accounts the rule is for: its own and those of the bodies below it.
    """

    body = models.ForeignKey(Body, models.CASCADE, related_name="routing_rules")
    position = models.IntegerField()
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="routing_rules")
    topic = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=64, blank=True, help_text="What lies in it fits too")
    kind = models.CharField(max_length=16, choices=Kind, blank=True)
    to_body = models.ForeignKey(
        Body, models.PROTECT, null=True, related_name="routed_by", help_text="Empty: triage"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["body", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "position"], name="rules_follow_each_other", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.topic or '*'} {self.place or '*'} ▸ {self.to_body or 'triage'}"
