"""Personal data in what people type: found where it stands, and nothing else taken for it."""

from __future__ import annotations

import pytest

from tafaul.care.masking import mask
from tafaul.understanding import personal


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


@pytest.mark.parametrize(
    "text", ["1" * 25_000, "0 5 " * 6_000, "a@" * 12_000, "SA" + "0 " * 12_000, "مواليد" * 4_000]
)
def test_a_hostile_text_ends(text):
    personal.spans(text)
