"""How the desk names what belongs to people."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser(user_agent: str) -> str:
    """Name the browser and the system that call themselves so, the telling marks first."""
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or gettext("Unknown browser")
