"""Addresses of the desk's pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from tafaul.desk import cases, channels, language, live

urlpatterns = [
    path(
        "log-in",
        LoginView.as_view(template_name="desk/log_in.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("log-out", LogoutView.as_view(), name="logout"),
    path("language", language.switch, name="language"),
    path("live", live.stream, name="live"),
    path("", cases.inbox, name="cases"),
    path("cases/<slug:reference>", cases.case, name="case"),
    path("cases/<slug:reference>/conversation", cases.conversation, name="conversation"),
    path("cases/<slug:reference>/posts/<int:post_id>", cases.unmasked, name="unmasked"),
    path("cases/<slug:reference>/posts/<int:post_id>/hide", cases.hide, name="hide"),
    path("cases/<slug:reference>/words", cases.words, name="words"),
    path("cases/<slug:reference>/measure", cases.measure, name="measure"),
    path("cases/<slug:reference>/reply", cases.reply, name="reply"),
    path("cases/<slug:reference>/correction", cases.correct, name="correct"),
    path("cases/<slug:reference>/state", cases.change_state, name="change_state"),
    path("channels", channels.overview, name="channels"),
    path("channels/budget", channels.budget, name="budget"),
    path("channels/<slug:channel>/connect", channels.connect, name="connect"),
    path("channels/<slug:channel>/connected", channels.connected, name="connected"),
    path("channels/<int:account_id>/unreadable", channels.unreadable, name="unreadable"),
]
