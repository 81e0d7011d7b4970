"""The tables are what the models say, and every step can be taken back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_and_forth():
    def tables() -> set[str]:
        return {name for name in connection.introspection.table_names() if name.startswith("care_")}

    there = tables()
    call_command("migrate", "care", "zero", verbosity=0)
    assert tables() == set()
    call_command("migrate", verbosity=0)
    assert tables() == there
