"""The corpus: many writers, every topic of every kind, labels that fit, hardly two posts alike."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import yaml

from tafaul.understanding import pack
from tafaul.understanding.likeness import keys, signature
from tafaul.understanding.normal import words
from tafaul.understanding.pack import SA

KINDS = ("complaint", "inquiry", "suggestion", "thanks", "other")
WANTED = 40


@pytest.fixture(scope="module")
def posts() -> list[dict]:
    files = sorted([*(SA / "posts").glob("*.jsonl"), *(SA / "frozen").glob("*.jsonl")])
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_there_are_enough_posts_of_every_topic_and_kind(posts):
    assert len(posts) >= 8_000
    counts = Counter((post["topic"], post["kind"]) for post in posts)
    few = [
        (topic, kind, counts[topic, kind])
        for topic in pack.load().body_of_topic
        for kind in KINDS[:-1]
        if counts[topic, kind] < WANTED
    ]
    assert not few


def test_labels_are_of_the_pack_and_spans_lie_in_the_text(posts):
    known = pack.load()
    bodies = yaml.safe_load((SA / "bodies.yaml").read_text(encoding="utf-8"))["bodies"]
    for post in posts:
        topic = post["topic"] or "none"
        assert post["kind"] in KINDS, post
        assert topic == "none" or topic in known.body_of_topic, post
        assert post["to"] in bodies, post
        if post.get("body"):
            assert known.root(post["body"]) == known.body_of_topic.get(topic, known.root(post["to"])), post
        for name in ("place", "personal_data"):
            for start, end in post[name] if isinstance(post.get(name), list) else ():
                assert 0 <= start < end <= len(post["text"]), post


def test_about_a_sixth_of_the_posts_is_addressed_to_a_wrong_body(posts):
    known = pack.load()
    topical = [post for post in posts if (post["topic"] or "none") != "none"]
    wrong = sum(known.root(post["to"]) != known.body_of_topic[post["topic"]] for post in topical)
    assert 0.12 < wrong / len(topical) < 0.22


def test_hardly_two_posts_are_nearly_alike(posts):
    """MinHash over runs of five characters; two are nearly alike from a Jaccard likeness of 0.6 on."""
    said = [words(post["text"]) for post in posts]
    by_key: dict[int, list[int]] = {}
    for number, text in enumerate(said):
        for key in keys(text):
            by_key.setdefault(key, []).append(number)
    signatures = [signature(" ".join(text)) for text in said]
    alike = {
        number
        for group in by_key.values()
        for place, number in enumerate(group)
        for other in group[:place]
        if (signatures[number] == signatures[other]).mean() >= 0.6
    }
    assert len(alike) < 0.02 * len(said)
