"""What people correct at the desk changes the case, and is kept for training."""

from __future__ import annotations

import pytest

from tafaul.care import corrections, learning
from tafaul.care.errors import NotYours
from tafaul.care.models import Correction


def test_a_correction_changes_the_case_and_the_last_one_counts(asked, person):
    agent = person("finance")
    corrections.correct(asked, agent, kind="complaint", topic="bank_customers")
    corrections.correct(asked, agent, kind="inquiry", topic="")
    asked.refresh_from_db()
    assert (asked.kind, asked.topic) == ("inquiry", "")
    kept = Correction.objects.get()
    assert (kept.post.case, kept.kind, kept.topic, kept.by) == (asked, "inquiry", "", agent)


def test_what_the_pack_does_not_know_is_refused_and_so_is_another_body_s_agent(asked, person):
    with pytest.raises(ValueError, match="no kind"):
        corrections.correct(asked, person("finance"), kind="complaint", topic="moon")
    with pytest.raises(NotYours):
        corrections.correct(asked, person("commerce"), kind="complaint", topic="salaries")
    assert not Correction.objects.exists()


def test_nothing_is_learned_from_too_few_corrections(pack):
    with pytest.raises(learning.TooFewCorrections):
        learning.learn(lambda _step: None)
