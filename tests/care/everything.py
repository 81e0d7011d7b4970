"""A row in every table, all of them of one body."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from tafaul.bodies.models import Account, Body, DayOff, Invitation, Membership, Person, Spending, WorkingHours
from tafaul.care import models as care

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def everything_of(body: Body) -> care.Case:
    """Make a row of a body in every table, and return its case."""
    person = Person.objects.create(username=f"{body.slug}.everything")
    Membership.objects.create(person=person, body=body, role="agent")
    account = Account.objects.create(body=body, channel="x", external_id=body.slug, handle=body.slug)
    _of_body(body, person, account)
    citizen = care.Citizen.objects.create(channel="x", external_id=f"of {body.slug}", handle="someone")
    case = _case(account, body, citizen, person)
    _of_case(case, person, citizen)
    for stream in (care.Reading(stream="public"), care.Gap(after=NOW, before=NOW, reason="gone", found_at=NOW)):
        stream.account = account
        stream.save()
    care.UnreadablePost.objects.create(account=account, raw="{", digest="1", reason="broken", received_at=NOW)
    return case


def _of_body(body: Body, person: Person, account: Account) -> None:
    Invitation.objects.create(
        body=body,
        role="agent",
        email=f"a@{body.slug}.example",
        by=person,
        digest=body.slug,
        sent_at=NOW,
        expires_at=NOW,
    )
    WorkingHours.objects.create(body=body, weekday=0, opens="08:00", closes="14:00")
    DayOff.objects.create(body=body, day=NOW.date())
    Spending.objects.create(account=account, day=NOW.date(), operation="read")
    care.Promise.objects.create(body=body, what="first_reply", working_time=HOUR)
    care.RoutingRule.objects.create(body=body, position=1)
    care.Silence.objects.create(body=body, after_question=1, after_answer=1, reminds_first=False)


def _case(account: Account, body: Body, citizen: care.Citizen, person: Person) -> care.Case:
    return care.Case.objects.create(
        reference=f"T-{uuid.uuid4().hex[:8]}", account=account, body=body, citizen=citizen, kind="inquiry", subject="متى؟",
        opened_at=NOW, waiting_since=NOW, last_post_at=NOW,
    )  # fmt: skip


def _of_case(case: care.Case, person: Person, citizen: care.Citizen) -> None:
    told = {"account": case.account, "citizen": citizen, "visibility": "public", "text": "متى؟", "raw": "{}"}
    told |= {"written_at": NOW, "received_at": NOW}
    post = care.Post.objects.create(case=case, external_id="1", **told)
    care.Post.objects.create(external_id="2", **told)
    care.Correction.objects.create(post=post, kind="inquiry", by=person, at=NOW)
    care.CaseLink.objects.create(one=case, other=_case(case.account, case.body, citizen, person), why="split")
    reply = care.Reply.objects.create(
        case=case, account=case.account, answers=post, mode="answered", visibility="public", text="أهلاً", state="draft",
        created_at=NOW,
    )  # fmt: skip
    reply.state, reply.approved_by, reply.approved_at = "queued", person, NOW
    reply.save()
    care.Case.objects.filter(pk=case.pk).update(urgency=0)
    unit = Body.objects.create(parent=case.body, slug=f"unit-of-{case.body.slug}", name_ar="وحدة", name_en="Unit")
    care.Referral.objects.create(case=case, from_body=case.body, to_body=unit, reason="unit", sent_at=NOW)
    care.Clock.objects.create(
        case=case, body=case.body, promised_by=case.body, what="resolution", promised=HOUR, started_at=NOW,
        counted_from=NOW, time_left=HOUR, due_at=NOW + HOUR,
    )  # fmt: skip
    note = care.Note.objects.create(case=case, by=person, text="انتبهوا", at=NOW)
    note.mentions.add(person)
    care.Attachment.objects.create(
        case=case, note=note, by=person, name="a.pdf", content_type="application/pdf", size=1, file="a.pdf", at=NOW
    )
    care.Notice.objects.create(person=person, case=case, what="mentioned", at=NOW)
    care.Presence.objects.create(case=case, person=person, seen_at=NOW)
    care.Reminder.objects.create(case=case, person=person, due_at=NOW)
    care.OutsideReport.objects.create(case=case, system="commercial_report", number="1", noted_at=NOW)
    care.Rating.objects.create(case=case, asked_at=NOW)
