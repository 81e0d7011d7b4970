"""What keeps a reply from leaving, said in words that tell what to change."""

from __future__ import annotations

import pytest

from tafaul.bodies.models import Account
from tafaul.care import cases, errors, replies
from tafaul.care.models import Case, Reply
from tests.care.conftest import answer, take_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", errors.EmptyText),
        (" \n\u200f ", errors.EmptyText),
        ("ن" * 280, errors.TooLong),
        ("هويتك 1023456784 مسجلة", errors.PersonalDataInPublic),
        ("جوالك 0501234567", errors.PersonalDataInPublic),
        ("رقم طلبك {reference}", errors.UnfilledVariable),
    ],
)
def test_words_that_may_not_leave(asked, person, text, error):
    with pytest.raises(error) as said:
        answer(asked, person("finance"), text)
    assert str(said.value)
    assert not Reply.objects.exclude(state="draft").exists()


def test_the_citizen_s_handle_counts_as_part_of_the_reply(asked):
    assert replies.length(asked, "ن" * 10) == 10 + len("@abu_fahad ")


def test_a_long_reply_leaves_in_private(asked, person):
    assert answer(asked, person("finance"), "ن" * 1_000, visibility="private").state == "queued"


def test_personal_data_may_leave_in_private(asked, person):
    assert answer(asked, person("finance"), "هويتك 1023456784", visibility="private").state == "queued"


@pytest.mark.parametrize("role", ["auditor", "knowledge_editor", "administrator"])
def test_who_does_not_answer_cannot(asked, person, role):
    with pytest.raises(errors.NotYours):
        answer(asked, person("finance", role))


def test_another_body_can_neither_see_nor_answer(asked, person):
    stranger = person("commerce")
    with pytest.raises(errors.NotYours):
        answer(asked, stranger)
    with pytest.raises(errors.NotYours):
        cases.get(stranger, asked.reference)
    with pytest.raises(errors.NotYours):
        cases.close(asked, stranger)


def test_a_closed_case_is_reopened_first(asked, person):
    agent = person("finance")
    cases.close(asked, agent)
    with pytest.raises(errors.AlreadyClosed):
        answer(asked, agent)
    cases.reopen(asked, agent)
    assert answer(asked, agent).state == "queued"


def test_a_disconnected_account_sends_nothing(asked, person):
    Account.objects.update(state="disconnected", trouble="X refuses")
    with pytest.raises(errors.AccountDisconnected):
        answer(asked, person("finance"))


def test_an_approved_reply_bears_the_name_of_who_approved_it(asked, person):
    agent = person("finance")
    reply = answer(asked, agent)
    assert (reply.approved_by, reply.mode) == (agent, "answered")
    assert reply.approved_at is not None


def test_the_error_speaks_the_reader_s_language(asked, person, settings):
    from django.utils import translation

    agent = person("finance")
    with translation.override("ar"), pytest.raises(errors.EmptyText, match="اكتب الرد"):
        answer(asked, agent, "")
    with translation.override("en"), pytest.raises(errors.EmptyText, match="Write the reply"):
        answer(asked, agent, "")


def test_two_who_answer_the_same_case_do_not_answer_twice(asked, person):
    agent, read = person("finance"), replies.seen(asked)
    answer(asked, agent, "ينزل الأحد", saw=read)
    with pytest.raises(errors.NotRead):
        answer(asked, agent, "ينزل الاثنين", saw=read)
    assert Reply.objects.exclude(state="draft").count() == 1


def test_nobody_answers_over_what_the_citizen_has_just_added(asked, person, x):
    read = replies.seen(asked)
    x.write(asked.account.handle, "والعلاوة متى تنزل مع الراتب؟")
    take_in(asked.account)
    with pytest.raises(errors.NotRead):
        answer(asked, person("finance"), saw=read)
    asked.refresh_from_db()
    assert answer(asked, person("finance", "supervisor"), saw=replies.seen(asked)).state == "queued"


def test_who_wrote_in_private_only_is_not_answered_in_public(x, connect, person):
    account = connect("finance")
    x.write(account.handle, "رقم هويتي 1023456789 وراتبي ما نزل", private=True)
    take_in(account, "private")
    case = Case.objects.get()
    with pytest.raises(errors.WrittenInPrivate):
        answer(case, person("finance"))


def test_a_public_reply_stands_under_the_public_post(asked, person, x):
    x.write(asked.account.handle, "وهذا رقم الطلب 88", private=True)
    take_in(asked.account, "private")
    assert answer(asked, person("finance")).answers.visibility == "public"
