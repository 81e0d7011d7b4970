"""What people change is kept with who, when and what it was before; nobody can change what is kept."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import translation

from tafaul.bodies.models import Body, Invitation, Membership, Person
from tafaul.care import cases, history, notes, referrals, tags
from tafaul.care.models import Case
from tafaul.foundation import acting
from tests.care.conftest import answer, take_in
from tests.roles import at_the_desk, role

HISTORIES = sorted(
    model._meta.db_table
    for app in ("bodies", "care")
    for model in apps.get_app_config(app).get_models()
    if model._meta.db_table.endswith("event")
)


@pytest.fixture
def sara(person):
    sara = person("finance", "supervisor")
    sara.name_ar, sara.name_en = "سارة", "Sara"
    sara.save()
    return sara


def said(case: Case, language: str = "ar") -> list[str]:
    with translation.override(language):
        return [str(entry) for entry in history.of(case)]


def test_a_case_tells_in_plain_words_who_did_what(asked, sara, person):
    person("municipal")
    with at_the_desk(sara):
        riyadh = Body.objects.get(slug="municipal")
        referrals.refer(asked, sara, riyadh, reason="competence", note="")
        assert said(asked, "en")[0] == f"Sara: Referred to {riyadh.name_en}"


def test_a_change_brings_along_what_was_before(asked, sara):
    with at_the_desk(sara):
        cases.close(asked, sara, Case.Outcome.NOT_OURS, "ليس لنا")
        with translation.override("en"):
            entry = history.of(asked)[0]
    assert entry.what == "Closed: Not for this body"
    changed = {change.column: (change.before, change.after) for change in entry.changes}
    assert changed["state"] == ("Open", "Closed")
    assert changed["outcome_note"] == ("—", "ليس لنا")


def test_what_the_system_did_bears_its_own_name(asked):
    with acting.as_system(job="deliver"):
        Case.objects.filter(pk=asked.pk).update(urgency=0)
    with translation.override("en"):
        entry = history.of(asked)[0]
    assert (entry.person, entry.who, entry.cause) == (None, "Tafaul", "job deliver")


def test_a_request_is_named_by_its_page_and_not_by_what_its_address_holds(asked, sara, client):
    client.force_login(sara)
    client.post(f"/cases/{asked.reference}/close", {"outcome": "answered"})
    entry = history.of(asked)[0]
    assert entry.person == sara
    assert entry.cause == "request POST cases/<slug:reference>/close"
    assert entry.cause_id


def test_notes_replies_and_tags_are_told_without_the_words_of_a_note(asked, sara):
    with at_the_desk(sara):
        notes.write(asked, sara, "سر بيننا")
        tags.add(asked, sara, "راتب")
        answer(asked, sara)
        told = said(asked, "en")
        kept = json.dumps([entry.as_row() for entry in history.of(asked)], ensure_ascii=False)
    assert told == ["Sara: A reply was approved", "Sara: Tags: راتب", "Sara: A note was written"]
    assert "سر بيننا" not in kept


def test_no_secret_is_in_history(pack, connect, person):
    account = connect("finance")
    Invitation.objects.create(
        body=account.body, role="agent", email="a@example.sa", by=person("finance", "administrator"), digest="d1gest",
        sent_at=datetime.now(UTC), expires_at=datetime.now(UTC),
    )  # fmt: skip
    with connection.cursor() as cursor:
        rows = []
        for table in HISTORIES:
            cursor.execute(f"SELECT to_json(t)::text FROM {table} t")
            rows += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT access_token, refresh_token FROM bodies_account")
        secrets = [*cursor.fetchone(), "d1gest", *Person.objects.values_list("password", flat=True)]
    assert rows
    assert not [secret for secret in secrets if secret and any(secret in row for row in rows)]


@pytest.mark.parametrize("name", ["tafaul_desk", "tafaul_jobs"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
@pytest.mark.parametrize("table", HISTORIES)
def test_no_role_changes_history(db, name, change, table):
    with (
        role(name),
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        connection.cursor().execute(change.format(table))


@pytest.mark.parametrize("name", ["tafaul_desk", "tafaul_jobs"])
@pytest.mark.parametrize("table", HISTORIES)
def test_no_role_invents_history(db, name, table):
    invented = f"INSERT INTO {table} (pgh_created_at, pgh_label, pgh_obj_id) VALUES (now(), 'update', 1)"
    with role(name), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        connection.cursor().execute(invented)


def test_the_owner_changes_history_only_after_saying_so(asked, sara):
    cases.close(asked, sara)
    entries = apps.get_model("care.CaseEvent").objects.filter(pgh_obj=asked)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        entries.delete()
    with pgtrigger.ignore("care.CaseEvent:append_only"):
        entries.delete()
    assert not entries.exists()


def test_a_body_s_history_holds_its_people_and_its_cases(asked, sara):
    with acting.as_person(sara.pk):
        cases.close(asked, sara)
    now = datetime.now(UTC)
    everything = list(history.of_body(asked.body, now - timedelta(days=1), now + timedelta(days=1)))
    assert {"bodies.Membership", "care.Case"} <= {entry.record.split()[0] for entry in everything}
    assert not list(history.of_body(asked.body, now - timedelta(days=9), now - timedelta(days=8)))


def exported(client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_auditor_takes_a_case_and_a_body_along_as_files(asked, sara, person, client):
    with acting.as_person(sara.pk):
        cases.close(asked, sara, Case.Outcome.ANSWERED)
    client.force_login(person("finance", "auditor"))
    (row,) = exported(client, f"/cases/{asked.reference}/history/export")
    assert (row["person"], row["case"], row["record"]) == (sara.username, asked.reference, f"care.Case {asked.pk}")
    assert row["case"] in [row["case"] for row in exported(client, "/bodies/finance/history/export")]
    lines = b"".join(client.get(f"/cases/{asked.reference}/history/export?format=jsonl").streaming_content)
    assert json.loads(lines)["changes"]
    assert client.get("/bodies/finance/history").status_code == 200
    assert client.get("/bodies/finance/history/export?from=2026-13-45").status_code == 400


def test_no_cell_of_a_file_is_computed_by_a_spreadsheet(asked, sara, client):
    client.force_login(sara)
    Person.objects.filter(pk=sara.pk).update(name_ar="=HYPERLINK(1)", username="@cmd")
    client.post(f"/cases/{asked.reference}/close", {"outcome": "answered"})
    (row,) = exported(client, f"/cases/{asked.reference}/history/export")
    assert (row["who"], row["person"]) == ("'=HYPERLINK(1)", "'@cmd")


def test_an_agent_does_not_export_a_body_and_nobody_another_s(asked, person, client):
    client.force_login(person("finance", "agent"))
    assert client.get("/bodies/finance/history/export").status_code == 404
    client.force_login(person("commerce", "auditor"))
    assert client.get("/bodies/finance/history/export").status_code == 404
    assert client.get(f"/cases/{asked.reference}/history/export").status_code == 404


def test_posts_that_come_in_masses_leave_no_entries(x, connect):
    account = connect("finance")
    x.write(account.handle, *[f"متى ينزل راتب شهر {number}؟" for number in range(5)], author="one")
    take_in(account)
    assert not apps.get_model("care.CaseEvent").objects.exists()
    assert not apps.get_model("care.ReplyEvent").objects.exists()


def test_history_of_people_s_roles_is_kept(person):
    someone = person("finance")
    Membership.objects.get(person=someone).delete()
    labels = (
        apps.get_model("bodies.MembershipEvent").objects.filter(person=someone).values_list("pgh_label", flat=True)
    )
    assert list(labels) == ["insert", "delete"]
