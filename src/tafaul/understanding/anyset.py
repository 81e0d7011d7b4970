"""Training and testing the same kind of model on any labelled set of texts, such as a public one."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tafaul.understanding import fitting
from tafaul.understanding import pack as packs
from tafaul.understanding.normal import words
from tafaul.understanding.scores import Judged, scores


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model that was trained on one file answers on another."""

    macro_f1: float | None
    accuracy: float | None
    n: int
    classes: int
    seconds_to_train: float
    per_second: int


def measure(train: Path, test: Path, *, label: str, text: str = "text") -> Learned:
    """Train on one file and test on another. Files are CSV or JSON lines with the columns of text and label.

    Raises `ValueError` that names the file and what it lacks.
    """
    tested, wanted = _read(test, text, label)
    texts, labels = _read(train, text, label)
    if len(set(labels)) < 2:
        raise ValueError(f"{train}: at least two labels are wanted to tell apart")
    begun = time.perf_counter()
    said = [words(item) for item in texts]
    known = fitting.vocabulary(said, packs.load().lexicon)
    if not known.rows:
        raise ValueError(f"{train}: more texts are wanted: no word stands in {fitting.SEEN_IN} of them")
    classes, weights, intercepts = fitting.weigh(known.matrix(said), labels)
    model = fitting.linear(known, weights, intercepts)
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    answers = model.scores(model.read([words(item) for item in tested])).argmax(axis=1)
    speed = len(tested) / (time.perf_counter() - begun)
    told = scores([Judged(label, classes[column], 1.0) for label, column in zip(wanted, answers, strict=True)])
    return Learned(told.macro_f1, told.accuracy, told.n, len(classes), round(seconds, 1), int(speed))


def _read(file: Path, text: str, label: str) -> tuple[list[str], list[str]]:
    try:
        rows = list(_rows(file))
    except ValueError as error:
        raise ValueError(f"{file} is neither CSV nor JSON lines in UTF-8: {error}") from error
    if not rows:
        raise ValueError(f"{file} holds no line")
    for number, row in enumerate(rows, start=1):
        for column in (text, label):
            if not isinstance(row, dict) or row.get(column) is None:
                raise ValueError(f"{file}: line {number} has no column «{column}»")
    return [str(row[text]) for row in rows], [str(row[label]) for row in rows]


def _rows(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        if file.suffix == ".csv":
            yield from csv.DictReader(stream)
        else:
            yield from (json.loads(line) for line in stream if line.strip())
