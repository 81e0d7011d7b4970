"""Looking for cases by words in any spelling, by reference and by handle, and by nothing that is personal."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tafaul.care import cases, lists, search
from tafaul.care.models import Case
from tests.care.citizens import writes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(person):
    return person("finance")


def found(person, words: str) -> list[Case]:
    wanted = lists.Wanted(state="all", words=words)
    return list(lists.narrowed(cases.visible_to(person), wanted, person))


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("متى ينزل الراتب هالشهر", "راتب"),
        ("متى ينزل راتبي", "الراتب"),
        ("للراتب والعلاوة", "راتب علاوه"),
        ("تأخر صرف المكافأة", "المكافاه"),
        ("تاخر صرف المكافاة", "المكافأة"),
        ("انقطاع الكهرباء عندنا", "كهربا"),
        ("إيقاف الخدمات", "ايقاف خدمات"),
        ("مُستحقّات مُتأخّرة", "مستحقات متأخره"),
        ("مســـتحقات", "مستحقات"),
        ("وبالمكتبة كتب", "المكتبة"),
        ("والخدمات البلدية", "بلدية"),
        ("البلديه ما ترد", "البلدية"),
        ("بطاقة الأحوال", "البطاقة"),
        ("صورت البطاقه", "بطاقة"),
        ("وزارة المالية", "الوزارة"),
        ("على الوزاره الرد", "وزارة"),
        ("رحت لبنك الراجحي", "البنك"),
        ("بعقد الإيجار", "عقد"),
        ("متى نزول الرواتب", "الروا"),
        ("I want my SALARY now", "salary"),
        ("I want my SALARY now", "sal"),
        ("#رواتب_المتقاعدين متى", "متقاعدين"),
        ("بلاغي رقم ٤٤١١٢٢٣ من شهر", "4411223"),
        ("بلاغي رقم 4411223 من شهر", "٤٤١١٢٢٣"),
        ("سؤال عن الرواتب الأساسيّة", "سؤال أساسية رواتب"),
    ],
)
def test_words_are_found_in_their_spellings(pack, agent, written, sought):
    case = writes(written).case
    writes("لا علاقة لهذا بشيء آخر قط", by="somebody_else")
    assert found(agent, sought) == [case]


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("متى ينزل الراتب", "متى نزلت الرواتب كلها"),
        ("لدي مشكلة", "بلدية"),
        ("متى ينزل الراتب", "؟؟"),
        ("متى ينزل الراتب", "!!! ..."),
        ("متى ينزل الراتب", "\U0001f600"),
        ("كيف حالكم", "حالكمم"),
    ],
)
def test_what_does_not_stand_there_is_not_found(pack, agent, written, sought):
    writes(written)
    assert found(agent, sought) == []


def test_a_case_is_found_by_its_reference_in_any_case_and_by_the_citizen_s_handle(pack, agent):
    case = writes("متى ينزل الراتب", by="Abu_Fahad").case
    other = writes("متى ينزل الراتب", by="um_khalid").case
    for sought in (
        case.reference,
        case.reference.lower(),
        f" {case.reference} ",
        "@abu_fahad",
        "@ABU",
        "abu_fahad",
    ):
        assert found(agent, sought) == [case], sought
    assert found(agent, other.reference.lower()) == [other]
    assert found(agent, "@fahad") == []


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("رقمي 0501234567 كلموني", "0501234567"),
        ("رقمي 0501234567 كلموني", "501234567"),
        ("رقمي ٠٥٠١٢٣٤٥٦٧ كلموني", "0501234567"),
        ("هويتي 1023456784 وراتبي ما نزل", "1023456784"),
        ("هويتي 1023456784 وراتبي ما نزل", "10234567"),
        ("بريدي fahad@example.com", "fahad@example.com"),
        ("ايباني SA0380000000608010167519", "SA0380000000608010167519"),
    ],
)
def test_nobody_is_found_by_personal_data(pack, agent, written, sought):
    case = writes(written).case
    assert found(agent, sought) == []
    case.refresh_from_db()
    assert not any(char.isdigit() for char in case.search.replace(search.of_case(case.reference), ""))


def test_each_post_of_a_case_is_found(pack, agent):
    case = writes("متى ينزل الراتب").case
    writes("والراتب مع العلاوة السنوية", by="abu_fahad")
    assert found(agent, "السنوية") == [case]
    assert found(agent, "متى سنوية") == [case]


def test_only_what_a_person_sees_is_found(pack, agent, person):
    writes("متى ينزل الراتب")
    assert found(person("telecom"), "الراتب") == []


HOSTILE = [
    "'", "''", "\\", "\\'", ":*", "a:*b", "' | 'x", "!a", "& | !", "(((", "<->", "a <-> b", "%", "_", "\0", "راتب\0",
    "'; DROP TABLE care_case; --", "$1", "{}", "{0}", "@", "@'", "#", "@" * 500, "ا" * 5000, "\u202e\u200f", "\ud800",
    "🇸🇦", "ﷺ", "٪", "x" * 10_000, "a " * 3_000,
]  # fmt: skip


@pytest.mark.parametrize("sought", HOSTILE)
def test_hostile_words_find_nothing_wrong_and_break_nothing(pack, agent, sought):
    writes("متى ينزل الراتب")
    list(lists.narrowed(cases.visible_to(agent), lists.Wanted.read({"q": sought, "state": "all"}), agent))
    writes(sought.replace("\0", "").replace("\ud800", ""), by="hostile")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_at_all_is_a_query_and_finds_itself(db, text):
    kept, asked = search.vector(search.lexemes(text, [])), search.query(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [kept, asked])
        (matches,) = cursor.fetchone()
    assert matches is (True if asked else None) or text.strip().startswith("@")


def test_cases_of_before_the_search_are_filled_in_and_then_found(pack, agent, monkeypatch):
    kept = [writes(f"متى ينزل الراتب {number}", by=f"c{number}").case for number in range(5)]
    before = dict(Case.objects.values_list("pk", "search"))
    Case.objects.update(search=None)
    assert found(agent, "راتب") == []
    monkeypatch.setattr(search, "_FILL", 2)
    search.fill()
    assert dict(Case.objects.values_list("pk", "search")) == before
    assert set(found(agent, "راتب")) == set(kept)


def test_a_case_with_endless_words_stays_within_what_the_database_takes(pack, agent):
    for turn in range(3):
        text = " ".join(f"{'ب' * 20}{chr(0x621 + turn)}{number:04d}x" for number in range(3000))
        writes(text, conversation_id="1")
    writes("متى ينزل الراتب")
    assert found(agent, "الراتب")
