"""Words in one form, and where each stands in the text as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafaul.understanding.normal import aligned, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أمانة إدارة آخر", ["امانه", "اداره", "اخر"]),
        ("ليييييش النـــت بطيءٌ", ["ليش", "النت", "بطيء"]),
        ("#امانة_جدة", ["امانه", "جده"]),
        ("ب١٥ريال ۵۰", ["ب", "15", "ريال", "50"]),
        ("بلاغ 30211874", ["بلاغ", "<number>"]),
        ("@Tafaul_X شوفو https://t.co/a?b=1", ["<mention>", "شوفو", "<link>"]),
        ("وين؟؟ 😡!", ["وين", "؟", "؟", "😡", "!"]),
        ("الـ\u202eرياض\u200f", ["الرياض"]),
        ("ﺍﻟﺮﻳﺎﺽ ＡＢＣ", ["الرياض", "abc"]),
        ("раypal", ["paypal"]),
        ("گلت چذا کیف", ["قلت", "جذا", "كيف"]),
        ("___ ـــ", []),
        ("", []),
    ],
)
def test_what_people_type_is_brought_to_one_form(text, expected):
    assert words(text) == expected


def test_words_point_to_where_they_were_written():
    text = "شوفو #أمانة_جـدّة ليييش"
    found, spans = aligned(text)
    assert [text[start:end] for start, end in spans] == ["شوفو", "أمانة", "جـدّة", "ليييش"]
    assert found == words(text)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_gives_words_within_it_in_order(text):
    found, spans = aligned(text)
    assert found == words(text)
    assert all(found)
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
