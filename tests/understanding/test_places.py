"""Places that posts name: in whatever spelling, and with what a name leaves open."""

from __future__ import annotations

import pytest
import yaml

from tafaul.understanding import pack, understand
from tafaul.understanding.normal import words
from tafaul.understanding.pack import SA
from tests.understanding.proportion import is_in_proportion


def found(text: str, to: str = "municipal"):
    return pack.load().places.find(text, words(text), to)


@pytest.mark.parametrize(
    ("text", "place", "marked"),
    [
        ("الزبايل في حي النسيم بالرياض", "naseem_riyadh", ["حي النسيم", "الرياض"]),
        ("حفره بجده والله", "jeddah", ["جده"]),
        ("للرياض ومن الرياض", "riyadh", ["رياض", "الرياض"]),
        ("اهل القويعيه عطشانين", "quwayiyah", ["القويعيه"]),
        ("#امانه_جدة الصفا غرقان", "safa_jeddah", ["جدة", "الصفا"]),
        ("محافظة الوجه بلا ماء", "wajh", ["الوجه"]),
        ("no internet in Al-Malaz, Riyadh", "malaz", ["Al-Malaz", "Riyadh"]),
        ("خط حفـــر البـاطن", "hafr", ["حفـــر البـاطن"]),
    ],
)
def test_places_are_found_where_they_stand(text, place, marked):
    told = found(text)
    assert told.place.slug == place
    assert [text[span.start : span.end] for span in told.spans] == marked


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("رخصه لكشك في الدرب", "darb"),
        ("بالشفا عندنا", "shifa"),
        ("كل الدروب", None),
        ("طول الدرب وانا انتظر", None),
        ("المويه مقطوعه عن جده من يومين", "jeddah"),
        ("سمعت الخبر عن الدعم", None),
    ],
)
def test_a_word_that_is_a_name_too_is_a_place_behind_a_preposition_of_place(text, place):
    told = found(text)
    assert (told and told.place.slug) == place


@pytest.mark.parametrize(
    "text",
    [
        "جريدة الرياض كتبت",
        "وجهه عابس والوجه يقول كل شي",
        "وقفو الحفر في الشارع",
        "شارع الرياض مزدحم",
        "السلام عليكم",
    ],
)
def test_what_only_looks_like_a_place_is_none(text):
    assert found(text) is None


def test_a_name_of_several_places_stays_open_until_something_decides():
    open_one = found("زباله في حي النسيم")
    assert open_one.is_open
    assert {"naseem_riyadh", "naseem_jeddah"} <= {
        open_one.place.slug,
        *(place.slug for place in open_one.alternatives),
    }
    assert found("زباله في حي النسيم", "amana_jeddah").place.slug == "naseem_jeddah"
    assert understand(["زباله في حي النسيم"], "municipal")[0].body == "municipal"
    assert understand(["زباله متكدسه في حي النسيم جده"], "municipal")[0].body == "amana_jeddah"


def test_the_place_in_which_the_others_lie_gives_way_to_the_nearer_one():
    told = found("جده حي السامر")
    assert told.place.slug == "samer"
    assert [place.slug for place in told.alternatives] == []


def test_every_place_has_a_municipal_body_of_the_pack_and_a_slug_of_its_own():
    known = pack.load()
    assert len(known.places.places) > 400
    regions = [place for place in known.places.places.values() if not place.within]
    assert len(regions) == 13
    assert {known.root(place.body) for place in known.places.places.values()} == {"municipal"}


def test_many_places_take_time_in_proportion():
    assert is_in_proportion(found, "في جده حي النسيم ")


def test_every_place_has_a_name_in_arabic_and_in_english():
    told = yaml.safe_load((SA / "places.yaml").read_text(encoding="utf-8"))["regions"]
    cities = [city for region in told.values() for city in region["places"].values()]
    names = [city["names"] if isinstance(city, dict) else city for city in cities]
    names += [found for city in cities if isinstance(city, dict) for found in city.get("districts", {}).values()]
    assert len(names) > 2_500
    for arabic, english, *_others in names:
        assert not arabic.isascii()
        assert english.isascii()
