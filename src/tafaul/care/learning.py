"""Learning from what people corrected: a new model is put to use when it is better on posts it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tafaul.care import corrections, reading
from tafaul.care.models import Correction
from tafaul.understanding import pack as packs
from tafaul.understanding import trained
from tafaul.understanding.model import NONE
from tafaul.understanding.store import Verdict, compare
from tafaul.understanding.training import Example, Step, examples, train

HELD_BACK = 5
"""One correction in so many is not taught, so that a new model can be measured with it."""


class TooFewCorrections(Exception):
    """There is nothing yet that a new model could be measured with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What training came to. `folder` is where the new model is in use; None when it was not better."""

    taught: int
    verdict: Verdict
    folder: Path | None


def learn(done: Step) -> Outcome:
    """Train with the pack's posts and people's corrections; put the model to use when it is better.

    `done` hears of each step. Raises `TooFewCorrections` below `HELD_BACK` of them.
    """
    pack, store = packs.load(settings.PACK), reading.store_of_models()
    given = [_example(item, pack) for item in corrections.all_of_them()]
    held, taught = given[::HELD_BACK], [item for row, item in enumerate(given) if row % HELD_BACK]
    if not taught:
        raise TooFewCorrections
    learned = train([*examples(settings.PACK / "posts", pack), *taught], pack, done)
    old = trained(store.in_use())
    verdict = compare(learned, old, examples(settings.PACK / "frozen", pack), held)
    folder = store.promote(learned) if verdict.is_better else None
    return Outcome(len(taught), verdict, folder)


def _example(correction: Correction, pack: packs.Pack) -> Example:
    addressed = pack.root(correction.post.account.body.slug)
    return Example(
        text=correction.post.text,
        to=addressed,
        writer=f"citizen {correction.post.citizen_id}",
        kind=correction.kind,
        topic=correction.topic or NONE,
        body=pack.body_of_topic.get(correction.topic, addressed),
    )
