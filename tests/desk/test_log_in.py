"""Logging in: failures, second factors, sessions, one's own account."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail

from tafaul.bodies import people
from tafaul.bodies.models import Body, Person
from tests.conftest import DeskClient
from tests.desk.conftest import PASSWORD, code_now, recovery_codes, set_up_app

pytestmark = pytest.mark.django_db


def test_a_person_logs_in_whatever_the_letters_of_the_name_and_comes_to_the_page_asked_for(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.open("/channels")
    assert somebody.path == "/log-in?next=%2Fchannels"
    somebody.send(somebody.path, login=" Finance.Agent ", password=PASSWORD, next="/channels")
    assert somebody.path == "/channels"


def test_no_log_in_leads_to_another_site(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent", next="https://evil.example/")
    assert somebody.path == "/"


def test_nobody_signs_up(visitor):
    for path in ("/signup", "/accounts/signup/", "/account/signup", "/account/email", "/account/3rdparty"):
        assert visitor().open(path) == 404


def test_after_five_failures_the_right_password_is_refused_and_the_page_says_why(person, visitor):
    person("finance")
    somebody = visitor()
    for _attempt in range(5):
        somebody.log_in("finance.agent", "not-the-password")
        assert "كلمة المرور غير صحيحة" in somebody.said
    somebody.log_in("Finance.Agent")
    assert "خمس دقائق" in somebody.said
    assert not somebody.is_in


def test_failures_lock_out_neither_the_person_elsewhere_nor_others_at_the_address(person, visitor):
    person("finance", "agent")
    person("finance", "auditor")
    guesser = visitor("203.0.113.9")
    for _attempt in range(6):
        guesser.log_in("finance.agent", "not-the-password")
    at_the_address, elsewhere = visitor("203.0.113.9"), visitor("192.0.2.1")
    at_the_address.log_in("finance.auditor")
    elsewhere.log_in("finance.agent")
    assert at_the_address.is_in
    assert elsewhere.is_in


def test_a_deactivated_person_is_told_so_after_the_right_password_only(person, visitor):
    agent = person("finance")
    agent.is_active = False
    agent.save()
    somebody = visitor()
    somebody.log_in("finance.agent", "not-the-password")
    assert "موقوف" not in somebody.said
    somebody.log_in("finance.agent")
    assert "موقوف" in somebody.said
    assert not somebody.is_in


def test_a_code_is_asked_for_once_an_app_is_set_up(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    secret = set_up_app(somebody)
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    somebody.log_out()
    somebody.log_in("finance.agent")
    assert somebody.heading == "التحقق بخطوتين"
    assert not somebody.is_in
    somebody.send("/log-in/second-factor", code="000000")
    assert "الرمز غير صحيح" in somebody.said
    somebody.send("/log-in/second-factor", code=code_now(secret, later=1))
    assert somebody.is_in


def test_a_code_that_was_used_is_not_taken_again(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    code = code_now(set_up_app(somebody), later=1)
    thief = visitor()
    for who in (somebody, thief):
        who.send("/log-out")
        who.log_in("finance.agent")
        who.send("/log-in/second-factor", code=code)
    assert somebody.is_in
    assert not thief.is_in


def test_codes_are_not_guessed(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    secret = set_up_app(somebody)
    guesser = visitor("203.0.113.9")
    guesser.log_in("finance.agent")
    for number in range(6):
        guesser.send("/log-in/second-factor", code=f"00000{number}")
    assert "خمس دقائق" in guesser.said
    guesser.send("/log-in/second-factor", code=code_now(secret, later=1))
    assert not guesser.is_in


def test_a_recovery_code_logs_in_once(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    set_up_app(somebody)
    code = recovery_codes(somebody)[0]
    second = visitor()
    for who in (somebody, second):
        who.send("/log-out")
        who.log_in("finance.agent")
        who.send("/log-in/second-factor", code=code)
    assert somebody.is_in
    assert not second.is_in


def test_what_opens_the_account_is_changed_only_after_the_password_was_said_again(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    for path in ("/account/second-factor/app", "/account/passkeys/new"):
        somebody.open(path)
        assert somebody.heading == "تأكيد الهوية"
    somebody.send(somebody.path, password="not-the-password")
    assert "كلمة المرور غير صحيحة" in somebody.said


def test_where_a_second_factor_is_required_nothing_else_opens_before(person, visitor, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    person("finance", "administrator")
    somebody = visitor()
    somebody.log_in("finance.administrator")
    for path in ("/", "/channels", "/people", "/account", "/account/password", "/account/recovery-codes", "/live"):
        somebody.open(path)
        assert somebody.heading == "تفعيل التحقق بخطوتين"
    assert somebody.client.get("/referrals/waiting", headers={"HX-Request": "true"}).content == b""
    set_up_app(somebody)
    assert somebody.is_in
    somebody.open("/account/second-factor")
    assert somebody.path == "/account"


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(person, visitor):
    person("finance")
    first, second, third = visitor(), visitor(), visitor()
    for who in (first, second, third):
        who.log_in("finance.agent")
    first.open("/account")
    assert first.text.count("Firefox · Windows") == 3
    newest = re.findall(r"/account/sessions/(\d+)", first.text)[0]
    first.send(f"/account/sessions/{newest}")
    assert not third.is_in
    assert second.is_in
    first.send("/account/sessions")
    assert not second.is_in
    assert first.is_in


def test_an_open_page_whose_session_ended_loads_anew(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    somebody.client.cookies.clear()
    part = somebody.client.get("/", headers={"HX-Request": "true", "HX-Target": "list"})
    assert part.headers["HX-Refresh"] == "true"
    assert part.content == b""


def test_nobody_ends_another_person_s_session(person, visitor):
    person("finance", "agent")
    person("finance", "auditor")
    other, somebody = visitor(), visitor()
    other.log_in("finance.auditor")
    somebody.log_in("finance.agent")
    somebody.open("/account")
    number = UserSession.objects.get(user__username="finance.auditor").pk
    assert somebody.send(f"/account/sessions/{number}") == 404
    assert other.is_in


def test_a_changed_password_ends_other_sessions(person, visitor):
    person("finance")
    other, somebody = visitor(), visitor()
    other.log_in("finance.agent")
    somebody.log_in("finance.agent")
    somebody.open("/account/password")
    somebody.send(
        "/account/password",
        oldpassword=PASSWORD,
        password1="another-long-password",
        password2="another-long-password",
    )
    assert somebody.path == "/account"
    assert somebody.is_in
    assert not other.is_in
    assert Person.objects.get().check_password("another-long-password")


def test_a_weak_or_wrong_password_changes_nothing(person, visitor):
    person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    somebody.open("/account/password")
    somebody.send("/account/password", oldpassword=PASSWORD, password1="short", password2="short")
    assert somebody.said
    somebody.send(
        "/account/password", oldpassword="not-this", password1="another-long-one", password2="another-long-one"
    )
    assert "كلمة المرور غير صحيحة" in somebody.said
    assert Person.objects.get().check_password(PASSWORD)


def test_names_and_language_are_one_s_own_and_follow_to_another_browser(person, visitor):
    person("finance")
    somebody, elsewhere = visitor(), visitor()
    somebody.log_in("finance.agent")
    somebody.open("/account")
    somebody.send("/account", name_ar=" سارة القحطاني ", name_en="Sara <b>", language="en")
    assert 'lang="en"' in somebody.text
    assert Person.objects.get().name_ar == "سارة القحطاني"
    elsewhere.log_in("finance.agent")
    elsewhere.open("/account")
    assert 'lang="en"' in elsewhere.text


def test_a_forgotten_password_is_chosen_anew_by_mail(person, visitor):
    people.keep_email(person("finance"), "agent@mof.example")
    somebody = visitor()
    said = []
    for email in ("nobody@mof.example", "Agent@mof.example"):
        somebody.open("/account/password/forgotten")
        somebody.send("/account/password/forgotten", email=email)
        said.append(somebody.said)
    assert said[0] == said[1] != ""
    (sent,) = mail.outbox
    assert "finance.agent" in sent.body
    link = re.search(r"http://testserver(/account/password/\S+)", sent.body)[1]
    somebody.open(link)
    somebody.send(somebody.path, password1="another-long-password", password2="another-long-password")
    somebody.log_in("finance.agent", "another-long-password")
    assert somebody.is_in
    late = visitor()
    late.open(link)
    assert "لم يعد هذا الرابط صالحاً" in late.said


def test_an_administrator_ends_all_sessions_of_a_person(person, visitor):
    sara, agent = person("finance", "administrator"), person("finance")
    here, there = visitor(), visitor()
    for who in (here, there):
        who.log_in("finance.agent")
    assert people.end_sessions(sara, agent) == 2
    assert not here.is_in
    assert not there.is_in


def test_who_lost_the_second_factor_logs_in_without_after_an_administrator_removed_it(person, visitor):
    sara, agent = person("finance", "administrator"), person("finance")
    somebody = visitor()
    somebody.log_in("finance.agent")
    set_up_app(somebody)
    people.remove_second_factor(sara, agent)
    assert not somebody.is_in
    somebody.log_in("finance.agent")
    assert somebody.is_in


def test_people_are_shown_to_administrators_of_their_bodies_only(person, visitor):
    person("finance", "administrator")
    agent, stranger = person("finance", "agent"), person("commerce", "agent")
    colleague, sara = visitor(), visitor()
    colleague.log_in("finance.agent")
    colleague.open("/people")
    assert "finance.administrator" not in colleague.text
    assert colleague.open(f"/people/{agent.pk}") == 404
    sara.log_in("finance.administrator")
    sara.open("/people")
    assert "finance.agent" in sara.text
    assert "commerce.agent" not in sara.text
    assert sara.open(f"/people/{stranger.pk}") == 404


def test_an_administrator_changes_roles_on_a_person_s_page(person, visitor):
    person("finance", "administrator")
    agent = person("finance", "agent")
    sara = visitor()
    sara.log_in("finance.administrator")
    sara.open(f"/people/{agent.pk}")
    finance, commerce = (str(Body.objects.get(slug=slug).pk) for slug in ("finance", "commerce"))
    sara.send(f"/people/{agent.pk}/roles", body=finance, role="approver")
    assert "أُسند الدور" in sara.said
    assert sara.send(f"/people/{agent.pk}/roles", body=commerce, role="approver") == 404
    sara.open(f"/people/{agent.pk}")
    first = agent.memberships.get(role="agent")
    sara.send(f"/people/{agent.pk}/roles/{first.pk}", role="agent", take_away="yes")
    assert [item.role for item in agent.memberships.all()] == ["approver"]
    sara.send(f"/people/{agent.pk}/log-in", do="deactivate")
    agent.refresh_from_db()
    assert not agent.is_active
    own = Person.objects.get(username="finance.administrator")
    sara.open(f"/people/{own.pk}")
    sara.send(f"/people/{own.pk}/roles/{own.memberships.get().pk}", role="agent")
    assert "بنفسه" in sara.said
    assert own.memberships.get().role == "administrator"


def test_an_administrator_invites_somebody_who_comes_in(person, visitor):
    person("finance", "administrator")
    finance = str(Body.objects.get(slug="finance").pk)
    sara, nora = visitor(), visitor()
    sara.log_in("finance.administrator")
    sara.open("/people")
    sara.send("/people/invitations", email="nora@", body=finance, role="supervisor")
    assert "name@ministry.gov.sa" in sara.said
    sara.send("/people/invitations", email="nora@mof.example", body=finance, role="supervisor")
    assert "nora@mof.example" in sara.said
    link = re.search(r"http://testserver(/invitations/\S+)", mail.outbox[0].body)[1]
    nora.open(link)
    nora.open(link)  # as scanners of mail do
    told = {"name_ar": "نورة", "name_en": "Nora", "password": PASSWORD}
    nora.send(link, username="finance.administrator", **told)
    assert "مستعمل" in nora.said
    assert 'value="نورة"' in nora.text
    nora.send(link, username="nora", **told)
    assert nora.path == "/"
    assert nora.is_in
    assert nora.open(link) == 409
    assert "قُبلت" in nora.said


def test_somebody_who_is_logged_in_takes_the_role_of_an_invitation(person, visitor):
    person("finance", "administrator")
    agent = person("commerce", "agent")
    sara, other = visitor(), visitor()
    sara.log_in("finance.administrator")
    sara.open("/people")
    sara.send(
        "/people/invitations", email="a@mc.example", body=str(Body.objects.get(slug="finance").pk), role="agent"
    )
    link = re.search(r"http://testserver(/invitations/\S+)", mail.outbox[0].body)[1]
    other.log_in("commerce.agent")
    other.open(link)
    assert "commerce.agent" in other.text
    other.send(link)
    assert "وزارة المالية" in other.said
    assert agent.memberships.count() == 2


def test_a_withdrawn_invitation_is_shown_no_more_and_opens_nothing(person, visitor):
    person("finance", "administrator")
    sara, nora = visitor(), visitor()
    sara.log_in("finance.administrator")
    sara.open("/people")
    sara.send(
        "/people/invitations", email="a@mof.example", body=str(Body.objects.get(slug="finance").pk), role="agent"
    )
    sara.send(re.search(r"/people/invitations/\d+", sara.text)[0])
    assert "a@mof.example" not in sara.text
    nora.open(re.search(r"http://testserver(/invitations/\S+)", mail.outbox[0].body)[1])
    assert "لم تعد هذه الدعوة صالحة" in nora.said


def test_no_form_of_the_account_is_sent_from_another_site(person):
    strict = DeskClient(enforce_csrf_checks=True)
    strict.force_login(person("finance", "administrator"))
    for path in ("/log-out", "/account", "/account/sessions", "/people/invitations", "/account/password"):
        assert strict.post(path, {}).status_code == 403
