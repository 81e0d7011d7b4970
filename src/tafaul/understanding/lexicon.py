"""The words by which posts are understood, and the places they name, read from a country's pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tafaul.understanding.normal import normalise, words

SA = Path(__file__).resolve().parents[1] / "packs" / "sa"
Phrase = tuple[str, ...]
LONGEST = 4
"""Words of the longest phrase."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a post may name, and the municipal body that is competent there."""

    slug: str
    body: str


@dataclass(slots=True)
class Lexicon:
    """Everything that is looked up. Signs map a phrase to what it speaks for, and how loudly."""

    topics: dict[Phrase, list[tuple[str, float]]] = field(default_factory=dict)
    kinds: dict[Phrase, list[tuple[str, float]]] = field(default_factory=dict)
    urgent: dict[Phrase, str] = field(default_factory=dict)
    spam: set[Phrase] = field(default_factory=set)
    abuse: set[Phrase] = field(default_factory=set)
    places: dict[Phrase, Place] = field(default_factory=dict)
    body_of_topic: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    """All words of all phrases: a text's other words are passed over."""


def phrase(text: str) -> Phrase:
    """Return a text as a phrase to look up."""
    return tuple(words(normalise(str(text))))


def _weighted(entries: list[Any]) -> Iterator[tuple[Phrase, float]]:
    for entry in entries:
        if isinstance(entry, Mapping):
            for text, weight in entry.items():
                yield phrase(text), float(weight)
        else:
            yield phrase(entry), 1.0


def _read(folder: Path, name: str) -> Any:
    with (folder / f"{name}.yaml").open(encoding="utf-8") as stream:
        return yaml.load(stream, yaml.CSafeLoader)


@cache
def load(folder: Path = SA) -> Lexicon:
    """Read the lexicon of a pack, once."""
    told, lexicon = _read(folder, "lexicon"), Lexicon()
    for signs, table in (("topics", lexicon.topics), ("kinds", lexicon.kinds)):
        for slug, entries in told[signs].items():
            for key, weight in _weighted(entries):
                table.setdefault(key, []).append((slug, weight))
    lexicon.urgent = {phrase(text): str(reason) for text, reason in told["urgent"].items()}
    lexicon.spam = {phrase(text) for text in told["spam"]}
    lexicon.abuse = {phrase(text) for text in told["abuse"]}
    for body, entry in _read(folder, "taxonomy")["bodies"].items():
        lexicon.body_of_topic.update(dict.fromkeys(entry["topics"], body))
    for slug, entry in _read(folder, "bodies")["bodies"].items():
        if entry.get("under"):
            lexicon.parents[slug] = entry["under"]
    lexicon.places = dict(_places(_read(folder, "places")))
    tables = (lexicon.topics, lexicon.kinds, lexicon.urgent, lexicon.spam, lexicon.abuse, lexicon.places)
    lexicon.vocabulary = {word for table in tables for key in table for word in key}
    return lexicon


def _places(told: Any) -> Iterator[tuple[Phrase, Place]]:
    for region, entry in told["regions"].items():
        for slug, named in entry["places"].items():
            names = named["names"] if isinstance(named, Mapping) else named
            body = named.get("body", entry["body"]) if isinstance(named, Mapping) else entry["body"]
            for name in names:
                yield phrase(name), Place(slug, body)
        yield phrase(entry["ar"]), Place(region, entry["body"])
