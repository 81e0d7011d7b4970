"""The pages of the people who answer, as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk."""

    name = "tafaul.desk"
    label = "desk"
