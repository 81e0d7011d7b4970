"""New cases go where the rules say, else where the understanding is sure, else to a person."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tafaul.bodies.models import Account, Body
from tafaul.care import cases, joining, referrals, routing, rules
from tafaul.care.errors import NotYours
from tafaul.care.models import Case, Post, Referral, RoutingRule
from tafaul.understanding import Understanding
from tests.care.conftest import take_in

pytestmark = pytest.mark.django_db(transaction=True)


def body(slug: str) -> Body:
    return Body.objects.get(slug=slug)


@pytest.fixture
def written(x, connect):
    """Let citizens write to an account, and return their cases: `written("finance", "متى ينزل الراتب؟")`."""

    def written(slug: str, *texts: str) -> list[Case]:
        account = Account.objects.filter(body__slug=slug).select_related("body").first() or connect(slug)
        for text in texts:
            x.write(account.handle, text, author=f"citizen_{len(x.posts(account.handle))}")
        take_in(account)
        return list(Case.objects.filter(account=account).order_by("id"))

    return written


SHIPMENT = "شحنتي مع شركة الشحن لها شهر ما وصلت"
SALARY = "متى ينزل الراتب هالشهر؟"
WASTE = "الزبايل متكدسة عندنا في حي النسيم بالرياض"


def test_what_another_ministry_is_competent_for_is_referred_to_it_and_both_see_it(written, person):
    telecom = person("telecom")
    (case,) = written("commerce", SHIPMENT)
    sent = Referral.objects.get()
    assert (case.body.slug, sent.to_body.slug, sent.state, sent.sent_by) == ("commerce", "telecom", "sent", None)
    assert not case.needs_triage
    assert set(case.seen_by) == {body("commerce").pk, body("telecom").pk}
    assert cases.get(telecom, case.reference) == case
    assert case.replies.get().mode == "referred"
    assert body("telecom").name_ar in case.replies.get().text
    referrals.accept(sent, telecom)
    assert Case.objects.get().body.slug == "telecom"


def test_what_is_for_the_account_s_own_body_or_below_moves_at_once(written):
    (case,) = written("municipal", WASTE)
    assert (case.body.slug, case.needs_triage) == ("amana_riyadh", False)
    assert not Referral.objects.exists()


def test_what_nobody_is_sure_of_stays_for_triage(written, person):
    person("telecom")
    (case,) = written("commerce", "؟؟؟ مدري وش السالفة")
    assert (case.body.slug, case.needs_triage) == ("commerce", True)
    assert not Referral.objects.exists()


def test_a_body_where_nobody_works_gets_nothing_by_itself(written):
    (case,) = written("commerce", SHIPMENT)
    assert (case.body.slug, case.needs_triage) == ("commerce", True)


def test_a_withheld_topic_goes_to_triage(written, person):
    person("telecom")
    Body.objects.filter(slug="telecom").update(withheld_topics=["shipments"])
    (case,) = written("commerce", SHIPMENT)
    assert (case.body.slug, case.needs_triage) == ("commerce", True)


def test_the_first_rule_that_fits_decides(written, person):
    supervisor = person("finance", "supervisor")
    person("commerce")
    rules.add(body("finance"), supervisor, rules.Told(topic="bank_customers", to_body=body("telecom")))
    first = rules.add(body("finance"), supervisor, rules.Told(topic="salaries", to_body=body("commerce")))
    rules.add(body("finance"), supervisor, rules.Told(topic="salaries", to_body=None))
    (case,) = written("finance", SALARY)
    assert Referral.objects.get().to_body.slug == "commerce"
    rules.move(first, supervisor, up=False)
    assert [rule.to_body_id for rule in rules.of(body("finance"))][1:] == [None, body("commerce").pk]
    *_, case = written("finance", "الراتب ما نزل متى ينزل؟")
    assert (case.topic, case.needs_triage, Referral.objects.count()) == ("salaries", True, 1)


def test_an_inactive_rule_and_one_for_another_account_or_kind_decide_nothing(written, person):
    supervisor, commerce = person("finance", "supervisor"), body("commerce")
    person("commerce")
    rules.add(body("finance"), supervisor, rules.Told(topic="salaries", to_body=commerce, is_active=False))
    rules.add(body("finance"), supervisor, rules.Told(topic="salaries", kind="complaint", to_body=commerce))
    (case,) = written("finance", SALARY)
    assert (case.kind, case.needs_triage) == ("inquiry", False)
    assert not Referral.objects.exists()


def test_a_rule_for_a_place_fits_what_lies_in_it(written, person):
    unit = Body.objects.create(slug="east", parent=body("municipal"), name_ar="وحدة", name_en="Unit")
    rules.add(
        body("municipal"), person("municipal", "supervisor"), rules.Told(place="riyadh_region", to_body=unit)
    )
    (case,) = written("municipal", WASTE)
    assert (case.place, case.body) == ("naseem_riyadh", unit)


def test_the_unit_in_whose_territory_the_place_lies_has_the_case(written):
    wide = Body.objects.create(
        slug="wide", parent=body("amana_riyadh"), name_ar="واسعة", name_en="Wide", territory=["riyadh"]
    )
    near = Body.objects.create(
        slug="near", parent=wide, name_ar="قريبة", name_en="Near", territory=["naseem_riyadh", "malaz"]
    )
    (case,) = written("municipal", WASTE)
    assert case.body == near


def test_rules_of_the_body_above_come_behind_its_own(written, person):
    supervisor = person("municipal", "supervisor")
    rules.add(body("municipal"), supervisor, rules.Told(to_body=body("amana_jeddah")))
    rules.add(body("amana_riyadh"), supervisor, rules.Told(to_body=None))
    (case,) = written("amana_riyadh", WASTE)
    assert case.needs_triage


def test_only_supervisors_and_administrators_of_the_body_or_above_give_rules(pack, person):
    for somebody in (person("amana_riyadh"), person("amana_jeddah", "supervisor"), person("municipal", "auditor")):
        with pytest.raises(NotYours):
            rules.add(body("amana_riyadh"), somebody, rules.Told())
    rule = rules.add(body("amana_riyadh"), person("municipal", "administrator"), rules.Told())
    with pytest.raises(NotYours):
        rules.remove(rule, person("commerce", "administrator"))
    with pytest.raises(ValueError, match="moon"):
        rules.add(body("amana_riyadh"), person("amana_riyadh", "supervisor"), rules.Told(topic="moon"))


def test_trying_out_shows_what_would_change_and_stores_nothing(written, person):
    supervisor = person("finance", "supervisor")
    person("commerce")
    written("finance", SALARY, "الراتب ما نزل متى ينزل؟", "ابغى اعفاء من القرض")
    told = rules.Told(topic="salaries", to_body=body("commerce"))
    tried = rules.try_out(body("finance"), rules.changed(body("finance"), None, told))
    assert tried.looked_at == 3
    assert [(was.slug, would.slug, count) for was, would, count in tried.counts] == [("finance", "commerce", 2)]
    assert {change.case.topic for change in tried.changes} == {"salaries"}
    assert not RoutingRule.objects.exists()
    kept = rules.add(body("finance"), supervisor, told)
    again = rules.try_out(body("finance"), rules.changed(body("finance"), kept, told))
    assert again.changes == [], "the rule holds already"
    without = rules.changed(body("finance"), kept, rules.Told(topic="salaries", is_active=False))
    back = rules.try_out(body("finance"), without)
    assert [(was.slug, would.slug, count) for was, would, count in back.counts] == [("commerce", "finance", 2)]


def test_a_batch_is_routed_with_as_many_queries_as_one_case(connect, person):
    account = connect("municipal")
    person("telecom")
    told = Understanding(
        "complaint", 0.9, "cleanliness", 0.9, "amana_riyadh", 0.9, sure_of=("kind", "topic", "body"), place="malaz"
    )

    def queries(count: int) -> int:
        threads = {
            number: joining.Thread(
                Case(pk=number, account=account, body=account.body), is_new=True, understood=told, posts=[Post()]
            )
            for number in range(1, count + 1)
        }
        with CaptureQueriesContext(connection) as asked:
            routing.route(threads, account)
        return len(asked)

    assert queries(1) == queries(200) == 3
