"""Posts of one event are alike, in other words and dialects; another town's are less so."""

from __future__ import annotations

import numpy as np
import yaml

from tafaul.understanding.likeness import similar
from tafaul.understanding.pack import SA


def test_a_copied_text_shares_a_key_and_another_does_not():
    text = "طفح المجاري عند مدرسة البنات في حي النسيم بالرياض والريحه ما تنطاق"
    one, copy, other = similar([text, f"@someone {text} !!", "متى ينزل الراتب هالشهر"], "municipal").keys
    assert one & copy
    assert not one & other


def test_the_nearest_to_a_post_is_mostly_one_of_the_same_event():
    """A floor under what was reached on the pack's events; chance would be about one in fifty."""
    told = yaml.safe_load((SA / "events.yaml").read_text(encoding="utf-8"))
    assert len(told) >= 30
    texts, accounts, events = [], [], []
    for number, event in enumerate(told):
        for place, text in enumerate([*event["posts"], *event["others"]]):
            texts.append(text)
            accounts.append(event["to"])
            events.append(number if place < len(event["posts"]) else -1)
    vectors = similar(texts, accounts).vectors
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1)
    of_event = np.flatnonzero(np.array(events) >= 0)
    nearest = likeness.argmax(axis=1)
    assert np.mean([events[nearest[row]] == events[row] for row in of_event]) > 0.8
