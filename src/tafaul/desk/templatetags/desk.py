"""How the desk shows things."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tafaul.care import dates, lists, taxonomy
from tafaul.care.hiding import may_be_hidden
from tafaul.care.masking import mask, without_address, without_personal_data
from tafaul.care.models import Post, Reply

register = template.Library()

register.filter("both_calendars", dates.both_calendars)
register.filter("gregorian", dates.gregorian)
register.filter("hijri", dates.hijri)
register.filter("without_address", without_address)
register.filter("without_personal_data", without_personal_data)
register.filter("may_be_hidden", may_be_hidden)
register.filter("kind_name", taxonomy.kind_name)
register.filter("topic_name", taxonomy.topic_name)
register.filter("place_name", taxonomy.place_name)


@register.filter
def is_reply(message: Any) -> bool:
    """Tell whether a message of a conversation is ours."""
    return isinstance(message, Reply)


@register.filter
def masked(post: Post) -> str:
    """Return a post's text with personal data hidden."""
    spans = [(start, end, sort) for start, end, sort in (post.understood or {}).get("personal_data", [])]
    return without_address(mask(post.text, spans))


@register.filter
def has_personal_data(post: Post) -> bool:
    """Tell whether a post shows personal data."""
    return bool((post.understood or {}).get("personal_data"))


@register.filter
def waiting(since: datetime | None) -> str:
    """Return how long somebody waits, in the largest fitting unit."""
    if since is None:
        return ""
    minutes = max(int((timezone.now() - since).total_seconds() // 60), 0)
    if minutes < 1:
        return gettext("now")
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def capped(count: int) -> str:
    """Return a count of a list, of which no more is counted than anybody reads."""
    return f"{lists.COUNTED:,}+" if count > lists.COUNTED else f"{count:,}"


@register.filter
def how_sure(share: float) -> str:
    """Return a probability as a word."""
    if share >= 0.85:
        return gettext("sure")
    return gettext("likely") if share >= 0.6 else gettext("unsure")


@register.filter
def whole_number(share: Any) -> int:
    """Return a share of one as per cent, for meters."""
    return round(float(share) * 100)


@register.filter
def dollars(amount: Decimal) -> str:
    """Return an amount of US dollars to the tenth of a cent, as the channel bills them."""
    return f"{amount:.3f}"
