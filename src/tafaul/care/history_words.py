"""Entries of history in plain words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tafaul.bodies.models import Body, Person
from tafaul.care import taxonomy
from tafaul.care.models import Case, Referral, Reply

LABELS: Mapping[str, Any] = {
    "account": _("Account"),
    "assignee": _("Assigned to"),
    "body": _("Body"),
    "kind": _("Kind"),
    "merged_into": _("Merged into"),
    "needs_triage": _("Triage"),
    "outcome": _("Outcome"),
    "outcome_note": _("Note on the outcome"),
    "place": _("Place"),
    "role": _("Role"),
    "state": _("State"),
    "tags": _("Tags"),
    "text": _("Text"),
    "to_body": _("Referred to"),
    "topic": _("Topic"),
    "urgency": _("Urgency"),
}
"""What columns are called on pages; others go by their own name."""

TAXONOMY: Mapping[str, Callable[[str], str]] = {
    "kind": taxonomy.kind_name,
    "topic": taxonomy.topic_name,
    "place": taxonomy.place_name,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What was before in a column, and what is after."""

    column: str
    before: str
    after: str

    @property
    def name(self) -> str:
        """What the column is called in the reader's language."""
        return str(LABELS.get(self.column, self.column.replace("_", " ")))


@dataclass(frozen=True, slots=True)
class Names:
    """People, bodies and references of cases by their ids, as far as the reader sees them."""

    people: Mapping[int, Person]
    bodies: Mapping[int, Body]
    cases: Mapping[int, str]

    def of(self, model: Any, number: int | None) -> str:
        """Return what somebody or something is called; what is not seen goes by its number."""
        if number is None:
            return "—"
        if model is Case:
            return self.cases.get(number, f"#{number}")
        known: Mapping[Any, Mapping[int, Person | Body]] = {Person: self.people, Body: self.bodies}
        found = known.get(model, {}).get(number)
        return found.name if found is not None else f"#{number}"


def who(person: Person | None, *, is_citizen: bool) -> str:
    """Return who did something: a person, the citizen, or the system."""
    if person is not None:
        return person.name
    return gettext("The citizen") if is_citizen else gettext("Tafaul")


def named(event: Any) -> Iterator[tuple[type, int]]:
    """Give the model and id of each row that an entry names, before and after."""
    for field in _fields(event):
        if isinstance(field, models.ForeignKey):
            before, after = (event.pgh_diff or {}).get(field.column, (None, None))
            for number in (before, after, event.pgh_data.get(field.column)):
                if isinstance(number, int):
                    yield field.related_model, number


def changes(event: Any, names: Names) -> list[Change]:
    """Return what an entry changed, in the order of the columns."""
    diff: Mapping[str, Any] = event.pgh_diff or {}
    return [
        Change(field.name, *(_shown(field, value, names) for value in diff[field.column]))
        for field in _fields(event)
        if field.column in diff
    ]


def said(event: Any, names: Names) -> str:
    """Return in a few words what was done; empty when it is of no interest to who works on a case."""
    speak = SPEAKERS.get(event.pgh_obj_model)
    if speak is None:
        return gettext("Added") if event.pgh_label == "insert" else gettext("Changed")
    return " · ".join(str(part) for part in speak(event, names) if part)


def _fields(event: Any) -> list[Any]:
    kept = apps.get_model(event.pgh_model)._meta.fields
    return [field for field in kept if not field.name.startswith("pgh_") and field.name != "id"]


def _shown(field: Any, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(field, models.ForeignKey):
        return names.of(field.related_model, value)
    if field.name in TAXONOMY:
        return TAXONOMY[field.name](value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return "، ".join(map(str, value))
    return str(dict(field.flatchoices).get(value, value))


def _of_case(event: Any, names: Names) -> Iterator[str]:
    diff: Mapping[str, Any] = event.pgh_diff or {}
    shown = {change.column: change.after for change in changes(event, names)}
    if "merged_into_id" in diff:
        case, into = names.of(Case, int(event.pgh_obj_id)), names.of(Case, diff["merged_into_id"][1])
        yield gettext("%(case)s was merged into %(into)s") % {"case": case, "into": into}
    elif "state" in diff:
        before, after = diff["state"]
        yield _of_state(before, after, shown.get("outcome", ""))
    if "body_id" in diff:
        yield gettext("%(body)s is responsible now") % {"body": shown["body"]}
    if "assignee_id" in diff:
        someone = diff["assignee_id"][1] is not None
        yield gettext("Given to %(person)s") % {"person": shown["assignee"]} if someone else gettext("Let go")
    if {"kind", "topic", "place"} & diff.keys():
        what = "، ".join(shown[name] for name in ("kind", "topic", "place") if name in diff)
        yield gettext("Put right what it is about: %(what)s") % {"what": what}
    for name in ("tags", "urgency"):
        if name in diff:
            yield f"{LABELS[name]}: {shown[name]}"
    if "needs_triage" in diff:
        yield gettext("Nobody is sure whose it is") if diff["needs_triage"][1] else gettext("Triage was settled")


def _of_state(before: str, after: str, outcome: str) -> str:
    if after == Case.State.CLOSED:
        return gettext("Closed: %(outcome)s") % {"outcome": outcome}
    if after == Case.State.OPEN:
        return gettext("Opened again") if before == Case.State.CLOSED else gettext("The citizen waits again")
    return gettext("The citizen was asked") if after == Case.State.ASKED else gettext("The citizen was answered")


def _of_reply(event: Any, _names: Names) -> Iterator[str]:
    match event.pgh_data["state"]:
        case Reply.State.QUEUED:
            yield gettext("A reply was approved")
        case Reply.State.SENT:
            yield gettext("A reply was sent")
        case Reply.State.FAILED:
            yield gettext("A reply was not sent: %(why)s") % {"why": event.pgh_data["failure"]}


def _of_referral(event: Any, names: Names) -> Iterator[str]:
    told = event.pgh_data
    bodies = {"body": names.of(Body, told["to_body_id"])}
    if event.pgh_label == "insert":
        yield gettext("Referred to %(body)s") % bodies
        return
    match (event.pgh_diff or {}).get("state", ("", ""))[1]:
        case Referral.State.ACCEPTED:
            yield gettext("%(body)s accepted the referral") % bodies
        case Referral.State.RETURNED:
            yield gettext("%(body)s returned it: %(why)s") % {**bodies, "why": told["returned_because"]}
        case Referral.State.PASSED_ON:
            yield gettext("%(body)s passed it on") % bodies
        case Referral.State.DONE:
            yield gettext("%(body)s is done with it") % bodies
        case Referral.State.WITHDRAWN:
            yield gettext("The referral to %(body)s was withdrawn") % bodies


def _of_note(event: Any, _names: Names) -> Iterator[str]:
    yield {"insert": gettext("A note was written"), "delete": gettext("A note was taken back")}.get(
        event.pgh_label, ""
    )


def _of_attachment(event: Any, _names: Names) -> Iterator[str]:
    file = {"file": event.pgh_data["name"]}
    if event.pgh_label != "update":
        added = event.pgh_label == "insert"
        yield (gettext("File added: %(file)s") if added else gettext("File removed: %(file)s")) % file


def _of_link(event: Any, names: Names) -> Iterator[str]:
    if event.pgh_label == "insert":
        both = {name: names.of(Case, event.pgh_data[f"{name}_id"]) for name in ("one", "other")}
        yield gettext("%(one)s and %(other)s were linked") % both


def _of_outside_report(event: Any, _names: Names) -> Iterator[str]:
    number = {"number": event.pgh_data["number"]}
    if event.pgh_label == "insert":
        yield gettext("Outside report %(number)s was noted") % number
    elif (event.pgh_diff or {}).get("settled_at", (None, None))[1]:
        yield gettext("Outside report %(number)s was settled") % number


SPEAKERS: Mapping[str, Callable[[Any, Names], Iterator[str]]] = {
    "care.Attachment": _of_attachment,
    "care.Case": _of_case,
    "care.CaseLink": _of_link,
    "care.Note": _of_note,
    "care.OutsideReport": _of_outside_report,
    "care.Referral": _of_referral,
    "care.Reply": _of_reply,
}
