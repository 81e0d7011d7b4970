"""The citizen's page: what is seen through the secret link of a case, and what can be done there."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from tafaul.care import cases, following, outbox, pipeline
from tafaul.care.models import Case, Clock, Notice, Post, Rating, Referral
from tests.care.conftest import answer, asked, take_in
from tests.conftest import DeskClient

__all__ = ["asked"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def citizen() -> Client:
    """A citizen's browser; a forged request would be refused where a page leans on a cookie."""
    return DeskClient(enforce_csrf_checks=True)


def link(case: Case, then: str = "") -> str:
    return f"/r/{case.reference}/{case.portal_key}{then}"


def add(citizen: Client, case: Case, text: str, key: uuid.UUID | None = None):
    return citizen.post(link(case, "/add"), {"text": text, "form_key": str(key or uuid.uuid4())})


def work(case: Case) -> None:
    while pipeline.work(case.account):
        pass
    case.refresh_from_db()


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_citizen_sees_the_state_and_what_happened(asked, person, citizen):
    answer(asked, person("finance"), "ينزل الأحد بإذن الله")
    outbox.deliver(asked.account)
    answer(asked, person("finance", "supervisor"), "تفاصيل ملفك الخاص", visibility="private")
    outbox.deliver(asked.account)
    page = citizen.get(link(asked))
    assert page.status_code == 200
    told = words(page)
    for said in ("أجبناك", asked.reference, "متى ينزل الراتب هالشهر؟", "ينزل الأحد بإذن الله", "الرسائل الخاصة"):
        assert said in told
    assert "تفاصيل ملفك" not in told


def test_a_promise_says_by_when(asked, citizen):
    Clock.objects.filter(case=asked).delete()
    now = datetime.now(UTC)
    clock = Clock.objects.create(
        case=asked, body=asked.body, promised_by=asked.body, what="first_reply", promised=timedelta(hours=4),
        started_at=now, counted_from=now, time_left=timedelta(hours=4), due_at=now + timedelta(days=1),
    )  # fmt: skip
    assert "في موعد أقصاه" in words(citizen.get(link(asked)))
    Clock.objects.filter(pk=clock.pk).update(due_at=now - timedelta(hours=1))
    assert "تأخرنا" in words(citizen.get(link(asked)))


def test_personal_data_is_nowhere_in_the_page(x, connect, person, citizen):
    account = connect("finance")
    x.write(account.handle, "راتبي ما نزل وهويتي 1023456784 وجوالي 0501234567", author="saad_1990", name="سعد")
    take_in(account)
    case = Case.objects.get()
    add(citizen, case, "وهذا الآيبان SA0380000000608010167519 وبريدي saad@example.com")
    for _look in ("before it is worked", "after it is worked"):
        html = citizen.get(link(case)).content.decode()
        assert "وهذا الآيبان" in html
        hidden = ("1023456784", "0501234567", "SA0380000000608010167519", "saad@example.com", "saad_1990", "سعد")
        assert [secret for secret in hidden if secret in html] == []
        work(case)
    cases.close(case, person("finance"))
    citizen.post(link(case, "/rate"), {"stars": "2", "words": "اتصلوا على 0501234567"})
    html = citizen.get(link(case)).content.decode()
    assert "اتصلوا على" in html
    assert "0501234567" not in html


@pytest.mark.parametrize("then", ["", "/add", "/rate"])
def test_a_wrong_key_and_an_unknown_reference_look_the_same(asked, citizen, then):
    def ask(reference: str, key: object):
        path = f"/r/{reference}/{key}{then}"
        return citizen.post(path, {"text": "س", "stars": "1"}) if then else citizen.get(path)

    wrong = [
        ask(asked.reference, uuid.uuid4()),
        ask("ZZZZZ", asked.portal_key),
        ask("ZZZZZ", uuid.uuid4()),
        ask(asked.reference, "not-a-key"),
        ask(asked.reference, str(asked.portal_key).upper()),
        ask(asked.reference, f"{{{asked.portal_key}}}"),
        ask("%00", "%00"),
        ask("' OR 1=1 --", asked.portal_key),
    ]
    assert {response.status_code for response in wrong} == {404}
    assert len({response.content for response in wrong}) == 1
    assert Post.objects.count() == 1


def test_a_reference_alone_asks_for_the_link_and_says_nothing(asked, citizen):
    known, unknown = citizen.get(f"/r/{asked.reference}"), citizen.get("/r/ZZZZZ")
    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content
    assert "الرابط" in words(known)


def test_the_link_stays_out_of_other_sites_search_engines_and_caches(asked, citizen):
    for page in (citizen.get(link(asked)), citizen.get("/r/X/Y"), citizen.get("/r/X"), add(citizen, asked, "")):
        assert page["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page["X-Robots-Tag"]
        assert page["Cache-Control"] == "no-store"
        assert "script-src" not in page["Content-Security-Policy"]
        assert "default-src 'none'" in page["Content-Security-Policy"]
        assert b"<script" not in page.content
        assert "sessionid" not in page.cookies


def test_what_a_citizen_adds_wakes_the_case_and_is_answered_in_private(asked, person, citizen):
    answer(asked, person("finance"))
    outbox.deliver(asked.account)
    assert add(citizen, asked, "نسيت أن أقول إنه راتب التقاعد").status_code == 302
    assert "نسيت أن أقول" in words(citizen.get(link(asked)))
    work(asked)
    assert (asked.state, asked.posts_count, Case.objects.count()) == (Case.State.OPEN, 2, 1)
    post = asked.posts.order_by("-id").first()
    assert (post.visibility, post.citizen) == ("private", asked.citizen)
    assert answer(asked, person("finance", "supervisor"), visibility="private").answers == post
    assert outbox.deliver(asked.account) == 1


def test_what_is_added_joins_its_case_however_old_and_whatever_it_is_about(asked, person, citizen):
    cases.close(asked, person("finance"))
    Case.objects.update(last_post_at=datetime.now(UTC) - timedelta(days=400))
    add(citizen, asked, "المتجر رافض الاستبدال والضمان")
    work(asked)
    assert (Case.objects.count(), asked.state, asked.posts_count) == (1, Case.State.OPEN, 2)


def test_a_double_click_adds_once(asked, citizen):
    key = uuid.uuid4()
    assert [add(citizen, asked, "مرة", key).status_code for _ in range(2)] == [302, 302]
    assert Post.objects.filter(text="مرة").count() == 1


def test_who_adds_again_and_again_is_asked_to_wait(asked, citizen):
    for number in range(following.MOST_AN_HOUR):
        assert add(citizen, asked, f"رسالة {number}").status_code == 302
    page = add(citizen, asked, "رسالة أخرى")
    assert page.status_code == 409
    assert "رسالة أخرى" in page.content.decode()
    assert Post.objects.count() == 1 + following.MOST_AN_HOUR
    work(asked)
    assert add(citizen, asked, "وأخرى").status_code == 409


@pytest.mark.parametrize("text", ["", " \n\u200f ", "ن" * 2001])
def test_nothing_and_too_much_are_refused_and_kept_in_the_field(asked, citizen, text):
    page = add(citizen, asked, text)
    assert page.status_code == 409
    assert text.strip() in page.content.decode()
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\u202eمقلوب\u202c {{ case }} {% now %}",
        "نص\0فيه صفر",
        "'; DROP TABLE care_case; --",
        "😀" * 500,
        "أ" + "\u0301" * 1999,
    ],
)
def test_hostile_words_are_kept_as_words(asked, citizen, text):
    assert add(citizen, asked, text).status_code == 302
    page = citizen.get(link(asked))
    assert b"<script>alert" not in page.content
    work(asked)
    assert asked.posts_count == 2
    assert citizen.get(link(asked)).status_code == 200


def test_a_merged_case_leads_to_the_other(asked, citizen):
    other = Case.objects.get(pk=asked.pk)
    other.pk, other.reference, other.portal_key = None, "OTHER", uuid.uuid4()
    other.save(force_insert=True)
    Case.objects.filter(pk=asked.pk).update(
        state="closed", outcome="merged", closed_at=datetime.now(UTC), merged_into=other, waiting_since=None
    )
    answer = citizen.get(link(asked))
    assert (answer.status_code, answer["Location"]) == (302, link(other))
    assert add(citizen, asked, "إضافة").status_code == 302
    work(other)
    assert other.posts.get().text == "إضافة"


def test_what_was_added_before_a_merger_goes_where_the_case_went(asked, citizen):
    add(citizen, asked, "أضفتها قبل الدمج")
    other = Case.objects.get(pk=asked.pk)
    other.pk, other.reference, other.portal_key = None, "OTHER", uuid.uuid4()
    other.save(force_insert=True)
    Case.objects.filter(pk=asked.pk).update(
        state="closed", outcome="merged", closed_at=datetime.now(UTC), merged_into=other, waiting_since=None
    )
    work(other)
    assert other.posts.get().text == "أضفتها قبل الدمج"


def test_a_closed_case_is_rated_twice_and_then_no_more(asked, person, citizen):
    assert 'id="rating"' not in citizen.get(link(asked)).content.decode()
    assert citizen.post(link(asked, "/rate"), {"stars": "5"}).status_code == 409
    cases.close(asked, person("finance"), "settled")
    assert 'id="rating"' in citizen.get(link(asked)).content.decode()
    assert citizen.post(link(asked, "/rate"), {"stars": "5", "words": ""}).status_code == 302
    assert citizen.post(link(asked, "/rate"), {"stars": "3", "words": "تأخرتم"}).status_code == 302
    Rating.objects.update(rated_at=datetime.now(UTC) - timedelta(days=8))
    assert citizen.post(link(asked, "/rate"), {"stars": "1"}).status_code == 409
    assert (Rating.objects.get().stars, Rating.objects.get().words) == (3, "تأخرتم")
    assert "★★★☆☆" in words(citizen.get(link(asked)))


def test_supervisors_hear_of_a_citizen_who_is_not_content(asked, person, citizen):
    supervisor = person("finance", "supervisor")
    cases.close(asked, supervisor)
    assert citizen.post(link(asked, "/rate"), {"stars": "1", "words": "لم يُحل شيء"}).status_code == 302
    assert Notice.objects.get(what="rated").person == supervisor


@pytest.mark.parametrize("stars", ["", "0", "6", "٥", "5.0", "-1", "1e3", "9" * 400])
def test_no_stars_are_no_rating(asked, person, citizen, stars):
    cases.close(asked, person("finance"))
    assert citizen.post(link(asked, "/rate"), {"stars": stars, "words": "رأيي"}).status_code == 409
    assert not Rating.objects.exists()


def test_where_a_request_was_referred_is_named_and_what_came_back_is_not(asked, citizen):
    from tafaul.bodies.models import Body

    now, (labour, telecom) = (
        datetime.now(UTC),
        Body.objects.filter(slug__in=["labour", "telecom"]).order_by("slug"),
    )
    told = {"case": asked, "from_body": asked.body, "reason": "competence", "sent_at": now, "note": "بيننا فقط"}
    Referral.objects.create(to_body=labour, state="returned", returned_because="ليس لنا", decided_at=now, **told)
    Referral.objects.create(to_body=telecom, state="accepted", decided_at=now, **told)
    page = words(citizen.get(link(asked)))
    assert telecom.name_ar in page
    assert labour.name_ar not in page
    assert "بيننا فقط" not in page


def test_english_is_one_click_away_and_remembered(asked, citizen):
    assert 'lang="ar" dir="rtl"' in citizen.get(link(asked)).content.decode()
    switched = citizen.get(link(asked, "?language=en"), follow=True)
    assert switched.request["PATH_INFO"] == link(asked)
    assert 'lang="en" dir="ltr"' in switched.content.decode()
    assert "We are working on your request" in citizen.get(link(asked)).content.decode()
    assert citizen.get(link(asked, "?language=//evil.example")).status_code == 200


@pytest.mark.parametrize("state", ["open", "asked", "answered", *Case.Outcome.values])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_state_and_outcome_has_words(asked, citizen, state, language):
    if state in Case.Outcome.values and state not in ("answered", "merged"):
        Case.objects.update(state="closed", outcome=state, closed_at=datetime.now(UTC), waiting_since=None)
    elif state != "open":
        Case.objects.update(state=state if state != "merged" else "answered", waiting_since=None)
    citizen.cookies["language"] = language
    with translation.override(language):
        page = citizen.get(link(asked)).content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert heading is not None
    assert heading.group(1).strip()
