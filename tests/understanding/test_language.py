"""The language of a text: what is not Arabic or English is said to be so, and not guessed at."""

from __future__ import annotations

import pytest

from tafaul.understanding import understand
from tafaul.understanding.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("السلام عليكم", "ar"),
        ("ما نزل الراتب يا salary", "ar"),
        ("گلت له وش السالفه", "ar"),
        ("my internet is down since 3 days please help", "en"),
        ("bonjour je veux savoir comment faire une plainte", "und"),
        ("کیا آپ مدد کر سکتے ہیں اقامہ کا مسئلہ ہے", "ur"),
        ("سلام چطور می‌توانم گزارش ثبت کنم کجا", "fa"),
        ("नमस्ते मुझे मदद चाहिए", "und"),
        ("", "ar"),
        ("متی ینزل الراتب هالشهر", "ar"),
        ("ھههههه وين الراتب", "ar"),
        ("internet outage Riyadh", "en"),
        ("I don't get it", "en"),
        ("😀 12 https://a.sa/bonjour", "ar"),
    ],
)
def test_languages(text, expected):
    assert language(text) == expected


def test_a_text_in_another_language_is_not_guessed_at():
    meant = understand(["मेरा इंटरनेट बंद है 0501234567"], "telecom")[0]
    assert (meant.language, meant.topic, meant.body) == ("und", None, "telecom")
    assert meant.personal_data
    assert meant.sure_of == ()
