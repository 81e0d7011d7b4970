"""Posts with what people say of them, read from files to measure with.

Labelled posts are JSON lines or CSV with the fields of the pack's posts: text, to, kind, body, topic, urgent,
place (spans `[start, end]`, or the name or slug of one) and personal_data (spans, or whether there are any).
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tafaul.understanding import pack as packs
from tafaul.understanding.model import NONE

TRUE, FALSE = ("1", "true", "yes", "نعم"), ("0", "false", "no", "لا")
"""How a table of text says yes and no."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post with what people say of it. A label that is None was not given.

    `names_places` says that places were labelled: `place` None then means that there is none.
    """

    text: str
    to: str
    kind: str | None = None
    body: str | None = None
    topic: str | None = None
    place: str | list[Any] | None = None
    names_places: bool = True
    personal_data: bool | list[Any] | None = None
    urgent: bool | None = None


def read(files: Iterable[Path]) -> tuple[list[Labelled], list[str]]:
    """Return the labelled posts of files, and of each line that is none where it stands and why.

    Raises `ValueError` that names the file when it is no text in UTF-8.
    """
    posts, refused = [], []
    for file in files:
        for number, row in _checked_rows(file):
            try:
                posts.append(_labelled(row))
            except ValueError as error:
                refused.append(f"{file}:{number}: {error}")
    return posts, refused


def strangers(posts: Sequence[Labelled]) -> Counter[tuple[str, str]]:
    """Return the labels that the pack does not know, field and label, and how many posts bear each.

    No answer is ever like them, so they can only count as mistakes. An account's body that is not known has no
    topics.
    """
    pack = packs.load()
    topics = {*pack.body_of_topic, NONE}
    known = {"kind": pack.kinds, "topic": topics, "body": pack.bodies, "to": pack.bodies}
    given = Counter((name, getattr(post, name)) for post in posts for name in known)
    return Counter(
        {(name, label): count for (name, label), count in given.items() if label and label not in known[name]}
    )


def spans_of(label: Iterable[Any], text: str) -> list[tuple[int, int]]:
    """Return start and end of what a label marks: `[start, end, ...]`, `{"start": .., "end": ..}` or the words.

    Raises `ValueError` for what is none of these, or words that do not stand in the text.
    """
    found = []
    for item in label:
        try:
            if isinstance(item, str):
                found.append((text.index(item), text.index(item) + len(item)))
            elif isinstance(item, Mapping):
                found.append((int(item["start"]), int(item["end"])))
            else:
                found.append((int(item[0]), int(item[1])))
        except (ValueError, TypeError, LookupError):
            raise ValueError(f"{item!r} marks no part of the text; [start, end] or its words are wanted") from None
    return found


def _checked_rows(file: Path) -> Iterator[tuple[int, Any]]:
    try:
        yield from _rows(file)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{file} can't be read: {error}. Save it as UTF-8, as CSV or as JSON lines") from error


def _rows(file: Path) -> Iterator[tuple[int, Any]]:
    """Yield each line's number with its fields, or with what is wrong with it."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        if file.suffix.lower() == ".csv":
            reader = csv.DictReader(stream)
            _check_columns(file, reader.fieldnames or ())
            for row in reader:
                yield reader.line_num, row
            return
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    yield number, f"this is no JSON: {error}"


def _check_columns(file: Path, columns: Sequence[str]) -> None:
    missing = [name for name in ("text", "to") if name not in columns]
    if missing:
        other = " They may be parted by another sign than a comma." if len(columns) == 1 else ""
        told = ", ".join(columns) or "none"
        raise ValueError(f"{file} has no column {' and no column '.join(missing)}; its columns: {told}.{other}")


def _labelled(row: Any) -> Labelled:
    """Return a row's post. Raises `ValueError` that says what is wanted."""
    if not isinstance(row, dict):
        raise ValueError(row if isinstance(row, str) else f"an object with text and to is wanted, not {row!r}")
    for name in ("text", "to"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"«{name}» is missing")
    text, place = row["text"], _told(row.get("place"))
    if isinstance(place, list):
        spans_of(place, text)
    elif not isinstance(place, str | None):
        raise ValueError(f"place is {place!r}; spans, a name or a slug are wanted")
    return Labelled(
        text,
        _slug(row["to"]) or "",
        kind=_slug(row.get("kind")),
        body=_slug(row.get("body")),
        topic=_slug(row.get("topic")),
        place=place,
        names_places="place" in row,
        personal_data=_personal(_told(row.get("personal_data")), text),
        urgent=_yes_or_no("urgent", _told(row.get("urgent"))),
    )


def _slug(label: Any) -> str | None:
    """Return a label without blanks around it, in small letters; None when it is empty."""
    return str(label).strip().lower() or None if label is not None else None


def _told(label: Any) -> Any:
    """Return a label as JSON has it: a cell of a table may hold a list; an empty one says nothing."""
    if not isinstance(label, str):
        return label
    try:
        return json.loads(label) if label.startswith("[") else label.strip() or None
    except ValueError as error:
        raise ValueError(f"{label!r} is no list: {error}") from None


def _personal(label: Any, text: str) -> bool | list[Any] | None:
    """Return spans, or whether there are any; the words of the text themselves are a span too."""
    if isinstance(label, str) and label in text and label.lower() not in TRUE + FALSE:
        label = [label]
    if isinstance(label, list):
        spans_of(label, text)
        return label
    return _yes_or_no("personal_data", label)


def _yes_or_no(name: str, label: Any) -> bool | None:
    if label is None or isinstance(label, bool):
        return label
    said = str(label).lower()
    if said not in TRUE + FALSE:
        raise ValueError(f"{name} is {label!r}; {', '.join(TRUE)} or {', '.join(FALSE)} are wanted")
    return said in TRUE
