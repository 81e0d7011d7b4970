"""Referrals by e-mail, to bodies where nobody works with Tafaul: a mail with a link by which they decide.

A mail server, like a channel, has no idempotency key, and cannot be asked later whether it took a mail. So each
try is stored before the call, and one of unknown fate is made again after a rest, with the same Message-ID and the
same link: a mail that comes twice does nothing twice, but one that never came would leave a citizen waiting for
good. The secret in the link is made of the installation's key, so that it need not be stored; the database has its
SHA-256.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from tafaul.care import taxonomy
from tafaul.care.errors import LinkUnknown
from tafaul.care.masking import mask, without_address, without_personal_data
from tafaul.care.models import Post, Referral, Visibility
from tafaul.foundation import locks

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_POSTS = 5


def due() -> bool:
    """Tell whether a referral waits to be mailed now."""
    return _due().exists()


def send() -> int:
    """Mail the referrals that are due, and return how many the mail server took. One process does at a time."""
    taken = 0
    with locks.exclusive("referral mail") as mine:
        for number in _due().order_by("id").values_list("pk", flat=True) if mine else ():
            referral = _about_to_mail(number)
            taken += referral is not None and _mail(referral)
    return taken


def find(secret: str) -> Referral:
    """Return the referral of a link. Raises `LinkUnknown`."""
    found = Referral.objects.select_related("case__account__body", "from_body", "to_body", "decided_by", "done_by")
    referral = found.filter(email_key=digest(secret)).first()
    if referral is None:
        raise LinkUnknown
    return referral


def matter(referral: Referral) -> dict[str, object]:
    """Return what the outside clerk is told of a case: no names, no private messages, personal data masked."""
    public = referral.case.posts.filter(visibility=Visibility.PUBLIC).order_by("written_at", "id")
    return {
        "referral": referral,
        "case": referral.case,
        "texts": [_masked(post) for post in public[:MOST_POSTS]] or [referral.case.subject],
        "note": without_personal_data(referral.note),
    }


def _due() -> QuerySet[Referral]:
    waits = Q(mail_tries=0) | Q(mail_after__lte=datetime.now(UTC))
    return Referral.objects.filter(waits, state=Referral.State.SENT, mailed_at__isnull=True).exclude(email="")


def _about_to_mail(number: int) -> Referral | None:
    """Store that a referral is mailed now, before the call; None when it is not to be mailed any more."""
    with transaction.atomic():
        referral = _due().select_for_update(no_key=True, of=("self",)).filter(pk=number).first()
        if referral is None:
            return None
        referral.mail_tries += 1
        referral.mail_after = datetime.now(UTC) + min(FIRST_WAIT * 2 ** min(referral.mail_tries, 10), LONGEST_WAIT)
        referral.email_key = digest(_secret(referral))
        referral.save(update_fields=["mail_tries", "mail_after", "email_key"])
    return referral


def _mail(referral: Referral) -> bool:
    """Hand a referral to the mail server, and tell whether it took it."""
    try:
        _written(referral).send()
    except (SMTPException, OSError) as error:
        log.warning("referral %s could not be mailed: %s", referral.pk, type(error).__name__)
        referral.mail_trouble = str(error)[:500] or type(error).__name__
        if _is_for_good(error):
            referral.mail_after = None
        referral.save(update_fields=["mail_trouble", "mail_after"])
        return False
    referral.mailed_at, referral.mail_trouble = datetime.now(UTC), ""
    referral.save(update_fields=["mailed_at", "mail_trouble"])
    return True


def _is_for_good(error: Exception) -> bool:
    """Tell whether the mail server will never take the mail: trying again would not help."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _why in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code in (550, 551, 552, 553, 554)


def _written(referral: Referral) -> EmailMultiAlternatives:
    told: dict[str, object] = {**matter(referral), "link": link(referral)}
    for language in ("ar", "en"):
        with translation.override(language):
            case = referral.case
            told[language] = {
                "kind": taxonomy.kind_name(case.kind),
                "topic": taxonomy.topic_name(case.topic) if case.topic else "",
                "place": taxonomy.place_name(case.place) if case.place else "",
                "reason": referral.get_reason_display(),
            }
    host = urlsplit(settings.ADDRESS).hostname or "tafaul"
    subject = f"إحالة الطلب {referral.case.reference} · Referral of {referral.case.reference}"
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("care/referral.txt", told),
        to=[referral.email],
        headers={"Message-ID": f"<referral-{referral.pk}-{referral.email_key[:16]}@{host}>"},
    )
    mail.attach_alternative(render_to_string("care/referral.html", told), "text/html")
    return mail


def link(referral: Referral) -> str:
    """Return the address of the page on which the outside clerk decides."""
    return settings.ADDRESS.rstrip("/") + reverse("outside", args=[_secret(referral)])


def _secret(referral: Referral) -> str:
    return salted_hmac("tafaul.care.referral_mail", str(referral.pk), algorithm="sha256").hexdigest()


def digest(secret: str) -> str:
    """Return what the database knows of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _masked(post: Post) -> str:
    spans = (post.understood or {}).get("personal_data", [])
    return without_address(mask(post.text, [(start, end, sort) for start, end, sort in spans]))
