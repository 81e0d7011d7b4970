"""What Tafaul stands on goes away for a while: the database, X, the network, the understanding.

Each is away for TAFAUL_TEST_OUTAGE seconds, 5 when not set.
"""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.db import connection

from tafaul.care import drafts, intake, pipeline, reading
from tafaul.care.models import Case, Post, UnreadablePost
from tafaul.channels.x import parse
from tests.faults.conftest import OUTAGE


def test_x_answers_503_for_a_while(scene):
    scene.write(5)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.x.fault("unavailable", for_seconds=OUTAGE)
    scene.write(150, "متى يصرف بدل شهر")
    scene.worker()
    scene.all_is_well(OUTAGE + 40)


def test_the_database_goes_away_for_a_while(scene):
    from tests.settings import embedded

    scene.write(40)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.write(150, "متى يصرف بدل شهر")
    scene.x.fault("slow", endpoint="send_public", seconds=0.1)
    scene.worker()
    time.sleep(2.5)
    connection.close()
    embedded.stop()
    time.sleep(OUTAGE)
    scene.write(20, "كتبت والقاعدة متوقفة")
    embedded.start()
    scene.all_is_well(40)


@pytest.mark.parametrize("fault", ["lost_answer", "cut", "malformed", "unavailable"])
def test_every_third_call_goes_wrong(scene, fault):
    scene.write(12)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.x.fault(fault, probability=0.34)
    scene.write(150, "متى يصرف بدل شهر")
    scene.worker()
    time.sleep(6)
    scene.x.no_faults()
    scene.all_is_well()


def test_pages_come_shuffled_overlapping_and_late(scene):
    scene.write(1)
    scene.take_in()
    for fault in ("shuffled", "overlap"):
        scene.x.fault(fault)
    scene.x.fault("late", seconds=2)
    scene.write(150, "متى يصرف بدل شهر")
    scene.x.control("DELETE", "faults")
    scene.write(150, "بعدها بقليل")
    scene.worker()
    scene.all_is_well(90)


def test_x_asks_to_wait_and_we_wait(scene):
    scene.write(3)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.x.fault("rate_limited", endpoint="send_public", times=1, seconds=3)
    scene.worker()
    scene.all_is_well()
    assert scene.x.state()["calls"]["send_public 429"] == 1


def test_a_text_that_breaks_the_understanding_becomes_a_case_that_a_person_reads(scene, monkeypatch):
    def breaks_on_some(texts, slug, **how):
        if any("هجوم" in text for text in texts):
            raise ValueError("hostile")
        return understand(texts, slug, **how)

    understand = reading.understand_texts
    monkeypatch.setattr(reading, "understand_texts", breaks_on_some)
    scene.write(3)
    scene.x.write(scene.account.handle, "هجوم على البرنامج", author="attacker")
    scene.take_in()
    assert Post.objects.filter(case__isnull=True).count() == 0
    assert Case.objects.get(citizen__handle="attacker").topic == ""
    assert Case.objects.filter(topic="salaries").count() == 3


def test_a_bug_between_two_steps_leaves_the_posts_to_be_worked_again(scene, monkeypatch):
    scene.write(3)
    with monkeypatch.context() as broken:
        broken.setattr("tafaul.care.drafts.write", lambda threads: 1 / 0)
        scene.take_in()
    assert Case.objects.count() == 0
    assert Post.objects.exclude(trouble="").count() == 3
    while pipeline.work(scene.account):
        pass
    assert Case.objects.count() == 3
    assert Post.objects.exclude(trouble="").count() == 0


def test_one_post_that_cannot_be_worked_does_not_hold_up_the_others(scene, monkeypatch):
    def breaks_on_one(threads, referred):
        if any("هجوم" in thread.case.subject for thread in threads.values()):
            raise ValueError("hostile")
        write(threads, referred)

    write = drafts.write
    monkeypatch.setattr(drafts, "write", breaks_on_one)
    scene.x.write(scene.account.handle, "هجوم على البرنامج", author="attacker")
    scene.write(3)
    scene.take_in()
    assert Case.objects.filter(topic="salaries").count() == 3
    assert Post.objects.get(case=None).trouble == "ValueError: hostile"


def test_what_the_database_does_not_take_is_kept_as_unreadable(scene):
    scene.write(2)
    scene.take_in()
    good = parse.public_posts({"data": [{"id": "5", "text": "سليمة"}, {"id": "6", "text": "معطوبة"}]}).posts
    odd = replace(good[1], external_id="7" * 80)
    assert intake.receive(scene.account, [good[0], odd]) == 1
    assert "cannot be stored" in UnreadablePost.objects.get().reason
