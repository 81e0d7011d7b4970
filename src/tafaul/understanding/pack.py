"""What a country's pack tells the reading of posts: topics, bodies, words of the dialects, signs, and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tafaul.understanding import forms
from tafaul.understanding.normal import words
from tafaul.understanding.places import Gazetteer
from tafaul.understanding.reasons import Reasons

SA = Path(__file__).resolve().parents[1] / "packs" / "sa"


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything of a pack that reading needs."""

    folder: Path
    kinds: frozenset[str]
    bodies: frozenset[str]
    body_of_topic: Mapping[str, str]
    parents: Mapping[str, str]
    reasons: Reasons
    places: Gazetteer

    @property
    def lexicon(self) -> forms.Lexicon:
        """What the pack knows of words. A trained model has its own copy, so that only training reads it."""
        return _lexicon(self.folder)

    def root(self, body: str) -> str:
        """Return the body whose topics a body below it shares: an amana has those of the ministry."""
        while body in self.parents:
            body = self.parents[body]
        return body

    def is_below(self, body: str, above: str) -> bool:
        """Tell whether a body stands somewhere below another."""
        while body in self.parents:
            body = self.parents[body]
            if body == above:
                return True
        return False


def load(folder: Path = SA) -> Pack:
    """Read a pack, once."""
    return _load(folder)


@cache
def _load(folder: Path) -> Pack:
    taxonomy, bodies = _read(folder, "taxonomy"), _read(folder, "bodies")["bodies"]
    signs = _read(folder, "signs")
    return Pack(
        folder=folder,
        kinds=frozenset(taxonomy["kinds"]),
        bodies=frozenset(bodies),
        body_of_topic={topic: body for body, entry in taxonomy["bodies"].items() for topic in entry["topics"]},
        parents={slug: entry["under"] for slug, entry in bodies.items() if entry.get("under")},
        reasons=Reasons(signs["urgent"], signs["urgent_otherwise"], signs["urgent_always"]),
        places=Gazetteer(_read(folder, "places")),
    )


@cache
def _lexicon(folder: Path) -> forms.Lexicon:
    signs = _read(folder, "signs")
    vocabularies = {name: signs[name] for name in ("urgent", "misuse")}
    vocabularies |= _read(folder, "concepts") | _read(folder, "fields")
    return forms.Lexicon(_standards(_read(folder, "dialects")["words"]), _concepts(vocabularies))


def _read(folder: Path, name: str) -> Any:
    with (folder / f"{name}.yaml").open(encoding="utf-8") as stream:
        return yaml.load(stream, yaml.CSafeLoader)


def _standards(told: Mapping[str, list[str]]) -> dict[str, str]:
    """Return of each dialect word what it stands for; the first that names a word has it."""
    found: dict[str, str] = {}
    for meant, dialect_words in told.items():
        name = "_".join(map(forms.stem, words(meant)))
        for word in (meant, *dialect_words):
            normal = words(str(word))
            if len(normal) == 1:
                found.setdefault(normal[0], name)
    return found


def _concepts(told: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, tuple[str, ...]]:
    """Return of each stem, or two, the concepts that it belongs to, such as «topic:water»."""
    found: dict[str, tuple[str, ...]] = {}
    for question, vocabularies in told.items():
        for name, vocabulary in vocabularies.items():
            for text in vocabulary:
                key = " ".join(map(forms.stem, words(str(text))))
                concept = f"{question}:{name}"
                if key and concept not in found.get(key, ()):
                    found[key] = (*found.get(key, ()), concept)
    return found
