"""Filters of the citizen's page."""
