"""What `tafaul evaluate` shows: figures, a table by topic, a confusion picture, the worst mistakes."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tafaul.understanding.evaluate import Report

SHADES = " ░▒▓█"


def print_json(report: Report) -> None:
    """Print the figures alone, as one JSON object."""
    print(json.dumps(report.as_json()))  # noqa: T201 - the command's output


def show(report: Report) -> None:
    """Print everything, for people."""
    console = Console()
    figures = Table("field", "macro-F1", "accuracy", "posts", title="figures")
    for name in ("kind", "body", "topic"):
        scores = getattr(report, name)
        figures.add_row(name, f"{scores.macro_f1:.3f}", f"{scores.accuracy:.3f}", f"{scores.n:,}")
    console.print(figures)
    console.print(
        f"routed at 97 %: {report.routed_at_97:.1%} · calibration error: {report.calibration_error:.3f} · "
        f"personal data F1: {report.personal_data['f1']:.3f} · place F1: {report.place['f1']:.3f} · "
        f"{report.per_second:,} texts/s"
    )
    console.print(_confusion(report), _by_topic(report), _mistakes(report))


def _confusion(report: Report) -> Table:
    """Draw how often each kind was taken for each other, by shades of the row's share."""
    kinds = sorted({kind for pair in report.confusion for kind in pair})
    table = Table("label ▼ answer ▶", *kinds, title="kinds")
    for label in kinds:
        row = [report.confusion[label, answer] for answer in kinds]
        shades = [SHADES[round(count / max(sum(row), 1) * (len(SHADES) - 1))] * 2 for count in row]
        table.add_row(label, *(f"{shade} {count or ''}" for shade, count in zip(shades, row, strict=True)))
    return table


def _by_topic(report: Report) -> Table:
    table = Table("topic", "F1", "posts", title="topics")
    for topic, (f1, count) in sorted(report.by_topic.items(), key=lambda item: item[1]):
        table.add_row(topic, f"{f1:.2f}", str(count))
    return table


def _mistakes(report: Report) -> Table:
    table = Table("field", "label", "answer", "sure", "text", title="the surest mistakes")
    for item in report.mistakes:
        table.add_row(item.field, item.label, item.answer, f"{item.sure:.2f}", Text(item.text[:120]))
    return table
