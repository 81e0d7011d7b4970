"""Taking in archives of posts: X API v2 JSON pages, twarc2 JSON lines and CSV, plain or gzip.

They go through the same door as what is read live: the channel parses, `intake` stores, `pipeline` works.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from tafaul.bodies.models import Account
from tafaul.care import intake, pipeline
from tafaul.channels import CHANNELS
from tafaul.channels.base import Author, IncomingPost, Rejected, Visibility
from tafaul.channels.text import storable

BATCH = 1000
CSV_COLUMNS = (
    "id",
    "text",
    "author",
    "author_id",
    "name",
    "written_at",
    "conversation_id",
    "in_reply_to",
    "private",
)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
NEEDED = ("id", "text", "author", "written_at")


@dataclass(slots=True)
class Summary:
    """What became of a file."""

    posts: int = 0
    new: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of an archive holds."""

    number: int
    posts: Sequence[IncomingPost]
    rejected: Sequence[Rejected]


def take_in(files: Sequence[Path], *, handle: str, columns: str | None) -> None:
    """Take in each file for the account of `handle`, with a progress bar, and say what became of it."""
    account = Account.objects.select_related("body").filter(handle__iexact=handle.lstrip("@")).first()
    if account is None:
        raise click.BadParameter(f"no account @{handle}; known: {', '.join(_handles())}", param_hint="--to")
    console = Console(stderr=True)
    for file in files:
        summary = take_in_file(file, account, _column_map(columns), console)
        console.print(
            f"{file}: {summary.posts} posts read, {summary.new} new, {summary.rejected} rejected"
            + (f" (see {rejects_of(file)})" if summary.rejected else ""),
            soft_wrap=True,
        )


def _handles() -> list[str]:
    return [f"@{name}" for name in Account.objects.values_list("handle", flat=True)]


def rejects_of(file: Path) -> Path:
    """Where what can't be read of a file goes."""
    return file.with_name(file.name + ".rejected.jsonl")


def take_in_file(file: Path, account: Account, columns: dict[str, str], console: Console) -> Summary:
    """Take in one file; a second time it adds nothing."""
    summary = Summary()
    pending: list[IncomingPost] = []
    rejects = rejects_of(file)
    rejects.unlink(missing_ok=True)
    bar = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*bar, console=console) as progress, file.open("rb") as raw:
        task = progress.add_task(file.name, total=file.stat().st_size or 1)
        for line in _to_the_end(_lines(_opened(raw), file, account, columns)):
            pending.extend(line.posts)
            _write_rejects(rejects, line, summary)
            if len(pending) >= BATCH:
                _store(account, pending, summary)
                progress.update(task, completed=raw.tell())
        _store(account, pending, summary)
        progress.update(task, completed=file.stat().st_size or 1)
    return summary


def _opened(raw: IO[bytes]) -> IO[str]:
    zipped = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    stream: Any = gzip.GzipFile(fileobj=raw) if zipped else raw
    # What is not UTF-8 becomes lone surrogates here and U+FFFD in the stored text; the line is not lost.
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _store(account: Account, pending: list[IncomingPost], summary: Summary) -> None:
    summary.posts += len(pending)
    summary.new += intake.receive(account, pending, charged=False)
    pending.clear()
    while pipeline.work(account):
        pass


def _write_rejects(file: Path, line: Line, summary: Summary) -> None:
    if line.rejected:
        with file.open("a", encoding="ascii") as stream:
            for item in line.rejected:
                told = {"line": line.number, "reason": item.reason, "raw": item.raw}
                stream.write(json.dumps(told) + "\n")
        summary.rejected += len(line.rejected)


def _to_the_end(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield lines as far as the file can be unpacked; a rest that is broken is one rejected line."""
    number = 0
    try:
        for line in lines:
            number = line.number
            yield line
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        yield Line(number + 1, (), [Rejected("", f"the file is broken from here on: {error}")])


def _lines(stream: IO[str], file: Path, account: Account, columns: dict[str, str]) -> Iterator[Line]:
    name = file.name.removesuffix(".gz").lower()
    if name.endswith(".csv"):
        return _csv_lines(stream, columns, account.channel)
    return _json_lines(stream, account)


def _json_lines(stream: IO[str], account: Account) -> Iterator[Line]:
    """Read one JSON document a line, or one document of many lines: a page, or a list of pages or posts."""
    whole: list[str] = []
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        if whole:
            whole.append(line)
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError) as error:
            if number == 1:
                whole.append(line)
            else:
                yield Line(number, (), [Rejected(_ascii(line), f"not JSON: {error}")])
            continue
        yield _documents(number, document, account)
    if whole:
        yield from _one_document(whole, account)


def _one_document(lines: list[str], account: Account) -> Iterator[Line]:
    try:
        document = json.loads("".join(lines))
    except (ValueError, RecursionError):
        # Not one document after all: each line by itself.
        for number, line in enumerate(lines, start=1):
            try:
                yield _documents(number, json.loads(line), account)
            except (ValueError, RecursionError) as error:
                yield Line(number, (), [Rejected(_ascii(line), f"not JSON: {error}")])
        return
    yield _documents(1, document, account)


def _documents(number: int, document: Any, account: Account) -> Line:
    posts: list[IncomingPost] = []
    rejected: list[Rejected] = []
    for item in document if isinstance(document, list) else [document]:
        parsed = CHANNELS[account.channel].parse_archive(item)
        posts.extend(parsed.posts)
        rejected.extend(parsed.rejected)
    return Line(number, posts, rejected)


def _column_map(columns: str | None) -> dict[str, str]:
    """Read OURS=THEIRS,... ; a column not named keeps our name. Raises `click.BadParameter`."""
    chosen = {name: name for name in CSV_COLUMNS}
    for pair in filter(None, (columns or "").split(",")):
        ours, _sign, theirs = pair.partition("=")
        if ours not in CSV_COLUMNS or not theirs:
            raise click.BadParameter(f"«{pair}»: write OURS=THEIRS; ours are {', '.join(CSV_COLUMNS)}")
        chosen[ours] = theirs
    return chosen


def _csv_lines(stream: IO[str], columns: dict[str, str], channel: str) -> Iterator[Line]:
    csv.field_size_limit(10_000_000)
    reader = csv.DictReader(line.replace("\0", "\ufffd") for line in stream)
    missing = [columns[name] for name in NEEDED if columns[name] not in (reader.fieldnames or ())]
    if missing:
        raise click.BadParameter(
            f"the file has no column {', '.join(missing)}; it has {', '.join(reader.fieldnames or ())}",
            param_hint="--columns",
        )
    for row in reader:
        number = reader.line_num
        try:
            yield Line(number, [_csv_post(row, columns, channel)], ())
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            yield Line(number, (), [Rejected(_ascii(json.dumps(row, default=str)), str(error))])


def _csv_post(row: dict[str, str], columns: dict[str, str], channel: str) -> IncomingPost:
    """Make a post of a row. Raises `ValueError` saying what is wrong with it."""
    given = {ours: storable(row.get(theirs) or "").strip() for ours, theirs in columns.items()}
    for name in NEEDED:
        if not given[name] and name != "text":
            raise ValueError(f"{columns[name]} is empty")
    for name in ("id", "author_id"):
        if given[name] and not CHANNELS[channel].is_id(given[name]):
            raise ValueError(f"{columns[name]} is no id: {given[name][:60]!r}; did a spreadsheet save it?")
    written_at = datetime.fromisoformat(given["written_at"])
    written_at = (written_at if written_at.tzinfo else written_at.replace(tzinfo=UTC)).astimezone(UTC)
    if not EARLIEST <= written_at <= datetime.now(UTC) + timedelta(days=1):
        raise ValueError(f"{columns['written_at']} is out of all reason: {given['written_at'][:60]!r}")
    private = given["private"].lower() in ("1", "true", "yes")
    author = given["author"].lstrip("@")
    return IncomingPost(
        external_id=given["id"],
        author=Author(given["author_id"] or f"@{author.lower()}", author, given["name"] or None),
        text=given["text"],
        written_at=written_at,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        raw=json.dumps(row),
        conversation_id=given["conversation_id"][:64] or None,
        in_reply_to=given["in_reply_to"][:64] or None,
    )


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii").rstrip("\r\n")
