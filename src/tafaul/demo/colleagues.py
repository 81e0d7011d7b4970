"""Colleagues of the demonstration: as agents do, they accept referrals and answer cases with the drafted words."""

from __future__ import annotations

import logging
import random
import threading
import uuid
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, close_old_connections

from tafaul.bodies.models import Body, Membership, Person
from tafaul.care import referrals, replies
from tafaul.care.errors import CareError
from tafaul.care.models import Case, Referral, Reply

log = logging.getLogger(__name__)

SHARE = 0.6
"""Of the cases; the others are left to whoever tries the demo."""

PAUSE = timedelta(seconds=6)
"""How long a draft stands before a colleague takes it."""

AT_ONCE = 40


class Colleagues:
    """Approve drafts until told to stop. With a share of 1 they answer everything."""

    def __init__(self, *, share: float, pause: timedelta, seed: int) -> None:
        self._share, self._pause = share, pause
        self._random = random.Random(seed)  # noqa: S311
        self._seen = self._seen_referral = 0
        self._agents: dict[int, Person] = {}
        self.stop = threading.Event()

    def work(self) -> None:
        """Look every second for drafts to approve."""
        while not self.stop.wait(1):
            try:
                close_old_connections()
                self.accept_referrals()
                self.approve_drafts()
            except DatabaseError:
                log.warning("the colleagues wait for the database", exc_info=True)

    def accept_referrals(self) -> int:
        """Accept some of the referrals that stand long enough, and return how many."""
        ready = Referral.objects.filter(
            state=Referral.State.SENT,
            sent_at__lte=datetime.now(UTC) - self._pause,
            id__gt=self._seen_referral,
            to_body__memberships__role=Membership.Role.AGENT,
        )
        accepted = 0
        for referral in ready.select_related("case", "to_body").order_by("id").distinct()[:AT_ONCE]:
            self._seen_referral = referral.pk
            if self._random.random() < self._share:
                accepted += self._accept(referral)
        return accepted

    def _accept(self, referral: Referral) -> bool:
        try:
            referrals.accept(referral, self._agent(referral.to_body))
        except CareError as error:
            log.warning("the referral of %s was not accepted: %s", referral.case, error)
            return False
        return True

    def approve_drafts(self) -> int:
        """Approve some of the drafts that stand long enough, and return how many."""
        ready = Reply.objects.filter(
            state=Reply.State.DRAFT, created_at__lte=datetime.now(UTC) - self._pause, id__gt=self._seen
        )
        approved = 0
        for draft in ready.select_related("case__account__body").order_by("id")[:AT_ONCE]:
            self._seen = draft.pk
            if self._random.random() < self._share:
                approved += self._approve(draft)
        return approved

    def _approve(self, draft: Reply) -> bool:
        case = draft.case
        if case.state != Case.State.OPEN:
            return False
        agent = self._agent(case.account.body)
        told = {"mode": draft.mode, "visibility": draft.visibility, "text": draft.text}
        try:
            replies.send(case, agent, form_key=uuid.uuid4(), asks=False, **told)
        except CareError as error:
            log.warning("the draft of %s was not sent: %s", case, error)
            return False
        return True

    def _agent(self, body: Body) -> Person:
        if body.pk not in self._agents:
            role = Membership.Role.AGENT
            self._agents[body.pk] = Person.objects.filter(memberships__body=body, memberships__role=role)[0]
        return self._agents[body.pk]
