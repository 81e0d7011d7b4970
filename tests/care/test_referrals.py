"""A case goes to the competent body: it is referred, and the receiver accepts, returns, passes on, or does it."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from tafaul.bodies import tree
from tafaul.bodies.errors import StillNeeded
from tafaul.bodies.models import Body
from tafaul.care import cases, referrals
from tafaul.care.errors import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyReferred,
    AlreadyThere,
    BodyGone,
    CareError,
    NobodyThere,
    NoReason,
    NotYours,
    SameBody,
    TooManyHops,
    TopicWithheld,
)
from tafaul.care.models import Case, Notice, Referral
from tests.care.conftest import answer

pytestmark = pytest.mark.django_db(transaction=True)


def body(slug: str) -> Body:
    return Body.objects.get(slug=slug)


@pytest.fixture
def finance(person):
    return person("finance")


@pytest.fixture
def telecom(person):
    return person("telecom")


def test_until_it_is_accepted_the_sender_answers_for_the_case(asked, finance, telecom):
    sent = referrals.refer(asked, finance, body("telecom"), "competence", "تخص شريحة الجوال")
    asked.refresh_from_db()
    assert (asked.body.slug, sent.state, sent.sent_by) == ("finance", "sent", finance)
    assert cases.get(telecom, asked.reference) == asked, "the receiver sees the case at once"
    assert not cases.may_answer(telecom, asked)
    assert Notice.objects.get().person == telecom
    assert list(referrals.waiting(telecom)) == [sent]

    referrals.accept(sent, telecom)
    asked.refresh_from_db()
    assert asked.body.slug == "telecom"
    assert cases.may_answer(telecom, asked)
    assert cases.get(finance, asked.reference) == asked
    assert not referrals.waiting(telecom).exists()


def test_the_citizen_is_told_by_a_draft_that_names_the_body_and_a_person_sends(asked, finance, telecom):
    asked.replies.all().delete()
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    draft = asked.replies.get()
    assert (draft.state, draft.mode) == ("draft", "referred")
    assert "هيئة الاتصالات وتقنية المعلومات" in draft.text
    assert asked.reference in draft.text
    referrals.return_(sent, telecom, "تخص جهة أخرى")
    assert not asked.replies.exists(), "what was not sent is not true any more"


def test_another_draft_stays(asked, finance, telecom):
    (draft,) = asked.replies.all()
    referrals.refer(asked, finance, body("telecom"), "competence")
    assert asked.replies.get() == draft


def test_what_is_returned_goes_back_to_its_sender_who_is_told_why(asked, finance, telecom):
    sent = referrals.accept(referrals.refer(asked, finance, body("telecom"), "competence"), telecom)
    with pytest.raises(NoReason):
        referrals.return_(sent, telecom, "  ")
    referrals.return_(sent, telecom, "تخص وزارة المالية")
    asked.refresh_from_db()
    assert asked.body.slug == "finance"
    assert referrals.chain(asked)[0].returned_because == "تخص وزارة المالية"
    assert list(Notice.objects.filter(what="returned").values_list("person", flat=True)) == [finance.pk]


def test_who_passes_a_case_on_has_it_until_the_next_accepts_and_again_when_it_is_returned(
    asked, finance, telecom, person
):
    commerce = person("commerce")
    first = referrals.refer(asked, finance, body("telecom"), "competence")
    second = referrals.pass_on(first, telecom, body("commerce"), "competence")
    asked.refresh_from_db()
    assert (asked.body.slug, second.from_body.slug, second.previous) == ("telecom", "telecom", first)
    referrals.return_(second, commerce, "ليست لنا")
    first.refresh_from_db()
    assert first.state == "accepted"
    referrals.done(first, telecom, "عولجت")
    asked.refresh_from_db()
    assert asked.body.slug == "telecom"
    assert [each.state for each in referrals.chain(asked)] == ["done", "returned"]


def test_advice_brings_the_case_back_when_it_is_given(asked, finance, telecom):
    sent = referrals.accept(referrals.refer(asked, finance, body("telecom"), "advice"), telecom)
    referrals.done(sent, telecom, "الشريحة سليمة")
    asked.refresh_from_db()
    assert asked.body.slug == "finance"
    assert Notice.objects.filter(what="done", person=finance).exists()


def test_a_case_does_not_go_round_in_a_circle_unless_a_supervisor_says_so(asked, finance, telecom, person):
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    referrals.return_(sent, telecom, "ليست لنا")
    with pytest.raises(AlreadyThere):
        referrals.refer(asked, finance, body("telecom"), "competence")
    with pytest.raises(AlreadyThere):
        referrals.refer(asked, finance, body("telecom"), "competence", even_so=True)
    again = referrals.refer(asked, person("finance", "supervisor"), body("telecom"), "competence", even_so=True)
    with pytest.raises(AlreadyThere):
        referrals.pass_on(again, telecom, body("finance"), "competence")


def test_a_case_is_referred_six_times_at_most(asked, finance, person):
    holder = person("telecom")
    last = referrals.refer(asked, finance, body("telecom"), "competence")
    for slug in ("commerce", "labour", "citizen_account", "environment", "municipal"):
        receiver = person(slug)
        last, holder = referrals.pass_on(last, holder, body(slug), "competence"), receiver
    person("amana_riyadh")
    with pytest.raises(TooManyHops, match="6"):
        referrals.pass_on(last, holder, body("amana_riyadh"), "place")


def test_a_topic_that_is_withheld_from_a_body_is_withheld_from_those_below_it(asked, finance, person):
    person("amana_riyadh")
    Body.objects.filter(slug="municipal").update(withheld_topics=["salaries"])
    with pytest.raises(TopicWithheld, match="الرواتب"):
        referrals.refer(asked, finance, body("amana_riyadh"), "competence")
    assert not Referral.objects.exists()


def test_what_cannot_be_is_refused_with_words(asked, finance, telecom, person):
    with pytest.raises(SameBody):
        referrals.refer(asked, finance, body("finance"), "competence")
    with pytest.raises(NobodyThere):
        referrals.refer(asked, finance, body("commerce"), "competence")
    with pytest.raises(NotYours):
        referrals.refer(asked, telecom, body("telecom"), "competence")
    with pytest.raises(NotYours):
        referrals.refer(asked, person("finance", "auditor"), body("telecom"), "competence")
    cases.close(asked, finance)
    with pytest.raises(AlreadyClosed):
        referrals.refer(asked, finance, body("telecom"), "competence")


def test_the_receiver_decides_and_nobody_else(asked, finance, telecom, person):
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    for somebody in (finance, person("commerce"), person("telecom", "auditor")):
        with pytest.raises(NotYours):
            referrals.accept(sent, somebody)
        with pytest.raises(NotYours):
            referrals.return_(sent, somebody, "لا")
        with pytest.raises(NotYours):
            referrals.done(sent, somebody)
    with pytest.raises(NotYours):
        referrals.withdraw(sent, telecom)


def test_a_ministry_does_not_accept_in_the_name_of_its_amana(x, connect, person):
    from tests.care.conftest import take_in

    account = connect("municipal")
    x.write(account.handle, "متى ينتهي ترخيص البناء؟")
    take_in(account)
    case, ministry, amana = Case.objects.get(), person("municipal"), person("amana_riyadh")
    sent = referrals.refer(case, ministry, body("amana_riyadh"), "unit")
    with pytest.raises(NotYours):
        referrals.accept(sent, ministry)
    referrals.accept(sent, amana)
    assert cases.may_answer(ministry, Case.objects.get())


def test_the_second_of_two_hears_who_was_faster(asked, finance, telecom):
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    with pytest.raises(AlreadyReferred, match=r"finance\.agent"):
        referrals.refer(asked, finance, body("telecom"), "competence")
    referrals.accept(sent, telecom)
    with pytest.raises(AlreadyDecided, match=r"telecom\.agent"):
        referrals.accept(sent, telecom)
    with pytest.raises(AlreadyDecided):
        referrals.withdraw(sent, finance)


def test_what_is_withdrawn_is_not_accepted(asked, finance, telecom):
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    referrals.withdraw(sent, finance)
    with pytest.raises(AlreadyDecided):
        referrals.accept(sent, telecom)
    referrals.refer(asked, finance, body("telecom"), "competence")


def at_once(*verbs) -> list[object]:
    """Run verbs at the same moment in threads of their own; return what each gave or raised."""
    start, came = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(number: int, verb) -> None:
        try:
            start.wait()
            came[number] = verb()
        except CareError as error:
            came[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_two_who_refer_at_once_make_one_referral(asked, finance, telecom, person):
    person("commerce")
    for _turn in range(5):
        came = at_once(
            lambda: referrals.refer(asked, finance, body("telecom"), "competence"),
            lambda: referrals.refer(asked, finance, body("commerce"), "competence"),
        )
        assert sorted(type(each).__name__ for each in came) == ["AlreadyReferred", "Referral"]
        referrals.withdraw(next(each for each in came if isinstance(each, Referral)), finance)


def test_two_who_accept_and_return_at_once_decide_once(asked, finance, telecom):
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    came = at_once(*[lambda: referrals.accept(sent, telecom)] * 3)
    assert sorted(type(each).__name__ for each in came) == ["AlreadyDecided", "AlreadyDecided", "Referral"]


def test_the_database_knows_one_open_referral_of_a_case(asked, finance, telecom):
    sent = referrals.refer(asked, finance, body("telecom"), "competence")
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(
            case=asked,
            from_body=body("finance"),
            to_body=body("commerce"),
            reason="competence",
            sent_at=sent.sent_at,
        )


def test_a_body_that_is_removed_meanwhile_is_refused_and_one_with_a_referral_stays(asked, finance, person):
    administrator = person("municipal", "administrator")
    unit = tree.add(body("municipal"), administrator, tree.Told("وحدة", "Unit"))
    unit.referral_email = "unit@example.com"
    unit.save()
    gone = tree.add(body("municipal"), administrator, tree.Told("وحدة", "Gone"))
    tree.remove(gone, administrator)
    gone.pk = 10**9
    with pytest.raises(BodyGone):
        referrals.refer(asked, finance, gone, "competence")
    referrals.refer(asked, finance, unit, "competence")
    with pytest.raises(StillNeeded):
        tree.remove(unit, administrator)


def test_the_assignee_is_let_go_when_another_body_takes_over(asked, finance, telecom):
    Case.objects.update(assignee=finance)
    referrals.accept(referrals.refer(asked, finance, body("telecom"), "competence"), telecom)
    assert Case.objects.get().assignee is None
    answer(Case.objects.get(), telecom, form_key=uuid.uuid4())
