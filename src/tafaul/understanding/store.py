"""The models that were trained here, which of them is in use, and the way back to the one before.

The folder holds a folder for each model, numbered, and the file `in-use`: the numbers that were put to use, the
last line being the present one. Without a line the pack's own model is in use.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tafaul.understanding.model import FILE, Classifier, Model
from tafaul.understanding.normal import words
from tafaul.understanding.scores import Judged, scores
from tafaul.understanding.training import Example

IN_USE = "in-use"

SLACK = 0.003
"""How much a figure on the frozen posts may fall before it counts as worse: about what one post in 300 makes."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of the model in use and of the new one."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a new model should be put to use, and the figures that say so."""

    frozen: tuple[Comparison, ...]
    corrections: Comparison

    @property
    def is_better(self) -> bool:
        """Tell whether nothing frozen got worse and the corrections got better."""
        no_worse = all(figure.after >= figure.before - SLACK for figure in self.frozen)
        return no_worse and self.corrections.after > self.corrections.before


def compare(
    new: Classifier, old: Classifier, frozen: Sequence[Example], corrections: Sequence[Example]
) -> Verdict:
    """Compare two models on posts that neither learned from."""
    before, after = _judge(old, frozen), _judge(new, frozen)
    figures = tuple(
        Comparison(
            f"{question} {name}", getattr(scores(before[question]), name), getattr(scores(after[question]), name)
        )
        for question, name in (("kind", "macro_f1"), ("topic", "macro_f1"), ("body", "accuracy"))
    )
    right = [scores([*chain(*_judge(model, corrections).values())]).accuracy or 0.0 for model in (old, new)]
    return Verdict(figures, Comparison("corrections", *right))


def _judge(model: Classifier, posts: Sequence[Example]) -> dict[str, list[Judged]]:
    texts = [post.text for post in posts]
    answers = model.answer(texts, [words(text) for text in texts], [post.to for post in posts])
    judged: dict[str, list[Judged]] = {}
    for question in ("kind", "topic", "body"):
        shares, classes = answers[question].shares, answers[question].classes
        judged[question] = [
            Judged(label, classes[int(row.argmax())], float(row.max()), post.text, question)
            for post, row in zip(posts, shares, strict=True)
            if (label := getattr(post, question)) is not None
        ]
    return judged


class Store:
    """The models of a folder. `pack` is the folder of the model that came with the pack."""

    def __init__(self, folder: Path, pack: Path) -> None:
        self.folder, self.pack = folder, pack

    def in_use(self) -> Path:
        """Return the folder of the model in use: the last promoted one that is there, or the pack's own."""
        for number in reversed(self._history()):
            if (self.folder / number / FILE).is_file():
                return self.folder / number
        return self.pack

    def promote(self, model: Model) -> Path:
        """Keep a model and put it to use."""
        self.folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(entry.name) for entry in self.folder.iterdir() if entry.name.isdigit()]
        folder = self.folder / f"{max(numbers, default=0) + 1:04}"
        model.save(folder)
        self._write([*self._history(), folder.name])
        return folder

    def rollback(self) -> Path:
        """Go back to the model before. Raises `LookupError` when the pack's own is in use."""
        history = self._history()
        if not history:
            raise LookupError("the model that came with the pack is in use: there is none before it")
        self._write(history[:-1])
        return self.in_use()

    def _history(self) -> list[str]:
        file = self.folder / IN_USE
        return file.read_text().split() if file.is_file() else []

    def _write(self, history: Sequence[str]) -> None:
        """Write the history whole or not at all: a worker may read it at any moment."""
        unfinished = self.folder / f"{IN_USE}.new"
        unfinished.write_text("".join(f"{number}\n" for number in history))
        os.replace(unfinished, self.folder / IN_USE)
