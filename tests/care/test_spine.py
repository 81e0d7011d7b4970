"""From a citizen's post to a delivered answer."""

from __future__ import annotations

import uuid

import pytest

from tafaul.bodies.models import Body
from tafaul.care import cases, outbox
from tafaul.care.models import Case, Post, Reading, Reply
from tests.care.conftest import answer, take_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_post_becomes_a_case_and_its_answer_arrives_on_x(x, connect, person):
    account = connect("finance")
    (post_id,) = x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    case = Case.objects.get()
    assert (case.kind, case.topic, case.body.slug) == ("inquiry", "salaries", "finance")
    reply = answer(case, person("finance"))
    assert outbox.deliver(account) == 1
    reply.refresh_from_db()
    case.refresh_from_db()
    (arrived,) = x.replies()
    assert arrived["id"] == reply.external_id
    assert arrived["in_reply_to"] == post_id
    assert arrived["text"] == "@abu_fahad أهلاً بك، نسعد بخدمتك."
    assert case.state == Case.State.ANSWERED


def test_a_draft_waits_in_the_words_of_the_unified_message(x, connect):
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    draft = Reply.objects.get()
    assert draft.state == "draft"
    assert draft.mode == "taken_private"
    assert draft.text.startswith("يسعدنا التواصل معك والرد على استفسارك عبر الرسائل الخاصة")


def test_a_post_to_the_wrong_body_goes_to_the_competent_one_and_both_see_it(x, connect, person):
    account, telecom = connect("commerce"), person("telecom")
    x.write(account.handle, "شحنتي مع شركة الشحن لها شهر ما وصلت")
    take_in(account)
    case = Case.objects.get()
    assert case.referrals.get().to_body.slug == "telecom"
    assert case.replies.get().mode == "referred"
    assert cases.visible_to(telecom).get() == case
    assert cases.visible_to(person("commerce")).get() == case
    assert not cases.visible_to(person("finance")).exists()


def test_a_municipal_matter_goes_to_the_amana_of_its_place(x, connect):
    account = connect("municipal")
    x.write(account.handle, "الزبايل متكدسة عندنا في حي النسيم بالرياض")
    take_in(account)
    assert Case.objects.get().body.slug == "amana_riyadh"


def test_a_unit_that_people_added_keeps_the_matters_of_the_body_above_it(x, connect):
    account = connect("municipal")
    account.body = Body.objects.create(
        slug="cleaning_unit", parent=account.body, name_ar="وحدة النظافة", name_en="Cleaning"
    )
    account.save()
    x.write(account.handle, "الزبايل متكدسه عندنا من اسبوع والريحه ذبحتنا")
    take_in(account)
    case = Case.objects.get()
    assert (case.body.slug, case.needs_triage) == ("cleaning_unit", False)


def test_reading_twice_stores_once(x, connect):
    account = connect("finance")
    x.write(account.handle, *[f"راتبي {number}" for number in range(250)])
    Reading.objects.create(account=account, stream="public", position={"newest": "1", "gaps": []})
    take_in(account)
    Reading.objects.update(position={"newest": "1", "gaps": []})
    take_in(account)
    assert Post.objects.count() == 250


def test_a_private_message_joins_the_open_case_of_its_citizen(x, connect):
    account = connect("commerce")
    x.write(account.handle, "رفعت بلاغ تجاري وما احد رد")
    x.write(account.handle, "رقم البلاغ 4411223", private=True)
    take_in(account)
    take_in(account, "private")
    case = Case.objects.get()
    assert case.posts_count == 2
    assert {post.visibility for post in case.posts.all()} == {"public", "private"}


def test_thanks_do_not_open_an_answered_case_again(x, connect, person):
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    case = Case.objects.get()
    answer(case, person("finance"))
    outbox.deliver(account)
    (reply,) = x.replies()
    x.write(account.handle, "شكرا ما قصرتوا", in_reply_to=reply["id"])
    take_in(account)
    case.refresh_from_db()
    assert case.posts_count == 2
    assert case.state == Case.State.ANSWERED


def test_who_comes_back_opens_the_case_again(x, connect, person):
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    case = Case.objects.get()
    answer(case, person("finance"))
    outbox.deliver(account)
    x.write(account.handle, "للحين ما نزل الراتب وينكم")
    take_in(account)
    case.refresh_from_db()
    assert (Case.objects.count(), case.state) == (1, Case.State.OPEN)
    assert case.replies.filter(state="draft").count() == 1


def test_another_matter_of_the_same_citizen_is_another_case(x, connect):
    account = connect("commerce")
    x.write(account.handle, "المتجر رافض الاستبدال", "كيف اطلع سجل تجاري")
    take_in(account)
    assert sorted(Case.objects.values_list("topic", flat=True)) == ["company_register", "refund_exchange"]


def test_a_double_click_sends_once(x, connect, person):
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    case, agent, key = Case.objects.get(), person("finance"), uuid.uuid4()
    assert answer(case, agent, form_key=key) == answer(case, agent, form_key=key)
    outbox.deliver(account)
    assert len(x.replies()) == 1
