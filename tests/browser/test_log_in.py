"""Logging in with what only a browser has: passkeys, the picture of the authenticator app's key, single sign-on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tafaul.bodies import people
from tafaul.bodies.models import Membership
from tests.browser.test_desk import log_in
from tests.desk.conftest import code_now
from tests.desk.provider import CLIENT, Provider, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_failures_are_left(transactional_db) -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def variables(provider: Provider) -> dict[str, str]:
    return {
        "TAFAUL_EMAIL_URL": "console:",
        "TAFAUL_OIDC_NAME": "نفاذ الوزارة",
        "TAFAUL_OIDC_SERVER_URL": provider.url,
        "TAFAUL_OIDC_CLIENT_ID": CLIENT[0],
        "TAFAUL_OIDC_CLIENT_SECRET": CLIENT[1],
    }


def confirm(page: Page) -> None:
    """Say the password again, as changing how one logs in asks for."""
    page.fill("#id_password", "a-long-password")
    page.click("button.primary")


def log_out(page: Page) -> None:
    page.click("header >> text=خروج")
    page.wait_for_url("**/log-in")


def type_password(page: Page, desk: str) -> None:
    page.goto(f"{desk}/log-in")
    page.fill("#id_username", "finance.agent")
    confirm(page)


def test_an_authenticator_app_is_set_up_with_its_picture_and_asked_for(page, person, desk):
    person("finance")
    log_in(page, desk, "finance.agent")
    page.click("header .person")
    page.click("a[href='/account/second-factor/app']")
    confirm(page)
    expect(page.locator("img.qr")).to_be_visible()
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    secret = page.locator(".key").inner_text()
    page.fill("#id_code", code_now(secret))
    page.click("button.primary")
    expect(page.locator(".codes li")).to_have_count(10)
    log_out(page)
    type_password(page, desk)
    page.fill("#id_code", code_now(secret, later=1))
    page.click("button.primary")
    page.wait_for_selector(".cases")
    assert page.problems == []


def test_a_passkey_logs_in_without_a_password_and_serves_as_second_factor(page, person, desk):
    desk = desk.replace("127.0.0.1", "localhost")  # passkeys belong to names, not to numbers
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    person("finance")
    log_in(page, desk, "finance.agent")
    page.goto(f"{desk}/account/passkeys/new")
    confirm(page)
    page.fill("#id_name", "حاسوب المكتب")
    page.click("#add")
    expect(page.locator(".codes li")).to_have_count(10)
    page.click(".button.primary")
    expect(page.locator("main")).to_contain_text("حاسوب المكتب")

    log_out(page)
    page.click("#passkey")
    page.wait_for_selector(".cases")

    log_out(page)
    type_password(page, desk)
    page.click("#passkey")
    page.wait_for_selector(".cases")
    assert page.problems == []

    page.goto(f"{desk}/account")
    page.click("a[href$='/remove']")
    confirm(page)
    page.click("button.danger")
    expect(page.locator("main")).not_to_contain_text("حاسوب المكتب")
    log_out(page)
    page.click("#passkey")
    expect(page.locator(".error:visible")).to_be_visible()
    devtools.send("WebAuthn.removeVirtualAuthenticator", key)


def test_a_passkey_that_can_t_be_used_is_said_in_words(page, desk):
    page.goto(f"{desk}/log-in")  # by number: no browser takes a passkey here
    expect(page.locator("[data-passkey-error]")).to_be_hidden()
    page.click("#passkey")
    expect(page.locator("[data-passkey-error]")).to_be_visible()


def test_single_sign_on_goes_to_the_provider_and_back(page, person, desk, provider):
    people.keep_email(person("finance"), "nora@mof.example")
    provider.person = {"sub": "17", "email": "nora@mof.example", "email_verified": True}
    page.goto(f"{desk}/log-in")
    page.click("text=نفاذ الوزارة")
    page.wait_for_selector(".cases")
    assert page.problems == []


def test_an_invitation_arrives_by_mail_and_is_accepted(page, browser, person, desk, tmp_path):
    person("finance", "administrator")
    log_in(page, desk, "finance.administrator")
    page.click("nav >> text=الأشخاص")
    page.fill("[name=email]", "nora@mof.example")
    page.click("form[action$='/people/invitations'] button")
    expect(page.locator(".done")).to_contain_text("nora@mof.example")

    nora = browser.new_context().new_page()
    nora.goto(mailed_link(tmp_path, desk))
    for field, told in (("name_ar", "نورة"), ("username", "nora"), ("password", "a-long-password")):
        nora.fill(f"#id_{field}", told)
    nora.click("button.primary")
    nora.wait_for_selector(".cases")
    assert Membership.objects.get(person__username="nora").role == "agent"
    nora.context.close()


def mailed_link(folder: Path, desk: str) -> str:
    """Return the link in the mail, which the web server printed."""
    return re.findall(re.escape(desk) + r"/invitations/[\w-]+", (folder / "serve.log").read_text())[0]


def test_no_page_of_people_scrolls_sideways(page, person, desk):
    person("finance", "administrator")
    agent = person("finance", "agent")
    paths = (
        "/log-in",
        "/account",
        "/people",
        f"/people/{agent.pk}",
        "/account/password",
        "/account/second-factor/app",
    )
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        log_in(page, desk, "finance.administrator")
        for path in paths:
            page.goto(desk + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.context.clear_cookies()
    assert page.problems == []
