"""Cases that belong together: of one conversation, split from each other, merged into one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tafaul.bodies.models import Body
from tafaul.care import cases, errors, links, lists, referrals
from tafaul.care.models import (
    Attachment,
    Case,
    CaseLink,
    Note,
    OutsideReport,
    Post,
    Reply,
)
from tests.care.citizens import account_of, answers, at_once, write_all, writes
from tests.care.conftest import answer

pytestmark = pytest.mark.django_db(transaction=True)

REFUND = "المتجر رافض يرجع لي فلوسي رغم ان المنتج خربان"
REGISTER = "كيف اطلع سجل تجاري جديد لشركتي"


@pytest.fixture
def agent(person):
    return person("commerce")


@pytest.fixture
def pair(pack) -> tuple[Case, Case]:
    """Two cases of one citizen about two matters."""
    refund, register = writes(REFUND, "commerce", ago=timedelta(hours=2)), writes(REGISTER, "commerce")
    assert refund.case != register.case
    return refund.case, register.case


@pytest.fixture
def double(pair, agent) -> Case:
    """A case with two posts that are about two matters."""
    links.merge(*pair, agent)
    return Case.objects.get(merged_into__isnull=True)


# Conversations


def test_two_citizens_in_one_conversation_have_two_linked_cases(pack, agent):
    first = writes(REFUND, "commerce")
    other = writes("وانا بعد نفس المشكلة مع المتجر", "commerce", by="um_khalid", conversation_id=first.external_id)
    assert other.case != first.case
    ((linked,),) = [links.of(first.case, agent)]
    assert (linked.case, linked.why) == (other.case, CaseLink.Why.THREAD.label)


def test_however_many_write_in_a_conversation_each_is_linked_to_its_beginning(pack, agent):
    first = writes(REFUND, "commerce")
    for number in range(5):
        writes(REFUND, "commerce", by=f"citizen_{number}", conversation_id=first.external_id)
    assert CaseLink.objects.count() == 5
    assert CaseLink.objects.filter(one=first.case).count() == 5


def test_a_conversation_that_our_own_post_began_is_one_as_well(pack, agent):
    first = writes(REFUND, "commerce", by="a", conversation_id="999")
    second = writes(REFUND, "commerce", by="b", conversation_id="999")
    assert [link.case for link in links.of(second.case, agent)] == [first.case]


def test_a_citizen_who_surely_speaks_of_another_matter_in_a_conversation_has_another_case(pack, agent):
    first = writes(REFUND, "commerce")
    other = writes(REGISTER, "commerce", conversation_id=first.external_id, in_reply_to=first.external_id)
    assert "topic" in other.understood["sure_of"]
    assert other.case != first.case
    assert [link.case for link in links.of(other.case, agent)] == [first.case]


def test_a_citizen_goes_on_with_their_case_in_the_same_conversation(pack):
    first = writes(REFUND, "commerce")
    writes(REGISTER, "commerce")
    again = writes("طيب وش الحل الحين", "commerce", conversation_id=first.external_id)
    assert again.case == first.case
    assert not CaseLink.objects.exists()


def test_what_answers_our_reply_goes_on_with_its_case(pair, agent):
    refund, _register = pair
    reply = answers(refund, agent)
    assert writes("طيب وش الحل الحين", "commerce", in_reply_to=reply.external_id).case == refund


def test_a_link_is_shown_only_to_who_may_see_the_other_case(pack, agent, person):
    first = writes(REFUND, "commerce")
    other = writes(REFUND, "commerce", by="b", conversation_id=first.external_id).case
    assert links.of(first.case, person("telecom")) == []
    assert [link.case for link in links.of(first.case, agent)] == [other]


# Splitting


def test_posts_split_off_become_a_case_of_their_own_and_both_are_linked(double, agent):
    first, second = double.posts.order_by("pk")
    new = links.split(double, {second.pk}, agent)
    assert list(new.posts.all()) == [second]
    assert list(double.posts.all()) == [first]
    assert (new.topic, new.kind) == (second.understood["topic"], second.understood["kind"])
    assert (new.state, new.waiting_since, new.posts_count) == ("open", second.written_at, 1)
    assert (double.waiting_since, double.posts_count) == (first.written_at, 1)
    assert [(link.case, link.why) for link in links.of(new, agent)] == [(double, CaseLink.Why.SPLIT.label)]
    assert new.citizen == double.citizen
    assert new.reference != double.reference


def test_replies_to_what_is_split_off_go_along_and_nobody_waits_for_what_was_answered(double, agent):
    _first, second = double.posts.order_by("pk")
    reply = answers(double, agent, to=second)
    new = links.split(double, {second.pk}, agent)
    assert list(new.replies.exclude(state="draft")) == [reply]
    assert (new.state, new.answered_at) == ("answered", reply.sent_at)
    double.refresh_from_db()
    assert double.state == "answered"


def test_what_remains_no_longer_waits_when_only_the_rest_did(double, agent):
    first, second = double.posts.order_by("pk")
    Post.objects.filter(pk=second.pk).update(case=None)
    answers(double, agent, to=first)
    Post.objects.filter(pk=second.pk).update(case=double)
    Case.objects.filter(pk=double.pk).update(state="open", waiting_since=second.written_at)
    new = links.split(double, {second.pk}, agent)
    double.refresh_from_db()
    assert (new.state, double.state, double.waiting_since) == ("open", "answered", None)


def test_urgency_goes_with_the_post_that_says_why(double, agent):
    _first, second = double.posts.order_by("pk")
    Post.objects.filter(pk=second.pk).update(understood={**second.understood, "urgent": "خطر"})
    Case.objects.filter(pk=double.pk).update(urgency=0, urgent_because="خطر", priority=0)
    new = links.split(double, {second.pk}, agent)
    assert (new.urgency, new.urgent_because, new.priority) == (0, "خطر", 0)
    assert (double.urgency, double.urgent_because, double.priority) == (1, "", 3)


@pytest.mark.parametrize("which", ["none", "all", "foreign", "unknown"])
def test_some_posts_of_the_case_are_split_off_and_nothing_else(double, agent, which):
    foreign = writes("متى ينزل الراتب", by="b")
    chosen = {
        "none": set(),
        "all": set(double.posts.values_list("pk", flat=True)),
        "foreign": {double.posts.first().pk, foreign.pk},
        "unknown": {10**18},
    }[which]
    with pytest.raises(errors.NoPartOfIt):
        links.split(double, chosen, agent)
    assert double.posts.count() == 2


def test_nothing_is_split_while_its_reply_is_on_its_way(double, agent):
    reply = answer(double, agent)
    with pytest.raises(errors.ReplyUnderWay):
        links.split(double, {reply.answers_id}, agent)


def test_strangers_auditors_and_closed_cases_split_nothing(double, agent, person):
    part = {double.posts.first().pk}
    for someone in (person("telecom"), person("commerce", "auditor")):
        with pytest.raises(errors.NotYours):
            links.split(double, part, someone)
    cases.close(double, agent)
    with pytest.raises(errors.ClosedMeanwhile):
        links.split(double, part, agent)


def test_of_two_who_split_the_same_post_off_one_is_refused(double, agent, person):
    part, other = {double.posts.order_by("pk").last().pk}, person("commerce", "supervisor")
    told = at_once(lambda: links.split(double, part, agent), lambda: links.split(double, part, other))
    (refused,) = [error for error in told if error is not None]
    assert isinstance(refused, errors.NoPartOfIt)
    assert list(Case.objects.filter(merged_into__isnull=True).values_list("posts_count", flat=True)) == [1, 1]


# Merging


def test_all_that_is_in_a_case_goes_into_the_other(pair, agent):
    part, whole = pair
    reply, now = answers(part, agent), datetime.now(UTC)
    writes(REFUND, "commerce", in_reply_to=reply.external_id)
    note = Note.objects.create(case=part, by=agent, text="راجعته", at=now)
    file = Attachment.objects.create(
        case=part, by=agent, name="a", content_type="text/plain", size=1, file="a", at=now
    )
    for case in pair:
        OutsideReport.objects.create(case=case, system="s", number="44", noted_at=now)
    moved = OutsideReport.objects.create(case=part, system="s", number="55", noted_at=now)
    part.refresh_from_db()
    links.merge(part, whole, agent)
    assert (part.state, part.outcome, part.merged_into, part.posts.count()) == ("closed", "merged", whole, 0)
    assert whole.posts.count() == whole.posts_count == 3
    for thing in (reply, note, file, moved):
        thing.refresh_from_db()
        assert thing.case == whole
    assert sorted(whole.outside_reports.values_list("number", flat=True)) == ["44", "55"]
    assert Reply.objects.filter(state="draft").count() == 1
    assert not part.clocks.filter(ended_at__isnull=True).exists()


def test_the_whole_waits_as_long_as_the_part_did_and_is_as_urgent(pair, agent):
    part, whole = pair
    Case.objects.filter(pk=part.pk).update(urgency=0, urgent_because="خطر", tags=["a", "b"])
    Case.objects.filter(pk=whole.pk).update(tags=["b"], repeats=1)
    links.merge(part, whole, agent)
    first = whole.posts.earliest("written_at")
    assert (whole.waiting_since, whole.opened_at) == (first.written_at, first.received_at)
    assert (whole.urgency, whole.urgent_because, whole.priority, whole.tags) == (0, "خطر", 0, ["b", "a"])


def test_an_answered_case_waits_when_one_that_waits_goes_into_it(pair, agent):
    part, whole = pair
    answers(whole, agent)
    links.merge(part, whole, agent)
    assert whole.state == "open"


def test_a_citizen_who_goes_on_with_a_merged_case_comes_to_the_whole(pair, agent):
    part, whole = pair
    reply = answers(part, agent)
    links.merge(part, whole, agent)
    assert writes("طيب وش صار على الاسترجاع", "commerce", in_reply_to=reply.external_id).case == whole
    assert writes(REFUND, "commerce").case != part


def test_merged_cases_form_no_chain(pair, agent):
    first, second = pair
    third = writes("وكالة السيارات مأخرة قطع الغيار شهرين", "commerce", ago=timedelta(minutes=5)).case
    assert third not in pair
    links.merge(first, second, agent)
    links.merge(second, third, agent)
    assert set(Case.objects.filter(merged_into=third)) == {first, second}
    with pytest.raises(errors.WasMerged, match=third.reference):
        links.merge(first, third, agent)
    with pytest.raises(errors.WasMerged):
        links.merge(third, second, agent)


def test_a_merged_case_is_neither_reopened_nor_closed_nor_split(pair, agent):
    part, whole = pair
    links.merge(part, whole, agent)
    for verb in (cases.reopen, cases.close):
        with pytest.raises(errors.WasMerged, match=whole.reference):
            verb(part, agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=part.pk).update(
            state="open", waiting_since=whole.opened_at, closed_at=None, outcome="", merged_into=None
        )


def test_only_cases_of_one_citizen_at_one_account_are_merged(pair, agent, person):
    part, _ = pair
    of_another = writes(REFUND, "commerce", by="um_khalid").case
    elsewhere = writes("متى ينزل الراتب").case
    for other in (of_another, part):
        with pytest.raises(errors.NotTheSameCitizen):
            links.merge(part, other, agent)
    with pytest.raises(errors.NotYours):
        links.merge(part, elsewhere, agent)
    assert elsewhere.account == account_of("finance")


def test_nothing_is_merged_while_its_reply_is_on_its_way(pair, agent):
    answer(pair[0], agent)
    with pytest.raises(errors.ReplyUnderWay):
        links.merge(*pair, agent)


@pytest.mark.parametrize("which", [0, 1])
def test_nothing_is_merged_while_one_of_the_two_is_referred(pair, agent, person, which):
    person("finance")
    referrals.refer(pair[which], agent, Body.objects.get(slug="finance"), "competence")
    with pytest.raises(errors.InReferral, match=pair[which].reference):
        links.merge(*pair, agent)


def test_two_who_merge_each_into_the_other_make_one_case_and_wait_for_each_other(pair, agent, person):
    one, two, other = *pair, person("commerce", "supervisor")
    again = Case.objects.get(pk=one.pk), Case.objects.get(pk=two.pk)
    told = at_once(lambda: links.merge(one, two, agent), lambda: links.merge(again[1], again[0], other))
    (refused,) = [error for error in told if error is not None]
    assert isinstance(refused, errors.WasMerged)
    assert Case.objects.filter(merged_into__isnull=True).get().posts.count() == 2


def test_what_may_be_merged_are_the_citizen_s_other_cases_that_are_not_closed(pair, agent):
    part, whole = pair
    writes(REFUND, "commerce", by="um_khalid")
    assert links.may_merge_into(part, agent) == [whole]
    cases.close(whole, agent)
    assert links.may_merge_into(part, agent) == []


def test_words_are_found_in_the_case_that_has_the_posts_now(pair, agent):
    part, whole = pair
    links.merge(part, whole, agent)
    wanted = lists.Wanted(state="all", words="خربان")
    assert list(lists.narrowed(cases.visible_to(agent), wanted, agent)) == [whole]


def test_a_case_is_merged_while_posts_arrive_and_none_is_lost(pair, agent):
    part, whole = pair
    told = at_once(
        lambda: links.merge(part, whole, agent),
        lambda: write_all([f"{REFUND} {number}" for number in range(3)], "commerce"),
    )
    assert told == [None, None]
    assert not Post.objects.filter(case=part).exists()
    assert Post.objects.count() == 5
    for case in Case.objects.filter(merged_into__isnull=True):
        assert case.posts.count() == case.posts_count
