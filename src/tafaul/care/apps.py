"""posts, cases and replies as a Django application."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """The domain."""

    name = "tafaul.care"
    label = "care"
