"""Training the model from labelled posts: weights, then decisions on writers that the weights had not seen."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import optimize
from sklearn.exceptions import ConvergenceWarning

from tafaul.understanding import fitting
from tafaul.understanding.linear import Floats, Linear
from tafaul.understanding.model import NO, NONE, QUESTIONS, YES, Decision, Model, evidence
from tafaul.understanding.normal import words
from tafaul.understanding.pack import Pack
from tafaul.understanding.scores import Judged, calibration_error, routed, scores, sure_from

FOLDS = 5
"""Parts into which writers are put; each part is read by weights that the other parts gave."""

GENTLENESS = 1.0
"""How strongly biases of classes are drawn to zero."""

LIMITS = (
    "It learned from posts written for it, not from real ones: correct what it gets wrong, and train again.",
    "Figures are of writers that it had not seen, but of the same project; yours may be lower.",
    "Dialects are hardly told apart, and irony is often missed.",
    "It reads Arabic and English; of other languages it says only which they are.",
)
"""What whoever uses a model must know."""

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A post and what people say of it; None: not said. `writer` keeps posts of one hand together."""

    text: str
    to: str
    writer: str
    kind: str | None = None
    topic: str | None = None
    body: str | None = None
    dialect: str | None = None
    urgent: str | None = None
    misuse: str | None = None


def examples(folder: Path, pack: Pack) -> list[Example]:
    """Read the labelled posts of a folder. A label's body below a ministry stands for the ministry."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            labels = {name: row.get(name) for name in ("kind", "body", "dialect")}
            labels["urgent"] = YES if row.get("urgent") else NO
            labels["misuse"] = row.get("misuse", NONE)
            labels["body"] = pack.root(labels["body"]) if labels["body"] else None
            topic = row.get("topic") or NONE
            voice = str(row["voice"])
            writer = voice.split("/")[0] if "/" in voice else file.stem
            found.append(Example(row["text"], pack.root(row["to"]), writer, topic=topic, **labels))
    return found


def steps() -> int:
    """Return how many steps training takes, for a progress bar."""
    return FOLDS + 1 + len(QUESTIONS)


def train(posts: Sequence[Example], pack: Pack, done: Step = lambda _step: None) -> Model:
    """Train a model. The same posts in the same order give the same model. `done` hears of each step.

    Raises `ValueError` when there are too few posts or writers to learn from.
    """
    folds = _folds(posts)
    texts = [words(post.text) for post in posts]
    labels = {name: np.array([getattr(post, name) or "" for post in posts]) for name in QUESTIONS}
    columns = {name: sorted(set(labels[name]) - {""}) for name in QUESTIONS}
    taught = [*(np.flatnonzero(folds != fold) for fold in range(FOLDS)), np.arange(len(posts))]
    scorers = []
    # Processes, not threads: the random numbers of scikit-learn's machines are one stream a process.
    for scorer in Parallel(n_jobs=-1, return_as="generator")(
        delayed(_scorer)(texts, labels, rows, columns, pack) for rows in taught
    ):
        scorers.append(scorer)
        done("weights")
    *of_folds, of_all = scorers
    unseen = np.zeros((len(posts), sum(map(len, columns.values()))), np.float32)
    for fold, scorer in enumerate(of_folds):
        outside = np.flatnonzero(folds == fold)
        unseen[outside] = scorer.scores(scorer.read([texts[row] for row in outside]))
    weighed = evidence(unseen, columns, [post.to for post in posts], pack.body_of_topic)
    decisions, figures = {}, {}
    for name in QUESTIONS:
        decisions[name], judged = _decision(columns[name], weighed[name], labels[name], folds)
        figures[name] = {
            **asdict(scores(judged)),
            "routed_at_97": routed(judged),
            "calibration_error": calibration_error(judged),
        }
        done(name)
    card = {
        "posts": len(posts),
        "writers": len({post.writer for post in posts}),
        "fingerprint": fingerprint(posts, pack),
        "on_unseen_writers": figures,
        "limits": LIMITS,
    }
    return Model(of_all, columns, dict(pack.body_of_topic), decisions, card)


def fingerprint(posts: Sequence[Example], pack: Pack) -> str:
    """Return what tells one set of posts and words from another."""
    return hashlib.sha256(repr((posts, pack.lexicon, pack.body_of_topic)).encode()).hexdigest()[:16]


def _folds(posts: Sequence[Example]) -> NDArray[np.int64]:
    """Put writers into folds of about the same number of posts, the busiest writers first."""
    counts: dict[str, int] = {}
    for post in posts:
        counts[post.writer] = counts.get(post.writer, 0) + 1
    if len(counts) < FOLDS:
        raise ValueError(
            f"posts by at least {FOLDS} writers are wanted, since unseen writers decide; got {len(counts)}"
        )
    filled, fold_of = [0] * FOLDS, {}
    for writer, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        fold_of[writer] = min(range(FOLDS), key=lambda fold: filled[fold])
        filled[fold_of[writer]] += count
    return np.array([fold_of[post.writer] for post in posts])


def _scorer(
    texts: Sequence[Sequence[str]],
    labels: dict[str, NDArray[np.str_]],
    chosen: NDArray[np.int64],
    columns: dict[str, list[str]],
    pack: Pack,
) -> Linear:
    """Fit the weights of all questions on the chosen of the posts, whose words are `texts`."""
    said = [texts[row] for row in chosen]
    known = fitting.vocabulary(said, pack.lexicon)
    rows = known.matrix(said)
    tables, intercepts = [], []
    for name in QUESTIONS:
        given = labels[name][chosen]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            classes, weights, offsets = fitting.weigh(rows[given != ""], given[given != ""])
        table = np.zeros((rows.shape[1], len(columns[name])))
        offset = np.full(len(columns[name]), -1.0)
        at = [columns[name].index(label) for label in classes]
        table[:, at], offset[at] = weights, offsets
        tables.append(table)
        intercepts.append(offset)
    return fitting.linear(known, np.hstack(tables), np.concatenate(intercepts))


def _decision(
    classes: list[str], weighed: NDArray[np.float32], labels: NDArray[np.str_], folds: NDArray[np.int64]
) -> tuple[Decision, list[Judged]]:
    """Weigh evidence on unseen posts into probabilities; return also how that did on writers it had not seen."""
    given = labels != ""
    rows, part = weighed[given], folds[given]
    wanted = np.searchsorted(classes, labels[given])
    judged: list[Judged] = []
    for fold in range(FOLDS):
        decision = Decision(classes, *_weights(rows[part != fold], wanted[part != fold]), 0.0)
        shares = decision.shares(rows[part == fold])
        answers = [classes[column] for column in shares.argmax(axis=1)]
        judged += map(Judged, labels[given][part == fold].tolist(), answers, shares.max(axis=1).tolist())
    return Decision(classes, *_weights(rows, wanted), sure_from(judged)), judged


def _weights(evidence: NDArray[np.float32], wanted: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the factors and biases under which the wanted classes are likeliest (McFadden, 1974)."""
    texts, classes, sorts = evidence.shape
    rows = np.arange(texts)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        powers = evidence @ weights[:sorts] + weights[sorts:]
        powers -= powers.max(axis=1, keepdims=True)
        shares = np.exp(powers)
        shares /= shares.sum(axis=1, keepdims=True)
        off = shares.copy()
        off[rows, wanted] -= 1
        biases = weights[sorts:]
        slope = np.concatenate([np.tensordot(off, evidence, 2), off.sum(axis=0) + 2 * GENTLENESS * biases])
        return float(-np.log(shares[rows, wanted] + 1e-12).sum() + GENTLENESS * (biases**2).sum()), slope

    start = np.concatenate([np.ones(sorts), np.zeros(classes)])
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found[:sorts].astype(np.float32), found[sorts:].astype(np.float32)
