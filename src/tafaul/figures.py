"""What `tafaul evaluate` and `tafaul train` show: progress, figures, a confusion picture, the worst mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tafaul.understanding import pack as packs
from tafaul.understanding import training
from tafaul.understanding.anyset import Learned
from tafaul.understanding.evaluate import Report
from tafaul.understanding.store import Verdict

SHADES = " ░▒▓█"

FEW = 200
"""Posts below which a share of 0.9 is uncertain by more than four points (95 % interval of a binomial)."""


def print_json(report: Report) -> None:
    """Print the figures alone, as one JSON object."""
    print(json.dumps(report.as_json()))  # noqa: T201 - the command's output


def show(report: Report) -> None:
    """Print everything, for people."""
    console = Console()
    figures = Table("field", "macro-F1", "accuracy", "posts", title="figures")
    for name in ("kind", "body", "topic"):
        scores = getattr(report, name)
        figures.add_row(name, _told(scores.macro_f1), _told(scores.accuracy), f"{scores.n:,}")
    spotted = Table("spotted", "F1", "posts that say", title="what is spotted")
    for name in ("personal_data", "place", "urgent"):
        found = getattr(report, name)
        spotted.add_row(name, _told(found.f1), f"{found.n:,}")
    console.print(figures, spotted)
    console.print(
        f"body right at 97 % without a person: {_told(report.routed_at_97)} of posts · "
        f"calibration error of kind, body and topic: {_told(report.calibration_error)} · "
        f"{report.per_second:,} texts/s"
    )
    if report.kind.n < FEW:
        console.print(f"Fewer than {FEW} posts: take these figures for a hint.")
    console.print(_confusion(report), _by_topic(report), _mistakes(report))


def _told(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _confusion(report: Report) -> Table:
    """Draw how often each kind was taken for each other, by shades of the row's share."""
    kinds = sorted({kind for pair in report.confusion for kind in pair})
    table = Table("label ▼ answer ▶", *map(escape, kinds), title="kinds")
    for label in kinds:
        row = [report.confusion[label, answer] for answer in kinds]
        shades = [SHADES[round(count / max(sum(row), 1) * (len(SHADES) - 1))] * 2 for count in row]
        table.add_row(Text(label), *(f"{shade} {count or ''}" for shade, count in zip(shades, row, strict=True)))
    return table


def _by_topic(report: Report) -> Table:
    table = Table("topic", "F1", "posts", title="topics")
    for topic, (f1, count) in sorted(report.by_topic.items(), key=lambda item: item[1]):
        table.add_row(Text(topic), f"{f1:.2f}", str(count))
    return table


def _mistakes(report: Report) -> Table:
    table = Table("field", "label", "answer", "sure", "text", title="the surest mistakes")
    for item in report.mistakes:
        table.add_row(item.field, Text(item.label), Text(item.answer), f"{item.sure:.2f}", Text(item.text[:120]))
    return table


def print_learned(told: Learned, *, as_json: bool) -> None:
    """Print what was learned from a labelled set."""
    if as_json:
        print(json.dumps(asdict(told)))  # noqa: T201 - the command's output
        return
    table = Table("macro-F1", "accuracy", "texts tested", "classes", "seconds to train", "texts/s")
    table.add_row(
        _told(told.macro_f1),
        _told(told.accuracy),
        f"{told.n:,}",
        str(told.classes),
        f"{told.seconds_to_train:.0f}",
        f"{told.per_second:,}",
    )
    Console().print(table)


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Show a progress bar over the steps of training."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=training.steps())
        yield lambda step: bar.update(task, advance=1, description=f"{title}: {step}")


def build(pack_folder: Path) -> None:
    """Train the model that comes with a pack and show its card."""
    pack = packs.load(pack_folder)
    posts = training.examples(pack_folder / "posts", pack)
    with steps("training") as done:
        model = training.train(posts, pack, done)
    model.card["date"] = datetime.now(UTC).date().isoformat()
    model.save(pack_folder / "model")
    names = ("macro_f1", "accuracy", "routed_at_97", "calibration_error")
    table = Table("question", *names, title="on writers it had not seen")
    for question, told in model.card["on_unseen_writers"].items():
        table.add_row(question, *(f"{told[name]:.3f}" for name in names))
    Console().print(table)


def show_outcome(verdict: Verdict, *, taught: int, folder: Path | None) -> None:
    """Print what training came to."""
    table = Table("on unseen posts", "in use", "new", title=f"{taught} corrections were taught")
    for figure in (*verdict.frozen, verdict.corrections):
        table.add_row(figure.name, f"{figure.before:.3f}", f"{figure.after:.3f}")
    console = Console()
    console.print(table)
    console.print(f"the new model is in use: {folder}" if folder else "it is not better: nothing changed")
