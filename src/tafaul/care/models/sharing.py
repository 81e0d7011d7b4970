"""Which bodies have cases in common."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tafaul.bodies.models import Body


class Sharing(models.Model):
    """A body that saw a case written to another's account, and therefore sees the other's accounts; kept by a
    trigger.
    """

    of = models.ForeignKey(Body, models.CASCADE, related_name="shared_with", help_text="Whose account it is")
    sees = models.ForeignKey(Body, models.CASCADE, related_name="shares_of", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sees", "of"], name="a_sharing_is_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of} ▸ {self.sees}"
