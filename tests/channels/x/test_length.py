"""The weighted length against the library in which X publishes its rules, on the texts that people write."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tafaul.channels.x.length import weighted_length

HERE = Path(__file__).parent
POSTS = HERE.parents[2] / "src/tafaul/packs/sa/posts"
NODE = Path(sysconfig.get_path("scripts")) / "node"

WORDS = [
    "", "This is a test.", "أهلاً بك، نسعد بخدمتك.", "لا إله\u200fإلا", "\u202eabc", "\u2066x\u2069", "a\u0301", "é",
    "ﷺ", "﷼", "ـــ", "٣٤٥", "…", "– — “” ‘’ • € →", "저찀쯿쿿", "\U00010000\U0010ffff", "a b\u3000c", "\ufeffabc", "\n\n",
]  # fmt: skip
EMOJI = [
    "😀", "👨‍👩‍👧‍👦", "👍🏽", "🇸🇦", "🇸🇦🇸🇦", "🇸", "1️⃣", "❤️", "❤", "☎️", "☎", "©", "©️", "™️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏽‍💻", "🤷‍♀️",
    "🤷🏻‍♂️", "🥲", "♥️", "✅", "✔️", "⭐", "🕋", "H\U0001f431☺", "شكرا 🌹🌹🌹 ما قصرتوا",
]  # fmt: skip
LINKS = [
    "http://test.com", "test.com", "Test https://test.com test https://test.com test.com test", "mc.gov.sa",
    "اكتب لنا على mc.gov.sa.", "https://mc.gov.sa/ar/services، شكرا", "(https://mc.gov.sa)", "https://mc.gov.sa/خدمات",
    "زوروا الموقع:mof.gov.sa", "زورواmof.gov.sa", "موقع.السعودية", "http://موقع.السعودية/a", "foo.co.jp", "t.co",
    "http://twitter.com/#!/twitter", "HTTPS://www.ExaMPLE.COM/index.html", "http://☃.net/", "http://t.co/abc,def",
    "http://test_underscore.twitter.com", "http://example.com?foo=$bar.;baz?BAZ&c=d-#top/?stories+", "test.com:8080",
    "http://domain-dash_2314352345_dfasd.foo-cow_4352.com", "https://en.wikipedia.org/wiki/A_(b)c", "test.com_x",
    "https://x.com/a_b/status/123456?s=20.", "http://xn--mgberp4a5d4ar.xn--mgberp4a5d4ar/", "www.https://a.sa/x?y=1",
    "https://test.com!", "test.com؟", "test.comن", "日本test.com", "test.com-x", "test-.com", "_test.com", "/test.com",
]  # fmt: skip
NO_LINKS = [
    "me@mc.gov.sa", "@mc.gov.sa", "v1.2.3", "ملف.pdf", "الساعة 10.30", "a.b", "e.g. this", "http://localhost:8000",
    "https://foo.unknowntldx", "ftp:example", "#test.com", "$AAPL.com", "http://192.168.0.1/index.html",
    "http://user:PASSW0RD@example.com:8080/login.php", "http://www.-domain4352.com/",
]  # fmt: skip


def as_x_counts(texts: list[str]) -> list[int]:
    """Return the lengths that X's own library gives."""
    run = subprocess.run(
        [NODE, HERE / "oracle.cjs"], input=json.dumps(texts), text=True, capture_output=True, check=True
    )
    return json.loads(run.stdout)


YOUNGER = ("\U0001f635\u200d\U0001f4ab", "\U0001f62e\u200d\U0001f4a8", "\U0001faf6")
"""Emoji of 2021, which the library of 2020 takes for two."""


def posts() -> list[str]:
    """What the citizens of the pack write."""
    lines = [line for file in sorted(POSTS.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if not any(emoji in text for emoji in YOUNGER)]


@pytest.mark.parametrize(
    "texts", [WORDS, EMOJI, LINKS, NO_LINKS, posts()], ids=lambda texts: f"{len(texts)} texts"
)
def test_lengths_are_those_of_x(texts):
    assert dict(zip(texts, map(weighted_length, texts), strict=True)) == dict(
        zip(texts, as_x_counts(texts), strict=True)
    )


def test_a_reply_of_280_arabic_letters_fits_and_one_more_does_not():
    assert weighted_length("ن" * 280) == 280
    assert weighted_length("ن" * 257 + "https://mof.gov.sa/a/very/long/path?with=much") == 280
    assert weighted_length("👍🏽" * 140) == 280


@pytest.mark.parametrize(
    "text", ["ن." * 12_500, "a.com." * 4_000, "https://a.com/(" * 1_700, "👩‍" * 10_000, "\0\ud800" * 100]
)
def test_a_hostile_text_is_counted_all_the_same(text):
    assert weighted_length(text) > 0
