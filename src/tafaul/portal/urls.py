"""Addresses of the citizen's page. A case is reached by its reference together with its secret key."""

from django.urls import path

from tafaul.portal import views

urlpatterns = [
    path("r/", views.ask_for_link, name="ask_for_link"),
    path("r/<str:reference>", views.ask_for_link, name="ask_for_link"),
    path("r/<str:reference>/<str:key>", views.case, name="citizens_page"),
    path("r/<str:reference>/<str:key>/add", views.add, name="add_to_case"),
    path("r/<str:reference>/<str:key>/rate", views.rate, name="rate_case"),
]
