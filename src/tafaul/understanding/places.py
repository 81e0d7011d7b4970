"""The places that a text names: region, governorate or city, district; where each stands; and what it leaves open.

Names are looked up as they are written, with a preposition joined to them or without. A name of several places, or
one that is an everyday word too, is decided by the words around it: what announces a place, other places in the
text, and the account that was written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tafaul.understanding.normal import aligned, words
from tafaul.understanding.personal import Span

JOINED = ("", "و", "ب", "ف", "ل", "ك", "ع", "وب", "ول", "من")
"""What is written in one word with a name: and, in, to, as, on, from."""

MOST = 12
"""Names in a text that are looked at."""

INSIDE_WORDS = {"في", "ف"}
INSIDE_JOINED = {"ب", "ف", "وب"}
"""Words, and what is joined to a name, that say «in»."""

DISTRICT_WORDS = {"حي", "بحي", "لحي", "وحي"}
SPOILERS = {
    "جريده",
    "صحيفه",
    "قناه",
    "بنك",
    "مصرف",
    "شركه",
    "مطعم",
    "نادي",
    "روضه",
    "مدرسه",
    "شارع",
    "بشارع",
    "مجمع",
    "مول",
    "سمعت",
    "سمعنا",
    "قريت",
    "انتشر",
}
"""Words before a name that make it that of something else: a newspaper, a street, a bank; «I heard the news»."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place. `within` are the slugs of what it lies in, the nearest first; `body` is competent there."""

    slug: str
    body: str
    within: tuple[str, ...]

    @property
    def is_district(self) -> bool:
        """Tell whether it is a district of a city."""
        return len(self.within) > 1


@dataclass(frozen=True, slots=True)
class Found:
    """The places that a text names, the one it speaks of first, and where names stand in the text.

    `alternatives` are other places that a name may mean, or that the text names besides. `is_open` says that the
    first is one of several that are as likely.
    """

    place: Place
    alternatives: tuple[Place, ...]
    spans: tuple[Span, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Name:
    rest: tuple[str, ...]
    places: tuple[Place, ...]
    is_everyday: bool
    is_clear_inside: bool
    slugs: frozenset[str]
    within: frozenset[str]
    bodies: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    joined: int
    name: _Name
    is_announced: bool
    is_district: bool


class Gazetteer:
    """The places of a country."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._announcing = {word for text in told["announced_by"] for word in words(text)}
        self._clear_inside = {tuple(words(str(text))) for text in told["everyday_but_behind_in"]}
        self._everyday = {tuple(words(str(text))) for text in told["everyday"]} | self._clear_inside
        self.places: dict[str, Place] = {}
        named: dict[tuple[str, ...], list[Place]] = {}
        for slug, names, place in _all(told["regions"]):
            self.places[slug] = place
            for name in names:
                key = tuple(words(str(name).split("(")[0]))
                if place not in named.setdefault(key, []):
                    named[key].append(place)
        self._by_first: dict[str, list[tuple[int, _Name]]] = {}
        self.named = {key: tuple(places) for key, places in named.items()}
        for key, places in self.named.items():
            self._add(key, places)
        for text in told["never"]:
            for word in words(text):
                self._by_first.pop(word, None)
        for known in self._by_first.values():
            known.sort(key=lambda entry: -len(entry[1].rest))

    def _add(self, key: tuple[str, ...], places: tuple[Place, ...]) -> None:
        first, *rest = key
        is_everyday = key in self._everyday or (first.isascii() and len(key) == 1 and len(first) < 4)
        name = _Name(
            tuple(rest),
            places,
            is_everyday,
            key in self._clear_inside,
            slugs=frozenset(place.slug for place in places),
            within=frozenset(slug for place in places for slug in place.within),
            bodies=frozenset(place.body for place in places),
        )
        forms = [(joined + first, len(joined)) for joined in JOINED]
        if first.startswith("ال"):
            forms += [("لل" + first[2:], 2), ("ولل" + first[2:], 3), ("هال" + first[2:], 1)]
        for form, joined in forms:
            self._by_first.setdefault(form, []).append((joined, name))

    def meant_by(self, label: str) -> set[str]:
        """Return the slugs of the places that a name or slug may mean."""
        if label in self.places:
            return {label}
        said = words(label)
        found = {place.slug for hit in self._hits(said) for place in hit.name.places}
        return found or {place.slug for place in self.named.get(tuple(said), ())}

    def find(self, text: str, said: Sequence[str], to: str) -> Found | None:
        """Return the places that a text, whose words are `said`, names to the account of the body `to`."""
        certain: list[_Hit] = []
        everyday: list[_Hit] = []
        for hit in islice(self._hits(said), MOST):
            (certain if hit.is_announced or not hit.name.is_everyday else everyday).append(hit)
        certain += [hit for hit in everyday if self._is_backed(hit, certain, to)]
        if not certain:
            return None
        certain.sort(key=lambda hit: hit.start)
        chosen = [self._choose(hit, certain, to) for hit in certain]
        first = max((places[0] for places in chosen), key=lambda place: _rank(place, [each[0] for each in chosen]))
        others = dict.fromkeys(place for places in chosen for place in places if place != first)
        is_open = any(places[0] == first and len(places) > 1 for places in chosen)
        _, spans = aligned(text)
        beyond = tuple(place for place in others if place.slug not in first.within)
        return Found(first, beyond, tuple(_span(hit, said, spans) for hit in certain), is_open)

    def _hits(self, said: Sequence[str]) -> Iterator[_Hit]:
        known, after = self._by_first, 0
        for place in [place for place, word in enumerate(said) if word in known]:
            if place < after:
                continue
            for joined, name in known[said[place]]:
                end = place + 1 + len(name.rest)
                if not name.rest or tuple(said[place + 1 : end]) == name.rest:
                    before = said[place - 1] if place else ""
                    if before not in SPOILERS:
                        is_inside = before in INSIDE_WORDS or said[place][:joined] in INSIDE_JOINED
                        is_announced = self._announces(before) or (is_inside and name.is_clear_inside)
                        yield _Hit(place, end, joined, name, is_announced, before in DISTRICT_WORDS)
                    after = end
                    break

    def _announces(self, before: str) -> bool:
        return before in self._announcing or before.removeprefix("ب").removeprefix("ل") in self._announcing

    def _is_backed(self, hit: _Hit, others: Sequence[_Hit], to: str) -> bool:
        """Tell whether other places in the text, or the account, speak for an everyday word as a place."""
        name = hit.name
        return bool(hit.joined and to in name.bodies) or any(
            not name.slugs.isdisjoint(other.name.slugs | other.name.within)
            or not name.within.isdisjoint(other.name.slugs)
            for other in others
        )

    def _choose(self, hit: _Hit, others: Sequence[_Hit], to: str) -> list[Place]:
        """Return the places that a name may mean, the likelier first; one alone when something decides.

        The city or region named beside decides, then the account; then «district» before the name or its absence.
        """
        left = list(hit.name.places)
        if len(left) == 1:
            return left
        named = {place.slug for other in others if other is not hit for place in other.name.places}
        around = named.union(
            *(place.within for other in others if other is not hit for place in other.name.places)
        )
        for decides in (
            lambda place: not named.isdisjoint(place.within[:1]),
            lambda place: place.slug in around or not around.isdisjoint(place.within),
            lambda place: place.body == to,
            lambda place: place.is_district == hit.is_district,
        ):
            if len(left) > 1:
                left = [place for place in left if decides(place)] or left
        return left


def _rank(place: Place, all_of_them: Sequence[Place]) -> tuple[int, int]:
    """The place that lies in most of the other named ones speaks for the text; then the first that is named."""
    return sum(other.slug in place.within for other in all_of_them), -all_of_them.index(place)


def _span(hit: _Hit, said: Sequence[str], spans: Sequence[tuple[int, int]]) -> Span:
    start, end = hit.start, hit.end
    if start and said[start - 1] in DISTRICT_WORDS:
        prefix = len(said[start - 1]) - 2
        return Span(spans[start - 1][0] + prefix, spans[end - 1][1], "place")
    return Span(spans[start][0] + hit.joined, spans[end - 1][1], "place")


def _all(regions: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str], Place]]:
    """Yield each place with its names, from regions down to districts."""
    for region, entry in regions.items():
        yield region, [entry["ar"], entry["en"]], Place(region, entry["body"], ())
        for slug, told in entry["places"].items():
            city = told if isinstance(told, Mapping) else {"names": told}
            body = city.get("body", entry["body"])
            yield slug, city["names"], Place(slug, body, (region,))
            for district, names in city.get("districts", {}).items():
                yield district, names, Place(district, body, (slug, region))
