"""Telling open pages what changed: triggers in the database notify, so that no change is forgotten."""

CHANNEL = "tafaul_cases"
"""PostgreSQL NOTIFY channel. The payload is JSON: {"bodies": [ids concerned], "cases": [ids, empty if many]}."""
