"""The citizen's page, as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The citizen's page."""

    name = "tafaul.portal"
    label = "portal"
