"""What X may send, and what comes of it: posts to keep, or what could not be read with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tafaul.channels.base import Visibility
from tafaul.channels.x import parse

POST = {
    "id": "1990000000000000001",
    "text": "@MoF_Care متى ينزل الراتب؟",
    "author_id": "77",
    "conversation_id": "1990000000000000001",
    "created_at": "2026-11-20T10:00:00.000Z",
}
USERS = {"users": [{"id": "77", "username": "abu_fahad", "name": "أبو فهد"}]}


def one(**changes: object):
    """Read a page of one post with changed fields; None takes a field away."""
    item = {key: value for key, value in {**POST, **changes}.items() if value is not None}
    parsed = parse.public_posts({"data": [item], "includes": USERS})
    assert len(parsed.posts) + len(parsed.rejected) == 1
    return parsed.posts[0] if parsed.posts else parsed.rejected[0]


def test_a_whole_post():
    post = one()
    assert (post.external_id, post.author.handle, post.author.name) == (POST["id"], "abu_fahad", "أبو فهد")
    assert post.written_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert post.visibility == Visibility.PUBLIC
    assert json.loads(post.raw) == POST


@pytest.mark.parametrize("field", ["author_id", "conversation_id", "created_at", "text"])
def test_a_field_that_is_missing_stops_nothing(field):
    assert one(**{field: None}).external_id == POST["id"]


def test_unknown_fields_stop_nothing():
    assert one(brand_new={"deep": [1, {"x": None}]}, public_metrics={"like_count": None}).external_id == POST["id"]


def test_without_a_time_the_id_tells_it():
    post = one(created_at=None, id=str(parse.id_at(datetime(2026, 11, 20, 10, tzinfo=UTC))))
    assert abs((post.written_at - datetime(2026, 11, 20, 10, tzinfo=UTC)).total_seconds()) < 1


@pytest.mark.parametrize(
    "when",
    [
        "yesterday",
        "",
        17,
        "9999-99-99T00:00:00Z",
        "2026-11-20T10:00:00+99:00",
        "0001-01-01T00:00:00+03:00",
        "9999-12-31",
    ],
)
def test_a_broken_time_is_read_off_the_id(when):
    assert one(created_at=when).written_at == parse.time_of(POST["id"])


def test_an_id_beyond_two_to_the_53_keeps_each_digit():
    assert one(id="9007199254740993").external_id == "9007199254740993"
    assert parse.public_posts(json.loads('{"data": {"id": 9007199254740993, "text": ""}}')).posts[
        0
    ].external_id == ("9007199254740993")


@pytest.mark.parametrize(
    "broken", [None, 9.007199254740993e15, True, "", "12a", "١٢٣", "9" * 21, "9" * 19, "0", ["1"], {"id": 1}]
)
def test_an_id_that_is_none_is_kept_as_unreadable_with_its_reason(broken):
    item = {**POST, "id": broken}
    (rejected,) = parse.public_posts({"data": [item]}).rejected
    assert json.loads(rejected.raw) == item
    assert rejected.reason


def test_one_broken_post_of_a_hundred_leaves_ninety_nine():
    page = {"data": [{**POST, "id": str(1_990_000_000_000_000_000 + n)} for n in range(100)], "includes": USERS}
    page["data"][57] = {"id": None, "text": 5}
    parsed = parse.public_posts(page)
    assert (len(parsed.posts), len(parsed.rejected)) == (99, 1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("\ud83d", "\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\udcff راتب", "\ufffd راتب"),
        ("\u202eمقلوب\u202c \u2066x\u2069", "\u202eمقلوب\u202c \u2066x\u2069"),
        ("ق" * 25_000, "ق" * 25_000),
        ("👨‍👩‍👧‍👦🇸🇦👍🏽", "👨‍👩‍👧‍👦🇸🇦👍🏽"),
        ("", ""),
        ("A &amp; B &lt;script&gt;", "A & B <script>"),
    ],
)
def test_ugly_texts_can_be_stored(given, kept):
    post = one(text=given)
    assert post.text == kept
    post.text.encode()
    assert post.raw.isascii()


def test_a_long_post_is_read_whole():
    whole = "شكوى طويلة " * 200
    assert one(text="شكوى طويلة…", note_tweet={"text": whole}).text == whole


@pytest.mark.parametrize("text", [5, ["a"], {"a": 1}, False])
def test_a_text_that_is_none_is_unreadable(text):
    assert "text" in one(text=text).reason


def test_a_deleted_author_is_known_by_number_only():
    parsed = parse.public_posts({"data": [POST], "includes": {}, "errors": [{"title": "Not Found Error"}]})
    assert parsed.posts[0].author.external_id == "77"
    assert parsed.posts[0].author.handle is None


@pytest.mark.parametrize(
    "page", [{}, {"data": None}, {"data": []}, {"meta": {"result_count": 0}}, {"data": [], "includes": [1, 2]}]
)
def test_a_page_without_posts_gives_none(page):
    assert parse.public_posts(page).posts == []


@pytest.mark.parametrize("item", [None, 3, "post", [], [[POST]]])
def test_what_is_no_post_is_kept_as_unreadable(item):
    assert len(parse.public_posts({"data": [item]}).rejected) == 1


def test_a_reply_knows_what_it_answers():
    post = one(referenced_tweets=[{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": "6"}])
    assert post.in_reply_to == "6"


def test_private_messages_are_told_from_other_events():
    page = {
        "data": [
            {
                "id": "9",
                "event_type": "MessageCreate",
                "sender_id": "77",
                "text": "رقم البلاغ ٤٤",
                "dm_conversation_id": "1-77",
            },
            {"id": "8", "event_type": "ParticipantsJoin"},
        ],
        "includes": USERS,
    }
    parsed = parse.private_posts(page)
    assert [post.external_id for post in parsed.posts] == ["9"]
    assert parsed.posts[0].visibility == Visibility.PRIVATE
    assert parsed.rejected == []


@pytest.mark.parametrize("document", [{**POST, "author": USERS["users"][0]}, {"data": [POST], "includes": USERS}])
def test_archives_hold_pages_or_single_posts(document):
    assert parse.archive_item(document).posts[0].author.handle == "abu_fahad"


def test_posts_without_an_author_are_not_taken_for_one_person():
    page = {"data": [{"id": "11", "text": "a"}, {"id": "12", "text": "b"}]}
    first, second = parse.public_posts(page).posts
    assert first.author != second.author


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "9" * 203, {"a": 1}, ["1"], 5.5])
def test_an_odd_conversation_or_reference_is_left_out(odd):
    post = one(conversation_id=odd, referenced_tweets=[{"type": "replied_to", "id": odd}])
    assert (post.conversation_id, post.in_reply_to) == (None, None)
