"""Referrals and rules as forms send them, rightly and with ill intent."""

from __future__ import annotations

import pytest

from tafaul.bodies.models import Body
from tafaul.care import referrals, rules
from tafaul.care.models import Referral, RoutingRule
from tests.care.conftest import asked  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(client, asked):  # noqa: F811
    """Forms of the case's section: `page(person, do="accept", referral=1)`."""

    def page(person, **fields):
        client.force_login(person)
        return client.post(f"/cases/{asked.reference}/referral", fields, HTTP_HX_REQUEST="true")

    page.client = client
    return page


def body(slug: str) -> Body:
    return Body.objects.get(slug=slug)


def test_an_agent_refers_and_the_receiver_accepts(page, person, asked):  # noqa: F811
    finance, telecom = person("finance"), person("telecom")
    shown = page(finance, do="refer", to=body("telecom").pk, reason="competence", note="تخصكم").content.decode()
    assert "تخصكم" in shown
    sent = Referral.objects.get()
    page.client.force_login(telecom)
    assert page.client.get("/referrals/waiting").content.decode().count("<bdi>1</bdi>") == 1
    assert asked.reference in page.client.get("/referrals").content.decode()
    assert page(telecom, do="accept", referral=sent.pk).status_code == 200
    asked.refresh_from_db()
    assert asked.body == body("telecom")
    assert page.client.get("/referrals/waiting").content.strip() == b""
    assert asked.reference in page.client.get("/referrals?show=all").content.decode()


@pytest.mark.parametrize("do", ["accept", "return", "done", "pass_on", "withdraw"])
def test_the_wrong_body_s_person_decides_nothing(page, person, asked, do):  # noqa: F811
    finance = person("finance")
    person("telecom")
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    fields = {"do": do, "referral": sent.pk, "because": "لا", "to": body("commerce").pk, "reason": "competence"}
    assert page(person("commerce"), **fields).status_code == 404
    if do != "withdraw":
        assert page(finance, **fields).status_code == 404
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_referral_of_another_case_is_not_decided_by_this_one_s_form(page, person, asked, x):  # noqa: F811
    telecom = person("telecom")
    sent = referrals.refer(asked, person("finance"), body("telecom"), "competence")
    for number in (sent.pk + 1, "x", "9" * 40, "-1", "٣", ""):
        assert page(telecom, do="accept", referral=number).status_code == 404


@pytest.mark.parametrize("fields", [{"do": "steal"}, {"do": "refer", "reason": "moon"}, {}])
def test_what_no_form_of_ours_sends_is_refused(page, person, fields):
    assert page(person("finance"), **fields).status_code == 400


@pytest.mark.parametrize("to", ["", "0", "x", "9" * 30, "1 OR 1=1"])
def test_a_body_that_does_not_exist_is_refused_with_words(page, person, to):
    answer = page(person("finance"), do="refer", to=to, reason="competence")
    assert (
        "لم تعد هذه الجهة موجودة" in answer.content.decode() or "There is no such body" in answer.content.decode()
    )
    assert not Referral.objects.exists()


def test_hostile_words_stay_words(page, person):
    person("telecom")
    note = "<script>alert(1)</script>"
    shown = page(person("finance"), do="refer", to=body("telecom").pk, reason="competence", note=note)
    assert "<script>" not in shown.content.decode()


def test_a_body_is_found_by_a_part_of_its_name_and_says_why_it_cannot_be_chosen(page, person, asked):  # noqa: F811
    page.client.force_login(person("finance"))
    address = f"/cases/{asked.reference}/referral/bodies"
    found = page.client.get(address, {"sought": "امانه جده"}).content.decode()
    assert f'value="{body("amana_jeddah").pk}"' in found
    assert "disabled" in found, "nobody works there"
    assert f'value="{body("finance").pk}"' not in page.client.get(address).content.decode()
    assert page.client.get(address, {"sought": "\x00؟<"}).status_code == 200


def test_a_supervisor_adds_tries_out_moves_and_removes_rules(client, person):
    client.force_login(person("finance", "supervisor"))
    address = f"/routing/{body('finance').pk}"
    told = {"topic": "salaries", "to_body": body("commerce").pk, "is_active": "1"}
    assert "tried" in client.post(address, {**told, "do": "try"}, HTTP_HX_REQUEST="true").content.decode()
    assert not RoutingRule.objects.exists()
    client.post(address, {**told, "do": "save"})
    client.post(address, {"place": "riyadh", "do": "save"})
    first, second = rules.of(body("finance"))
    assert (first.topic, second.place, second.to_body, second.is_active) == ("salaries", "riyadh", None, False)
    client.post(address, {"rule": second.pk, "do": "up"})
    assert rules.of(body("finance")) == [second, first]
    client.post(address, {"rule": first.pk, "do": "remove"})
    assert rules.of(body("finance")) == [second]
    assert client.get("/routing").status_code == 200


@pytest.mark.parametrize(
    "told", [{"topic": "moon"}, {"place": "moon"}, {"to_body": "x"}, {"account": "7"}, {"kind": "x"}]
)
def test_a_rule_that_says_what_does_not_exist_is_refused(client, person, told):
    client.force_login(person("finance", "administrator"))
    assert client.post(f"/routing/{body('finance').pk}", {**told, "do": "save"}).status_code == 400


def test_agents_and_others_supervisors_see_no_rules(client, person):
    for somebody in (person("finance"), person("commerce", "supervisor")):
        client.force_login(somebody)
        assert client.post(f"/routing/{body('finance').pk}", {"do": "save"}).status_code == 404
    assert not RoutingRule.objects.exists()
