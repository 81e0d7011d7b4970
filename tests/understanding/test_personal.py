"""Personal data in what people type: found where it stands, and nothing else taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafaul.care.masking import mask
from tafaul.understanding import personal
from tests.understanding.proportion import is_in_proportion


def found(text: str) -> list[tuple[str, str]]:
    return [(span.sort, text[span.start : span.end]) for span in personal.spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("رقم هويتي 1023456789", [("identity", "1023456789")]),
        ("هويتي ١٠٢٣٤٥٦٧٨٩ والجوال ٠٥٠١٢٣٤٥٦٧", [("identity", "١٠٢٣٤٥٦٧٨٩"), ("mobile", "٠٥٠١٢٣٤٥٦٧")]),
        ("جوالي 0501234567 كلموني", [("mobile", "0501234567")]),
        ("+966 50 123 4567", [("mobile", "+966 50 123 4567")]),
        ("00966501234567", [("mobile", "00966501234567")]),
        ("الايبان SA0380000000608010167519", [("iban", "SA0380000000608010167519")]),
        ("SA03 8000 0000 6080 1016 7519", [("iban", "SA03 8000 0000 6080 1016 7519")]),
        ("بطاقتي 4111 1111 1111 1111", [("card", "4111 1111 1111 1111")]),
        ("ايميلي abu.fahad@example.com شكرا", [("email", "abu.fahad@example.com")]),
        ("من مواليد 12/5/1410", [("birth", "12/5/1410")]),
        ("اقامتي 2123456785", [("identity", "2123456785")]),
        ("05 0123 4567", [("mobile", "05 0123 4567")]),
        ("٠٥٠-١٢٣-٤٥٦٧", [("mobile", "٠٥٠-١٢٣-٤٥٦٧")]),
        ("رقمي في مصر +20 100 123 4567", [("mobile", "+20 100 123 4567")]),
        ("GB82 WEST 1234 5698 7654 32", [("iban", "GB82 WEST 1234 5698 7654 32")]),
        ("سيارتي ر س ع 4821 مسروقه", [("plate", "ر س ع 4821")]),
        ("رقم اللوحة رسع 4821", [("plate", "رسع 4821")]),
        ("plate ABD 1234", [("plate", "ABD 1234")]),
        ("تاريخ ميلادي ١٤١٠/٥/١٢", [("birth", "١٤١٠/٥/١٢")]),
        ("my iban SA03 8000 0000 6080 1016 7519 please help", [("iban", "SA03 8000 0000 6080 1016 7519")]),
        ("4111 1111 1111 1111 12/26", [("card", "4111 1111 1111 1111")]),
        ("رقمي +20 100 123 4567 5 ايام", [("mobile", "+20 100 123 4567")]),
        ("０５０１２٣٤٥٦٧", [("mobile", "０５０１２٣٤٥٦٧")]),
        ("050\u202c1234567", [("mobile", "050\u202c1234567")]),
        ("هويتي 10 2345 6784", [("identity", "10 2345 6784")]),
    ],
)
def test_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "رقم البلاغ 4471902 في بلاغ تجاري",
        "رقم الطلب 88213",
        "اتصلوا على 1900 او 920000000",
        "من 2019 وانا انتظر",
        "دفعت 1500 ريال",
        "SA0380000000608010167510",
        "1234567890123456",
        "@MoF_Care متى",
        "الساعة 10:30 يوم 12/5",
        "بلاغ رقم 1023456789",
        "رقم التتبع: 4111111111111111",
        "0100000000",
        "+999 12345678",
        "و ما 5",
        "من 3 الى 5 و 7",
        "سداد فاتورة 1023456789",
        "",
        "1",
    ],
)
def test_not_taken_for_personal(text):
    assert found(text) == []


def test_an_identity_number_with_a_slip_in_it_is_hidden_when_it_is_named():
    assert found("هويتي 1023456784") == [("identity", "1023456784")]
    assert found("رقم العملية 1023456784") == []


def test_a_mask_leaves_the_last_two_and_the_length():
    text = "هويتي 1023456789 وجوالي 0501234567"
    shown = mask(text, [(span.start, span.end, span.sort) for span in personal.spans(text)])
    assert shown == "هويتي ••••••••89 وجوالي ••••••••67"


HOSTILE = [
    "1",
    "0 5 ",
    "a@",
    "SA0 ",
    "مواليد",
    "a",
    "a.",
    "a@b.co ",
    "+1 ",
    "ا ب ",
    "0501234567 ",
    "1023456789 ",
    "لوحة ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_of_a_hundred_thousand_characters_takes_time_in_proportion(piece):
    assert is_in_proportion(personal.spans, piece, end="5")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_gives_spans_within_it_that_do_not_overlap(text):
    end = 0
    for span in personal.spans(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


PIECES = ["05", "966", "+", " ", "١", "2", "SA", "هويتي", "@", "a", ".", "رسع", "-", "1023456789"]


@given(st.lists(st.sampled_from(PIECES)))
def test_pieces_of_personal_data_in_any_order_break_nothing(pieces):
    personal.spans("".join(pieces))
