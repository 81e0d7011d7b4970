"""Routing: which body is competent for a new case."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from tafaul.bodies.models import Account, Body
from tafaul.care.cases import Thread


def route(threads: Mapping[int, Thread], account: Account) -> None:
    """Give each new case to the competent body, where that is sure; else it stays with the account's own."""
    new = [thread for thread in threads.values() if thread.is_new]
    slugs = {thread.understood.body for thread in new}
    bodies = {body.slug: body for body in Body.objects.filter(slug__in=slugs)}
    for thread in new:
        body = bodies.get(thread.understood.body)
        if body is not None and thread.understood.body_sure >= settings.ROUTE_WHEN_SURE:
            thread.case.body = body
