"""What is understood of a post: its kind, topic, body and place, and how surely."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafaul.understanding import Understanding, understand
from tafaul.understanding import model as models
from tafaul.understanding.pack import SA
from tests.understanding.proportion import is_in_proportion


def one(text: str, to: str = "finance") -> Understanding:
    return understand([text], to)[0]


@pytest.mark.parametrize(
    ("text", "to", "kind", "topic", "body"),
    [
        ("متى ينزل الراتب هالشهر؟", "finance", "inquiry", "salaries", "finance"),
        ("متـــى ينزل الرااااتب", "finance", "inquiry", "salaries", "finance"),
        ("شحنتي مع شركة الشحن لها شهر ما وصلت", "commerce", "complaint", "shipments", "telecom"),
        (
            "المتجر رافض يستبدل القطعة ولا رجع لي فلوسي حسبي الله عليهم",
            "commerce",
            "complaint",
            "refund_exchange",
            "commerce",
        ),
        (
            "الزبايل متكدسة من اسبوع في حي النسيم بالرياض والريحة ذبحتنا",
            "municipal",
            "complaint",
            "cleanliness",
            "amana_riyadh",
        ),
    ],
)
def test_everyday_posts(text, to, kind, topic, body):
    meant = one(text, to)
    assert (meant.kind, meant.body) == (kind, body)
    assert meant.topic == topic


def test_thanks_are_thanks():
    assert one("شكرا لكم ما قصرتوا الله يعطيكم العافية").kind == "thanks"


@pytest.mark.parametrize(
    ("text", "to", "reason"),
    [
        ("حريق في عمارة بحي الملز الحقونا", "municipal", "حريق"),
        ("بيارة مكشوفة من غير غطا قدام مدرسة البنات والبزران يلعبون حولها", "municipal", "حفرة مفتوحة"),
        ("الكفيل حابسني بالغرفة من يومين بلا أكل ومصوب راسي", "labour", None),
    ],
)
def test_who_is_in_danger_is_urgent_and_the_reason_is_told(text, to, reason):
    urgent = one(text, to).urgent
    assert urgent
    assert reason in (None, urgent)


def test_who_only_asks_is_not_urgent():
    assert one("متى ينزل الراتب هالشهر؟").urgent is None


@pytest.mark.parametrize(
    ("text", "spam", "abuse"),
    [
        ("خصم ٥٠٪ على العبايات، للطلب واتساب على الرابط بالبايو، توصيل مجاني لكل المناطق", True, False),
        ("نسدد قروضك ونستخرج لك تمويل جديد، كلمنا واتس", True, False),
        ("الله ياخذكم يا حمير يا كلاب يا حثالة", False, True),
        ("البنك سحب القسط مرتين هالشهر", False, False),
    ],
)
def test_advertising_and_abuse_are_told(text, spam, abuse):
    meant = one(text, "finance")
    assert (meant.spam, meant.abuse) == (spam, abuse)


def test_the_words_that_decided_are_told():
    assert "الراتب" in one("متى ينزل الراتب هالشهر؟").why


@pytest.mark.parametrize(
    ("text", "language"), [("میری تنخواہ کب آئے گی", "ur"), ("où est mon colis perdu", "und")]
)
def test_of_other_languages_only_the_language_is_told(text, language):
    meant = one(text)
    assert (meant.language, meant.topic, meant.body) == (language, None, "finance")


@pytest.mark.parametrize(
    "text", ["", " ", "؟", "😀😀", "\u202e\u202c", "ق" * 25_000, "0" * 25_000, "\n\n\n", "asdf qwer"]
)
def test_texts_that_say_nothing_are_understood_as_nothing(text):
    meant = one(text)
    assert meant.topic is None
    assert meant.body == "finance"
    assert 0 <= meant.kind_sure <= 1


def test_a_batch_is_understood_as_its_texts_one_by_one():
    texts = ["متى ينزل الراتب؟", "", "شكرا لكم"]
    assert understand(texts, "finance") == [one(text) for text in texts]


def test_personal_data_is_found_while_reading():
    assert [span.sort for span in one("راتبي ما نزل هويتي 1023456789").personal_data] == ["identity"]


@given(st.lists(st.text(alphabet=st.characters(), max_size=400), max_size=5))
def test_any_texts_are_understood_somehow(texts):
    for meant in understand(texts, "finance"):
        assert 0 <= meant.kind_sure <= 1
        assert 0 <= meant.topic_sure <= 1
        assert meant.body


@pytest.mark.parametrize(
    "piece", ["ا", "متى ينزل الراتب ", "#", "@a ", "https://a.sa/", "\u202e", "😀", "ـ", "٣", "\n"]
)
def test_a_text_of_a_hundred_thousand_characters_takes_time_in_proportion(piece):
    assert is_in_proportion(one, piece)


def test_many_threads_understand_as_one_does():
    texts = [f"{text} {number}" for number in range(400) for text in ("متى ينزل الراتب", "الزبايل متكدسه عندنا")]
    fresh = models.load(SA / "model")
    alone = understand(texts, "finance")
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: understand(texts, "finance", classifier=fresh), range(4)))
    assert together == [alone] * 4


def test_the_addressed_amana_stays_when_the_text_names_its_place_among_others():
    assert one("الزبايل متكدسه في الرياض وجده", "amana_jeddah").body == "amana_jeddah"


@pytest.mark.parametrize(
    ("texts", "to"), [("متى الراتب", "finance"), ([None], "finance"), (["x"], None), (["x"], [None]), (["x"], [])]
)
def test_what_are_no_texts_and_bodies_is_refused_with_what_is_wanted(texts, to):
    with pytest.raises(TypeError, match=r"list of texts|slug of a body"):
        understand(texts, to)


def test_as_many_bodies_as_texts_are_wanted():
    with pytest.raises(ValueError, match="2 texts, but 1 bodies"):
        understand(["متى الراتب", "شكرا"], ["finance"])


def test_no_texts_give_no_answers():
    assert understand([], "finance") == understand([], []) == []


@pytest.mark.parametrize("text", ["ودي انتحر من الديون", "تعبت وابغى اموت وافتك", "I want to end my life"])
def test_who_speaks_of_ending_their_life_is_looked_at_first(text):
    (read,) = understand([text], "finance")
    assert read.urgent == "إيذاء النفس"


def test_the_gravest_reason_is_told():
    (read,) = understand(["المويه مقطوعه وصار حريق في العماره والناس محاصرين الحقونا"], "municipal")
    assert read.urgent == "حريق"


def test_nothing_of_misuse_is_routed_unseen():
    texts = ["نسدد القروض ونستخرج قرض جديد للتواصل واتساب 0551234567", "يا حمير يا كلاب ردوا علينا"]
    advertisement, insult = understand(texts, "finance")
    assert (advertisement.spam, insult.abuse) == (True, True)
    assert {"topic", "body"}.isdisjoint(advertisement.sure_of + insult.sure_of)


def test_an_insult_that_names_an_animal_is_not_about_animals():
    (read,) = understand(["يا كلاب ردوا"], "commerce")
    assert read.topic != "pests_animals"


def test_a_matter_of_nobody_here_stays_where_it_was_sent():
    (read,) = understand(["الكهرب طافيه عندنا من الصبح"], "municipal")
    assert (read.topic, read.body) == (None, "municipal")


def test_a_body_that_the_pack_does_not_know_keeps_its_posts():
    (read,) = understand(["شكرا لكم"], "unit_of_ours")
    assert read.body == "unit_of_ours"
