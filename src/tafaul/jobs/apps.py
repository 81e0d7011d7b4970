"""Background jobs, as a Django application."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The jobs."""

    name = "tafaul.jobs"
    label = "jobs"
