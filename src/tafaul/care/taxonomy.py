"""Names of kinds, topics and places in the reader's language, from the country's pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from django.utils.translation import get_language

from tafaul.bodies.pack import read

Names = Mapping[str, str]


def _named(entry: Names | None, slug: str) -> str:
    if not entry:
        return slug
    english = (get_language() or "").startswith("en")
    return (english and entry.get("en")) or entry.get("ar") or slug


@cache
def topics() -> Mapping[str, Names]:
    """Return all topics of the pack with their names."""
    taxonomy = read("taxonomy")
    found: dict[str, Names] = dict(taxonomy["general"])
    for body in taxonomy["bodies"].values():
        found.update(body["topics"])
    return found


def topics_of_bodies() -> dict[str, list[str]]:
    """Return the topics of each body that has some of its own."""
    return {slug: list(body["topics"]) for slug, body in read("taxonomy")["bodies"].items()}


@cache
def _places() -> dict[str, Names]:
    found: dict[str, Names] = {}
    for slug, region in read("places")["regions"].items():
        found[slug] = region
        for place, named in region["places"].items():
            city = named if isinstance(named, dict) else {"names": named}
            for lower, names in {place: city["names"], **city.get("districts", {})}.items():
                found[lower] = {"ar": names[0], "en": names[1]}
    return found


@cache
def _within() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for slug, region in read("places")["regions"].items():
        found[slug] = [slug]
        for place, named in region["places"].items():
            found[place] = [place, *(named.get("districts", {}) if isinstance(named, dict) else ())]
            found[slug] += found[place]
    return found


def regions() -> list[str]:
    """Return the regions of the country."""
    return list(read("places")["regions"])


def places_within(place: str) -> Sequence[str]:
    """Return a place and those that lie in it."""
    return _within().get(place, (place,))


def body_name(body: str) -> str:
    """Name of a body of the taxonomy; the slug itself when the pack does not know it."""
    return _named(read("taxonomy")["bodies"].get(body), body)


def kind_name(kind: str) -> str:
    """Name of a kind; the slug itself when the pack does not know it."""
    return _named(read("taxonomy")["kinds"].get(kind), kind)


def topic_name(topic: str) -> str:
    """Name of a topic; the slug itself when the pack does not know it."""
    return _named(topics().get(topic), topic)


def place_name(place: str) -> str:
    """Name of a place; the slug itself when the pack does not know it."""
    return _named(_places().get(place), place)
