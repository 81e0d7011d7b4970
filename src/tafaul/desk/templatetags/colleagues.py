"""How the desk shows what colleagues say and do."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tafaul.bodies.models import Person
from tafaul.care import assignment, notes, notices
from tafaul.care.models import Note

register = template.Library()
register.filter("size", filesizeformat)


@register.filter
def is_note(message: Any) -> bool:
    """Tell whether a message of a conversation is said among colleagues."""
    return isinstance(message, Note)


@register.filter
def with_mentions(note: Note) -> SafeString:
    """Return a note's words, those that may be a colleague's log-in set apart."""
    parts = notes.MENTION.split(note.text)
    return format_html_join(
        "", "{}", ((_shown(part, is_name=bool(place % 2)),) for place, part in enumerate(parts))
    )


def _shown(part: str, *, is_name: bool) -> Any:
    return format_html('<bdi class="mention">@{}</bdi>', part) if is_name else part


@register.filter
def may_take_back(person: Person, note: Note) -> bool:
    """Tell whether a person may still take a note back."""
    return notes.may_be_taken_back(note, person, timezone.now())


@register.inclusion_tag("desk/parts/bell.html", takes_context=True)
def bell(context: dict[str, Any]) -> dict[str, Any]:
    """The bell with the number of unread notices."""
    return {"unread": notices.unread(context["user"]), "many": notices.MANY}


@register.inclusion_tag("desk/parts/at_desk.html", takes_context=True)
def at_desk_switch(context: dict[str, Any]) -> dict[str, Any]:
    """The switch of an agent between being at the desk and being away."""
    person = context["user"]
    return {"is_agent": assignment.is_agent(person), "here": assignment.is_at_desk(person)}
