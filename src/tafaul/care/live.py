"""Telling open pages what changed: triggers in the database notify, so that no change is forgotten."""

CHANNEL = "tafaul_cases"
"""PostgreSQL NOTIFY channel. The payload is JSON, one of these:

- {"bodies": [ids concerned], "cases": [ids, empty if many]}: cases changed;
- {"bodies": [ids concerned], "presence": id}: who looks at a case, or writes, changed;
- {"people": [ids, null if many]}: their notices changed.
"""
