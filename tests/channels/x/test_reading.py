"""Reading an account: every post that X served once or more often, whatever goes wrong on the way."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from tafaul.channels.base import Disconnected, RateLimited, Unavailable
from tafaul.channels.x import parse, reader

NOW_MS = int(time.time() * 1000)


def ids(posts) -> list[str]:
    return [post.external_id for post in posts]


def test_the_first_read_takes_the_newest_page_only(open_account, x):
    account = open_account()
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(150)])
    posts, _rejected = account.read()
    assert set(ids(posts)) == set(written[50:])


def test_what_was_read_is_not_read_again(account, x):
    x.write(account.handle, "الأولى")
    account.read()
    (second,) = x.write(account.handle, "الثانية")
    posts, _rejected = account.read()
    assert ids(posts) == [second]


def test_more_than_a_page_is_read_back_to_what_is_known(account, x):
    x.write(account.handle, "قبل")
    account.read()
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(350)])
    posts, _rejected = account.read()
    assert set(ids(posts)) >= set(written)


def test_beyond_the_800_of_the_timeline_search_fills_the_gap(account, x):
    x.write(account.handle, "قبل الانقطاع")
    account.read()
    written = x.write(account.handle, *[f"في الانقطاع {n}" for n in range(1_500)])
    posts, _rejected = account.read()
    assert set(ids(posts)) >= set(written)
    assert account.calls["search", 200] > 0


def test_a_crash_in_a_gap_goes_on_where_it_stood(account, x, open_account):
    x.write(account.handle, "قبل")
    account.read()
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(450)])
    seen = []
    for _turn in range(30):
        # Each page is read by another process, which knows only the JSON that was stored.
        batch = account.channel.read("public", json.loads(json.dumps(account.position)))
        account.position = batch.position
        seen += ids(batch.posts)
        if not batch.more:
            break
    assert set(seen) >= set(written)


def test_posts_written_while_a_gap_is_filled_are_not_lost(account, x, open_account):
    x.write(account.handle, "قبل")
    account.read()
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(450)])
    seen, more = [], True
    while more:
        batch = account.channel.read("public", account.position)
        account.position, more = batch.position, batch.more
        seen += ids(batch.posts)
        if len(written) < 700:
            written += x.write(account.handle, *[f"أثناء القراءة {len(written)} {n}" for n in range(120)])
    next_job = open_account(account.handle)
    next_job.position = account.position
    posts, _rejected = next_job.read()
    assert {*seen, *ids(posts)} >= set(written)


def test_a_gap_beyond_seven_days_is_said_to_be_lost(account, x):
    week = 7 * 86_400_000
    (old,) = x.write(account.handle, "قديمة جداً", created_ms=NOW_MS - 2 * week)
    x.write(account.handle, *[f"قديمة {n}" for n in range(100)], created_ms=NOW_MS - week - 3_600_000)
    written = x.write(account.handle, *[f"حديثة {n}" for n in range(1_200)])
    account.position = {"newest": old, "gaps": []}
    lost, seen, more = [], [], True
    while more:
        batch = account.channel.read("public", account.position)
        account.position, more = batch.position, batch.more
        seen += ids(batch.posts)
        lost += batch.lost
    assert set(seen) >= set(written)
    (gap,) = lost
    assert abs(gap.after - parse.time_of(old)) <= reader.LATE
    assert abs(gap.before - (datetime.now(UTC) - timedelta(days=7))) < timedelta(minutes=5)


def test_a_post_that_appears_late_behind_newer_ones_is_found(account, x, monkeypatch):
    monkeypatch.setattr(reader, "SWEEP_EVERY", 0)
    x.fault("late", seconds=1)
    (late,) = x.write(account.handle, "تظهر متأخرة")
    x.no_faults()
    x.write(account.handle, "تظهر في وقتها")
    first, _rejected = account.read()
    assert late not in ids(first)
    time.sleep(1.1)
    posts, _rejected = account.read()
    assert late in ids(posts)


@pytest.mark.parametrize("fault", ["shuffled", "overlap"])
def test_pages_that_are_shuffled_or_overlap_lose_nothing(account, x, fault):
    x.write(account.handle, "قبل")
    account.read()
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(350)])
    x.fault(fault)
    posts, _rejected = account.read()
    assert set(ids(posts)) >= set(written)


def test_one_broken_post_of_a_page_is_kept_and_the_others_are_read(account, x):
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(100)])
    x.fault("broken_post", times=1)
    posts, rejected = account.read()
    assert len(rejected) == 1
    assert len(set(ids(posts)) & set(written)) == 99


def test_a_broken_post_that_stays_does_not_keep_a_gap_open(account, x):
    x.write(account.handle, "قبل")
    account.read()
    written = x.write(account.handle, *[f"تغريدة {n}" for n in range(350)])
    x.fault("broken_post")
    posts, rejected = account.read()
    assert rejected
    assert len(set(ids(posts)) & set(written)) >= 350 - len(rejected)


@pytest.mark.parametrize("fault", ["unavailable", "cut", "malformed", "lost_answer"])
def test_short_troubles_are_overcome(account, x, fault):
    (written,) = x.write(account.handle, "تغريدة")
    x.fault(fault, times=2)
    posts, _rejected = account.read()
    assert ids(posts) == [written]


def test_a_long_trouble_is_said_and_nothing_is_lost(account, x):
    (written,) = x.write(account.handle, "تغريدة")
    x.fault("unavailable")
    with pytest.raises(Unavailable, match="503"):
        account.read()
    x.no_faults()
    posts, _rejected = account.read()
    assert ids(posts) == [written]


def test_429_waits_until_the_reset_and_asks_nothing_meanwhile(account, x):
    x.fault("rate_limited", times=1, seconds=30)
    with pytest.raises(RateLimited) as limited:
        account.read()
    assert 20 < (limited.value.until - datetime.now(UTC)).total_seconds() <= 32
    asked = account.calls.total()
    with pytest.raises(RateLimited):
        account.read()
    assert account.calls.total() == asked


def test_reads_are_spread_over_the_window_of_the_rate_limit(account):
    batch = account.channel.read("private", None)
    assert 50 < batch.pause.total_seconds() < 80  # 15 calls in 15 minutes


def test_expired_tokens_are_refreshed_once_and_rotate(account, x):
    (written,) = x.write(account.handle, "تغريدة")
    x.fault("expired_tokens")
    posts, _rejected = account.read()
    assert ids(posts) == [written]
    assert len(account.credentials) == 2
    assert account.credentials[0].refresh_token != account.credentials[1].refresh_token


def test_a_refused_refresh_disconnects(account, x):
    x.fault("expired_tokens")
    account.credentials[-1] = type(account.credentials[-1])("gone", "also-gone")
    with pytest.raises(Disconnected, match="connect the account again"):
        account.read()


def test_private_messages_are_read_back_to_the_last_known(open_account, x):
    account = open_account()
    x.write(account.handle, "أول رسالة", private=True)
    account.read("private")
    written = x.write(account.handle, *[f"رسالة {n}" for n in range(250)], private=True)
    posts, _rejected = account.read("private")
    assert set(ids(posts)) >= set(written)
    assert all(post.visibility == "private" for post in posts)


def test_what_the_account_itself_says_is_no_post(account, x):
    (written,) = x.write(account.handle, "متى الراتب؟")
    (post,) = account.read()[0]
    account.channel.send(account.reply(post, "قريباً"))
    assert post.external_id == written
    assert account.read()[0] == []


def test_hostile_texts_come_through_whole(account, x):
    texts = ["\u202eمقلوب", "أ" * 25_000, "👨‍👩‍👧‍👦🇸🇦", "<script>alert(1)</script>", "'; DROP TABLE care_post; --"]
    x.write(account.handle, *texts)
    posts, _rejected = account.read()
    assert {post.text.removeprefix(f"@{account.handle} ") for post in posts} == set(texts)


def test_a_deleted_author_does_not_stop_reading(account, x):
    (written,) = x.write(account.handle, "كتبت وحذفت حسابي", author="gone", author_deleted=True)
    (post,) = account.read()[0]
    assert post.external_id == written
    assert post.author.handle is None


def test_what_comes_after_an_empty_first_read_is_read_whole(account, x):
    for private in (False, True):
        account.position = None
        stream = "private" if private else "public"
        account.read(stream)
        written = x.write(account.handle, *[f"رسالة {n}" for n in range(250)], private=private)
        assert set(ids(account.read(stream)[0])) >= set(written)


def test_an_id_of_the_far_future_does_not_end_reading(account, x):
    far = NOW_MS + 400 * 86_400_000
    x.write(account.handle, "من المستقبل", created_ms=far)
    account.read()
    (written,) = x.write(account.handle, "من اليوم")
    assert written in ids(account.read()[0])


def test_a_page_token_that_x_forgot_begins_again_at_the_top(open_account, x):
    account = open_account()
    x.write(account.handle, "أول رسالة", private=True)
    account.read("private")
    written = x.write(account.handle, *[f"رسالة {n}" for n in range(150)], private=True)
    batch = account.channel.read("private", account.position)
    account.position = {**batch.position, "token": "bnonsense"}
    posts, _rejected = account.read("private")
    assert {*ids(batch.posts), *ids(posts)} >= set(written)


@pytest.mark.parametrize("skew", [-1_800_000, 1_800_000])
def test_a_clock_half_an_hour_behind_or_ahead_of_x_loses_nothing(account, x, skew):
    written, seen = [], []
    for turn in range(5):
        written += x.write(account.handle, f"تغريدة {turn}", created_ms=int(time.time() * 1000) + skew)
        seen += ids(account.read()[0])
    assert seen == written
