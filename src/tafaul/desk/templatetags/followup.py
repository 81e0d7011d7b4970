"""How follow-up is shown."""

from __future__ import annotations

from django import template

from tafaul.care import following, outside_reports, ratings
from tafaul.care.models import Post

register = template.Library()

register.filter("system_name", outside_reports.name_of)
register.filter("personal_data_masked", following.masked)


@register.filter
def is_from_page(post: Post) -> bool:
    """Tell whether a post was written on the citizen's page."""
    return post.external_id.startswith(following.POST_ID)


@register.filter
def stars(given: int) -> str:
    """Return a rating as stars, those that were given filled."""
    return "★" * given + "☆" * (len(ratings.STARS) - given)
