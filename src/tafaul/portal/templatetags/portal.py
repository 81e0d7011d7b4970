"""How the citizen's page shows things."""

from __future__ import annotations

from django import template

from tafaul.care import dates, following, taxonomy

register = template.Library()

register.filter("both_calendars", dates.both_calendars)
register.filter("topic_name", taxonomy.topic_name)
register.filter("personal_data_masked", following.masked)
