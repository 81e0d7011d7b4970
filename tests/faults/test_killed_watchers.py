"""A worker is killed while it tells of a broken promise; another goes on; everybody hears of it once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tafaul.care.models import Clock, Notice
from tests.care.clock_scene import new_case
from tests.processes import wait_for

STEPS = [
    ("before", "tafaul.care.clocks._store"),
    ("after", "tafaul.care.clocks._store"),
    ("after", "tafaul.care.notices.tell_many"),
    ("after", "tafaul.care.escalation.tell"),
    ("after", "tafaul.care.clocks._watch"),
]


@pytest.mark.parametrize(("when", "step"), STEPS)
def test_killed_while_telling_of_a_broken_promise(scene, person, when, step):
    person("finance", "supervisor")
    case, long_ago = new_case("finance", datetime.now(UTC)), datetime.now(UTC) - timedelta(days=30)
    told = {"promised": timedelta(hours=300), "time_left": timedelta(hours=300), "started_at": long_ago}
    due = {"counted_from": long_ago, "due_at": long_ago, "look_at": long_ago}
    Clock.objects.create(case=case, body=case.body, promised_by=case.body, what="first_reply", **told, **due)
    scene.dies(when, step)
    scene.worker()
    wait_for(lambda: Clock.objects.get().breached_at, 20, scene.log)
    assert list(Notice.objects.values_list("person__username", "what")) == [("finance.supervisor", "breached")]
