"""A worker is killed before and after each step; another goes on; nothing is lost and nothing doubled."""

from __future__ import annotations

import pytest

TAKING_IN = [
    ("after", "tafaul.channels.x.reader.Reader.public"),
    ("before", "tafaul.care.intake._store_citizens"),
    ("after", "tafaul.care.intake._store_citizens"),
    ("after", "tafaul.care.intake._store_posts"),
    ("after", "tafaul.care.intake.receive"),
    ("after", "tafaul.care.intake.read_on"),
    ("before", "tafaul.care.pipeline.work"),
    ("after", "tafaul.care.reading.understand"),
    ("after", "tafaul.care.joining.join_or_open"),
    ("after", "tafaul.care.routing.route"),
    ("after", "tafaul.care.joining.store"),
    ("after", "tafaul.care.clocks.follow"),
    ("after", "tafaul.care.reading.store"),
    ("after", "tafaul.care.drafts.write"),
    ("after", "tafaul.care.pipeline.work"),
]
SENDING = [
    ("before", "tafaul.care.outbox.deliver"),
    ("before", "tafaul.care.outbox._mark_sending"),
    ("after", "tafaul.care.outbox._mark_sending"),
    ("before", "tafaul.channels.x.channel.XChannel.send"),
    ("after", "tafaul.channels.x.channel.XChannel.send"),
    ("before", "tafaul.care.outbox._sent"),
    ("before", "tafaul.care.cases.answered"),
    ("after", "tafaul.care.replies.charge"),
    ("after", "tafaul.care.outbox._sent"),
    ("after", "tafaul.care.outbox.deliver"),
]


@pytest.mark.parametrize(("when", "step"), TAKING_IN)
def test_killed_while_taking_in(scene, when, step):
    scene.write(1)
    scene.take_in()
    scene.write(130, "متى يصرف بدل شهر")
    scene.dies(when, step)
    scene.worker()
    scene.all_is_well()


@pytest.mark.parametrize(("when", "step"), SENDING)
def test_killed_while_sending(scene, when, step):
    scene.write(3)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.dies(when, step)
    scene.worker()
    scene.all_is_well()


def test_killed_again_while_looking_for_what_the_first_may_have_sent(scene):
    scene.write(2)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.dies("after", "tafaul.channels.x.channel.XChannel.send")
    scene.dies("after", "tafaul.channels.x.channel.XChannel.find")
    scene.dies("before", "tafaul.care.outbox._sent")
    scene.worker()
    scene.all_is_well()


def test_two_workers_share_the_work_and_double_nothing(scene):
    scene.write(5)
    scene.take_in()
    scene.approve("ينزل الراتب يوم الأحد")
    scene.write(250, "متى يصرف بدل شهر")
    scene.worker()
    scene.worker()
    scene.all_is_well()
