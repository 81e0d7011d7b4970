"""Addresses of logging in and of one's own account.

They are those of django-allauth's pages that Tafaul has, under the names by which it looks for them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as single_sign_on
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path, re_path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from tafaul.desk import account as own
from tafaul.desk import log_in

log_out = require_POST(account.logout)
to_account = RedirectView.as_view(pattern_name="account")
to_log_in = RedirectView.as_view(pattern_name="login")

urlpatterns = [
    path("log-in", account.login, name="account_login"),
    path("log-in", account.login, name="login"),
    path("log-in/passkey", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("log-in/second-factor", factor.authenticate, name="mfa_authenticate"),
    path("log-in/deactivated", account.account_inactive, name="account_inactive"),
    path("log-out", log_out, name="account_logout"),
    path("log-out", log_out, name="logout"),
    path("account", own.overview, name="account"),
    path("account/sessions", own.end_others, name="end_other_sessions"),
    path("account/sessions/<int:session_id>", own.end_session, name="end_session"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/password/set", account.password_set, name="account_set_password"),
    path("account/password/forgotten", account.password_reset, name="account_reset_password"),
    path("account/password/sent", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/password/changed", to_log_in, name="account_reset_password_from_key_done"),
    path("account/confirm", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor", own.second_factor, name="mfa_index"),
    path("account/second-factor/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/recovery-codes/file", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("account/passkeys", to_account, name="mfa_list_webauthn"),
    path("account/passkeys/new", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/sign-on/cancelled", single_sign_on.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/sign-on/error", single_sign_on.login_error, name="socialaccount_login_error"),
    path("account/sign-on/<slug:provider_id>", log_in.sign_on, name="openid_connect_login"),
    path("account/sign-on/<slug:provider_id>/back", openid_connect.callback, name="openid_connect_callback"),
]
