"""What a table's rows were, who changed them, when and why: entries that triggers write (django-pghistory).

Who and why is what `acting` told the database. Entries are only ever added: a trigger refuses anything else,
unless
`pgtrigger.ignore("care.CaseEvent:append_only")` is on, as for deleting what must not be kept any longer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from pghistory.models import Event as PghistoryEvent

Model = TypeVar("Model", bound=type[models.Model])

FROM_AND_TO = (pghistory.UpdateEvent("from", row="OLD"), pghistory.UpdateEvent("to", row="NEW"))
"""For rows that come in masses and are no event then: changes bring along what was before.

Their order is by name.
"""


class Event(PghistoryEvent):
    """An entry of history, in a table beside the one that it tells of."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked(
    *trackers: pghistory.RowEvent,
    only: list[str] | None = None,
    without: list[str] | None = None,
    sought_by: Sequence[str] = (),
) -> Callable[[Model], Model]:
    """Keep the history of a model's rows: how they were made, changed and deleted, or what the trackers say.

    Secrets are left out by `without`, or by naming `only` what is kept. Entries are found by their row, by time,
    and by each column of `sought_by`.
    """
    indexes = [BrinIndex(fields=["pgh_created_at"]), *(models.Index(fields=[name]) for name in sought_by)]
    everything = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

    def track(model: Model) -> Model:
        pghistory.track(
            *(trackers or everything),
            fields=only,
            exclude=without,
            model_name=f"{model.__name__}Event",
            meta={"indexes": indexes},
        )(model)
        return model

    return track
