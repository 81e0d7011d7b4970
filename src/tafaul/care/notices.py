"""Notices: what a person must hear of, in the page at once, and by e-mail when it is not read there."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from tafaul.bodies.models import Person
from tafaul.care.models import Case, Notice

log = logging.getLogger(__name__)

MAILED_AFTER = timedelta(minutes=10)
MANY = 100
"""From so many unread notices on, nobody counts."""


def tell(people: Iterable[Person], case: Case, what: Notice.What) -> None:
    """Tell people what happened to a case. Their open pages show it at once when the transaction commits."""
    tell_many([(person.pk, case.pk) for person in people], what)


def tell_many(told: Iterable[tuple[int, int]], what: Notice.What) -> None:
    """Tell many people of many cases, given as pairs of their ids, with one statement."""
    now = timezone.now()
    pairs = dict.fromkeys(told)
    Notice.objects.bulk_create(
        [Notice(person_id=person, case_id=case, what=what, at=now) for person, case in pairs]
    )


def of(person: Person) -> QuerySet[Notice]:
    """Notices of a person, the latest first."""
    return person.notices.select_related("case").order_by("-pk")


def unread(person: Person) -> int:
    """Return how many notices a person has not read, up to a hundred."""
    return person.notices.filter(read_at=None)[:MANY].count()


def read(person: Person, *, case: Case | None = None) -> None:
    """Note that a person read their notices, or those of a case."""
    of_person = person.notices.filter(read_at=None)
    if case is not None:
        of_person = of_person.filter(case=case)
    of_person.update(read_at=timezone.now())


def due(now: datetime) -> bool:
    """Tell whether anybody must be mailed."""
    return _to_mail(now).exists()


def mail_unread(now: datetime) -> int:
    """Mail people what they did not read within ten minutes, all in one mail, and return how many mails left.

    A notice is noted as mailed before its mail leaves, so that it is mailed once at most, whatever dies between;
    it stays unread in the page in any case. While the mail server can't be reached, nothing is noted.
    """
    sent = 0
    try:
        with mail.get_connection() as connection:
            for person in Person.objects.filter(pk__in=_to_mail(now).values("person")):
                sent += _mail(person, now, connection)
    except OSError:
        log.warning("notices wait for the mail server", exc_info=True)
    return sent


def _to_mail(now: datetime) -> QuerySet[Notice]:
    late = Notice.objects.filter(read_at=None, mailed_at=None, at__lte=now - MAILED_AFTER)
    return late.filter(person__is_active=True).exclude(person__email="")


def _mail(person: Person, now: datetime, connection: BaseEmailBackend) -> bool:
    with transaction.atomic():
        late = _to_mail(now).filter(person=person).select_related("case").order_by("pk")
        told = list(late.select_for_update(of=("self",), skip_locked=True))
        Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(mailed_at=now)
    if not told:
        return False
    try:
        _written(person, told, connection).send()
    except (SMTPRecipientsRefused, SMTPDataError) as refused:
        log.warning("the mail server refused the notices of person %s: %s", person.pk, refused)
        return False
    return True


def _written(person: Person, told: list[Notice], connection: BaseEmailBackend) -> EmailMessage:
    """Return the mail: references and what happened, and nothing about citizens."""
    with translation.override(person.language):
        count = len(told)
        subject = ngettext("Tafaul: %(count)d notice", "Tafaul: %(count)d notices", count) % {"count": count}
        lines = "\n".join(f"- {notice.case.reference}: {notice.get_what_display()}" for notice in told)
        parts = [
            gettext("Hello %(name)s,") % {"name": person.name},
            gettext("This waits for you in Tafaul:"),
            lines,
            settings.ADDRESS.rstrip("/") + reverse("notices"),
        ]
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": person.language}
    return EmailMessage(
        subject, "\n\n".join(parts) + "\n", to=[person.email], headers=headers, connection=connection
    )
