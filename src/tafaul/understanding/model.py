"""The model that reads posts: scores of a linear model, decided into calibrated probabilities, kept in a folder.

A folder holds `model.npz` and `card.json`: what it was made of, its figures, and how sure is sure enough.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tafaul.understanding.forms import Lexicon
from tafaul.understanding.linear import Floats, Linear

FILE, CARD = "model.npz", "card.json"
EXPLAINED = ("topic", "kind")
"""The questions whose answers are explained by words."""

REASONS = 3
"""Words that are told as the reasons of an answer."""

QUESTIONS = ("kind", "topic", "body", "dialect", "urgent", "misuse")
"""What a model answers of each text. A plugged-in one may leave those after the first three open."""

NEEDED = QUESTIONS[:3]
YES, NO, NONE = "yes", "no", "none"
"""Answers: whether a text is urgent, and that it is of no topic, or no misuse (which is «spam» or «abuse»)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The probability of each class for each text, and from which probability on an answer needs no person.

    `why` are of each text the words that spoke the loudest for its likeliest class; empty when nobody can say.
    """

    classes: Sequence[str]
    shares: Floats
    sure_from: float
    why: Sequence[Sequence[str]] = ()


class Classifier(Protocol):
    """Whatever answers the questions: the linear model, or another that is plugged in."""

    def answer(
        self, texts: Sequence[str], words: Sequence[Sequence[str]], to: Sequence[str]
    ) -> dict[str, Answers]:
        """Answer each question of each text, written to the account of the body `to`."""


FACTORS = 3
"""What is weighed for a class: its score, whether it is of the addressed body, and what another question says."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How the evidence for the classes of a question is weighed into probabilities: a conditional logit.

    `factors` weigh the three sorts of evidence, alike for all classes; `biases` say how often each class is met.
    """

    classes: list[str]
    factors: Floats
    biases: Floats
    sure_from: float

    def shares(self, evidence: Floats) -> Floats:
        """Return the probabilities of the classes, a row a text. `evidence` is texts by classes by sorts."""
        powers = evidence @ self.factors + self.biases
        powers = np.exp(powers - powers.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def evidence(
    scores: Floats, columns: Mapping[str, Sequence[str]], to: Sequence[str], body_of_topic: Mapping[str, str]
) -> dict[str, Floats]:
    """Return what decisions weigh, for each question: texts by classes by sorts of evidence.

    Topics and bodies speak for each other: a topic hears the score of its body, a body that of its loudest topic.
    """
    parts = dict(
        zip(columns, np.split(scores, np.cumsum([*map(len, columns.values())])[:-1], axis=1), strict=True)
    )
    found = {question: np.zeros((*part.shape, FACTORS), np.float32) for question, part in parts.items()}
    for question, part in parts.items():
        found[question][:, :, 0] = part
    addressed, bodies = np.array(to), columns["body"]
    for column, topic in enumerate(columns["topic"]):
        body = body_of_topic.get(topic)
        if body in bodies:
            found["topic"][:, column, 1] = addressed == body
            found["topic"][:, column, 2] = parts["body"][:, bodies.index(body)]
    for column, body in enumerate(bodies):
        own = [place for place, topic in enumerate(columns["topic"]) if body_of_topic.get(topic) == body]
        found["body"][:, column, 1] = addressed == body
        found["body"][:, column, 2] = parts["topic"][:, own].max(axis=1, initial=-1)
    return found


@dataclass(slots=True)
class Model:
    """A trained model. `columns` says which columns of the scores speak of which class of which question."""

    scorer: Linear
    columns: dict[str, list[str]]
    body_of_topic: dict[str, str]
    decisions: dict[str, Decision]
    card: dict[str, Any]
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def answer(
        self, texts: Sequence[str], words: Sequence[Sequence[str]], to: Sequence[str]
    ) -> dict[str, Answers]:
        """Answer each question of each text, written to the account of the body `to`."""
        with self._lock:
            return self._answer(words, to)

    def _answer(self, words: Sequence[Sequence[str]], to: Sequence[str]) -> dict[str, Answers]:
        read = self.scorer.read(words)
        weighed = evidence(self.scorer.scores(read), self.columns, to, self.body_of_topic)
        answers, before = {}, 0
        for question, decision in self.decisions.items():
            shares = decision.shares(weighed[question])
            why = (
                self.scorer.loudest(read, shares.argmax(axis=1) + before, REASONS) if question in EXPLAINED else ()
            )
            answers[question] = Answers(decision.classes, shares, decision.sure_from, why)
            before += len(decision.classes)
        return answers

    def save(self, folder: Path) -> None:
        """Write the model: the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        scorer = self.scorer
        arrays: dict[str, NDArray[Any]] = {
            "names": _as_bytes("\n".join(scorer.rows)),
            "lexicon": _as_bytes(json.dumps(_told(scorer.lexicon), ensure_ascii=False)),
            "pairs": scorer.pairs,
            "weights": scorer.weights,
            "scales": scorer.scales,
            "rarity": scorer.rarity.astype(np.float16),
            "intercepts": scorer.intercepts,
        }
        for question, decision in self.decisions.items():
            arrays[f"decide_{question}"] = np.concatenate([decision.factors, decision.biases]).astype(np.float32)
        np.savez_compressed(folder / FILE, **arrays)  # type: ignore[arg-type]
        told = {
            "columns": self.columns,
            "body_of_topic": self.body_of_topic,
            "sure_from": {name: round(decision.sure_from, 4) for name, decision in self.decisions.items()},
            **self.card,
        }
        (folder / CARD).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> Model:
    """Read a model. Raises `FileNotFoundError` when the folder holds none."""
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    columns, body_of_topic, sure_from = card.pop("columns"), card.pop("body_of_topic"), card.pop("sure_from")
    with np.load(folder / FILE) as kept:
        names = kept["names"].tobytes().decode().split("\n")
        lexicon = Lexicon(**json.loads(kept["lexicon"].tobytes()))
        scorer = Linear(
            rows=dict(zip(names, range(len(names)), strict=True)),
            pairs=kept["pairs"],
            weights=kept["weights"],
            scales=kept["scales"],
            rarity=kept["rarity"].astype(np.float32),
            intercepts=kept["intercepts"],
            lexicon=lexicon,
        )
        decisions = {}
        for name, classes in columns.items():
            factors, biases = np.split(kept[f"decide_{name}"], [FACTORS])
            decisions[name] = Decision(classes, factors, biases, sure_from[name])
    return Model(scorer, columns, body_of_topic, decisions, card)


def _told(lexicon: Lexicon) -> dict[str, Mapping[str, Any]]:
    return {"standards": lexicon.standards, "concepts": lexicon.concepts}


def _as_bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
