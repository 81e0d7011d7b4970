"""What channels report, in the reader's language: operations, and the troubles that are known beforehand."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

OPERATIONS = {
    "mentions": _("Look for new posts"),
    "search": _("Search for older posts"),
    "private": _("Look for private messages"),
    "read_post": _("Posts read"),
    "read_citizen": _("Citizens read"),
    "read_private": _("Private messages taken in"),
    "send_public": _("Public replies"),
    "send_link": _("Public replies with a link"),
    "send_private": _("Private replies"),
    "hide": _("Posts hidden"),
    "delete": _("Replies taken back"),
}
TROUBLES = {
    "budget": _("The budget is spent."),
    "older than the seven days that X searches": _("X searches the last seven days only."),
    "X refuses the account's credentials": _("X refuses the account's credentials."),
    "X refuses to give a token: connect the account again": _("X ended the account's permission."),
    "X: the account has no refresh token": _("X ended the account's permission."),
}


@register.filter
def operation_name(operation: str) -> str:
    """Return what a metered operation is, for people who pay for it."""
    return str(OPERATIONS.get(operation, operation))


@register.filter
def trouble_name(trouble: str) -> str:
    """Return a trouble in the reader's language; what the channel itself said stays in its words."""
    if trouble in TROUBLES:
        return str(TROUBLES[trouble])
    if trouble.startswith("X: "):
        return gettext("X answers: %(answer)s") % {"answer": trouble.removeprefix("X: ")}
    return trouble
