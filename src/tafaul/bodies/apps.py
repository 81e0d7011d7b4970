"""Bodies, accounts and people as a Django application."""

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """Bodies, their accounts and people."""

    name = "tafaul.bodies"
    label = "bodies"
