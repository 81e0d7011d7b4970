"""What was done about a case, on its page, and for auditors as a file: of a case, or of a body during some
days.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import IO

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from tafaul.bodies import access
from tafaul.care import cases
from tafaul.care import history as care_history
from tafaul.care.history import Entry
from tafaul.desk.people import DeskRequest, at_the_desk

LATEST = 50
"""Entries that a page shows; the export has them all."""

USUAL = timedelta(days=30)
"""So many days are exported unless others are asked for."""

COLUMNS = ("at", "person", "who", "what", "changes", "case", "record", "action", "cause", "cause_id")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of something to compute."""


@at_the_desk
def section(request: DeskRequest, reference: str) -> HttpResponse:
    """What was done about a case, the latest first."""
    case = cases.get(request.user, reference)
    entries = care_history.of(case)
    told = {"case": case, "entries": entries[:LATEST], "more": len(entries) > LATEST, "count": len(entries)}
    return render(request, "desk/parts/history.html", told)


@at_the_desk
def export(request: DeskRequest, reference: str) -> FileResponse:
    """All that was done about a case, as a file."""
    case = cases.get(request.user, reference)
    return _file(request, reversed(care_history.of(case)), case.reference)


@at_the_desk
def of_body(request: DeskRequest, slug: str) -> HttpResponse:
    """Choose the days of which a body's history is wanted."""
    body = get_object_or_404(access.audited_by(request.user), slug=slug)
    today = timezone.localdate()
    return render(request, "desk/history.html", {"body": body, "first": today - USUAL, "last": today})


@at_the_desk
def export_body(request: DeskRequest, slug: str) -> HttpResponse | FileResponse:
    """What was done about a body and its cases from one day to another, both included."""
    body = get_object_or_404(access.audited_by(request.user), slug=slug)
    try:
        last = parse_date(request.GET.get("to", "")) or timezone.localdate()
        first = parse_date(request.GET.get("from", "")) or last - USUAL
        since, until = _midnight(first), _midnight(last + timedelta(days=1))
    except (ValueError, OverflowError):
        return HttpResponse(status=400)
    return _file(request, care_history.of_body(body, since, until), f"{body.slug}-{first}-{last}")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _file(request: DeskRequest, entries: Iterable[Entry], name: str) -> FileResponse:
    """Write entries into a file while the person is at work; a stream would be read when nobody is."""
    as_json = request.GET.get("format") == "jsonl"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(file, encoding="utf-8" if as_json else "utf-8-sig", newline="")
    (_write_json if as_json else _write_csv)(entries, text)
    text.flush()
    text.detach()
    file.seek(0)
    ending, kind = ("jsonl", "application/jsonl") if as_json else ("csv", "text/csv; charset=utf-8")
    response = FileResponse(file, as_attachment=True, filename=f"history-{name}.{ending}", content_type=kind)
    response["Cache-Control"] = "no-store"
    return response


def _write_json(entries: Iterable[Entry], text: IO[str]) -> None:
    for entry in entries:
        text.write(json.dumps(entry.as_row(), ensure_ascii=False) + "\n")


def _write_csv(entries: Iterable[Entry], text: IO[str]) -> None:
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for entry in entries:
        row = entry.as_row()
        row["changes"] = "; ".join(f"{column}: {before} → {after}" for column, before, after in row["changes"])
        table.writerow([_harmless(str(row[column])) for column in COLUMNS])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
