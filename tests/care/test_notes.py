"""What colleagues say to each other about a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tafaul.bodies.models import Body, Membership, Person
from tafaul.care import cases, notes, notices
from tafaul.care.errors import EmptyNote, MayNotSee, NoteStays, NoteTooLong, NotYours
from tafaul.care.models import Note, Notice, Post, Reply
from tests.care.conftest import answer, take_in

pytestmark = pytest.mark.django_db


def colleague(name: str, body: str = "finance", role: str = "agent", **more) -> Person:
    someone = Person.objects.create_user(name, password="a-long-password", **more)
    Membership.objects.create(person=someone, body=Body.objects.get(slug=body), role=role)
    return someone


def test_a_note_stands_in_the_conversation_where_it_was_written(asked, person, x):
    agent = person("finance")
    note = notes.write(asked, agent, "سألت الإدارة المالية وأنتظر ردهم")
    answer(asked, agent)
    x.write(asked.account.handle, "شكراً لكم", author="abu_fahad")
    take_in(asked.account)
    shown = cases.conversation(asked)
    assert [type(message) for message in shown] == [Post, Note, Reply, Post]
    assert shown[1] == note


def test_a_note_never_leaves(asked, person, x):
    agent = person("finance")
    notes.write(asked, agent, "ملاحظة داخلية")
    assert x.replies() == []
    assert asked.replies.exclude(state="draft").count() == 0


def test_who_is_mentioned_is_told_once_and_who_writes_is_not(asked, person):
    agent, sara, nora = person("finance"), colleague("sara"), colleague("nora.m")
    note = notes.write(asked, agent, "@Sara انظري هنا، و@nora.m. ثم @sara و@finance.agent")
    assert set(note.mentions.all()) == {agent, sara, nora}
    told = Notice.objects.values_list("person__username", "what", "case")
    assert sorted(told) == [("nora.m", "mentioned", asked.pk), ("sara", "mentioned", asked.pk)]


def test_mentioning_somebody_who_may_not_see_the_case_is_refused_by_name(asked, person):
    agent = person("finance")
    colleague("sara")
    colleague("stranger", body="commerce", name_ar="سالم الغريب")
    with pytest.raises(MayNotSee, match="سالم الغريب"):
        notes.write(asked, agent, "@sara @stranger")
    assert not Note.objects.exists()
    assert not Notice.objects.exists()


def test_an_at_sign_before_nobodys_name_is_just_words(asked, person):
    colleague("sara")
    note = notes.write(asked, person("finance"), "كتب @MoF_Care و a@sara.example و @ و @@")
    assert list(note.mentions.all()) == []


def test_who_left_is_not_mentioned(asked, person):
    colleague("sara", is_active=False)
    assert not notes.write(asked, person("finance"), "@sara").mentions.exists()


def test_colleagues_above_and_auditors_who_see_the_case_may_be_mentioned(asked, person):
    colleague("auditor", role="auditor")
    assert notes.write(asked, person("finance"), "@auditor").mentions.get().username == "auditor"


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "\u200f\u200f"])
def test_a_note_has_words(asked, person, text):
    with pytest.raises(EmptyNote):
        notes.write(asked, person("finance"), text)


def test_a_note_has_an_end(asked, person):
    with pytest.raises(NoteTooLong):
        notes.write(asked, person("finance"), "ن" * 10_001)


def test_hostile_words_are_kept_as_they_are(asked, person):
    text = "<script>alert(1)</script> \u202e'; DROP TABLE care_note; -- %s {{ x }}"
    assert notes.write(asked, person("finance"), text).text == text


@pytest.mark.parametrize(("body", "role"), [("finance", "auditor"), ("commerce", "agent")])
def test_only_who_may_answer_a_case_writes_notes(asked, person, body, role):
    with pytest.raises(NotYours):
        notes.write(asked, person(body, role), "ملاحظة")


def test_the_author_takes_a_note_back_within_ten_minutes(asked, person):
    agent = person("finance")
    note = notes.write(asked, agent, "خطأ")
    notes.take_back(note, agent)
    notes.take_back(note, agent)
    assert not Note.objects.exists()


def test_nobody_else_takes_a_note_back_and_nobody_later(asked, person):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    note = notes.write(asked, agent, "صحيح")
    with pytest.raises(NoteStays):
        notes.take_back(note, supervisor)
    old = Note.objects.create(case=asked, by=agent, text="قديم", at=timezone.now() - timedelta(minutes=10))
    with pytest.raises(NoteStays):
        notes.take_back(old, agent)
    assert Note.objects.count() == 2


@pytest.mark.parametrize("change", [{"text": "غيرت"}, {"at": timezone.now() - timedelta(days=1)}])
def test_the_database_keeps_a_note_as_it_was_written(asked, person, change):
    notes.write(asked, person("finance"), "كما كتبت")
    with pytest.raises(IntegrityError, match="a note stays"):
        Note.objects.update(**change)


def test_colleagues_are_suggested_by_name_in_both_languages_and_by_log_in(asked, person):
    agent = person("finance")
    sara = colleague("s.otaibi", name_ar="سارة العتيبي", name_en="Sara Otaibi")
    colleague("sara.elsewhere", body="commerce", name_ar="سارة")
    for beginning in ("سارة", "العت", "sar", "OTA", "s.o", "@s.o"):
        assert notes.suggested(asked, agent, beginning) == [sara]
    assert notes.suggested(asked, agent, "%") == []
    assert notes.suggested(asked, agent, "") == [sara]
    assert notes.suggested(asked, agent, "\0zz") == []


def test_the_page_shows_hostile_words_as_words(asked, person, client):
    agent = person("finance")
    notices.tell([agent], asked, Notice.What.MENTIONED)
    notes.write(asked, agent, "<img src=x onerror=alert(1)> @<b>finance.agent</b> @finance.agent")
    client.force_login(agent)
    page = client.get(f"/cases/{asked.reference}").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt; @&lt;b&gt;finance.agent&lt;/b&gt;" in page
    assert '<bdi class="mention">@finance.agent</bdi>' in page
    assert "<img src=x" not in page


def test_a_note_of_another_bodys_case_is_out_of_reach(asked, person, client):
    note = notes.write(asked, person("finance"), "سر")
    client.force_login(person("commerce"))
    assert client.post(f"/cases/{asked.reference}/notes", {"text": "تطفل"}).status_code == 404
    assert client.post(f"/cases/{asked.reference}/notes/{note.pk}/take-back").status_code == 404
    assert client.get(f"/cases/{asked.reference}/colleagues/mentions", {"q": ""}).status_code == 404
    assert Note.objects.count() == 1


def test_words_that_were_refused_are_not_lost(asked, person, client):
    colleague("stranger", body="commerce")
    client.force_login(person("finance"))
    told = {"text": "نص طويل @stranger"}
    page = client.post(f"/cases/{asked.reference}/notes", told, headers={"HX-Request": "true"}).content.decode()
    assert "نص طويل @stranger</textarea>" in page
    assert 'role="alert"' in page
