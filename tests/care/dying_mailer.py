"""Mails what nobody read, and is killed at one step: `python -m tests.care.dying_mailer before|after STEP`."""

from __future__ import annotations

import sys

from tests.faults.dying_worker import die_at

if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from tafaul.care import notices

    settings.EMAIL_USE_TLS = False
    die_at(*sys.argv[1:])
    notices.mail_unread(timezone.now())
