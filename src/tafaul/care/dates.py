"""Days and times as people of the country read them: in the Gregorian and the Hijri calendar (Umm al-Qura)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from hijridate import Gregorian


def gregorian(day: date) -> str:
    """Return a day in the Gregorian calendar."""
    return date_format(day, "j F Y" if get_language() == "ar" else "j M Y")


def hijri(day: date) -> str:
    """Return a day in the Hijri calendar; nothing for one that it does not know."""
    try:
        found = Gregorian(day.year, day.month, day.day).to_hijri()
    except (ValueError, OverflowError):
        return ""
    return f"{found.day} {found.month_name('ar' if get_language() == 'ar' else 'en')} {found.year}"


def both_calendars(when: datetime | None) -> str:
    """Return a time in Riyadh, with its day in both calendars."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return " · ".join(filter(None, [f"{local:%H:%M}", gregorian(local), hijri(local)]))
