"""Where each face is mounted."""

from django.urls import include, path

urlpatterns = [path("", include("tafaul.desk.urls"))]
