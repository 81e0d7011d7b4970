"""Where each face is mounted."""

from django.urls import include, path

urlpatterns = [path("", include("tafaul.portal.urls")), path("", include("tafaul.desk.urls"))]
