"""References that can be read out over the telephone."""

from __future__ import annotations

from tafaul.care.references import ALPHABET, is_reference, reference


def test_each_case_has_its_own():
    assert len({reference(number) for number in range(5_000)}) == 5_000


def test_a_reference_is_known_in_capitals_and_small_letters():
    assert is_reference(reference(123_456).lower())


def test_a_wrong_character_or_two_swapped_ones_are_noticed():
    for number in (1, 77, 123_456, 9_999_999_999):
        good = reference(number)
        for place in range(len(good)):
            for char in set(ALPHABET) - {good[place]}:
                assert not is_reference(good[:place] + char + good[place + 1 :])
        for place in range(len(good) - 1):
            swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
            assert swapped == good or not is_reference(swapped)


def test_what_is_none():
    assert not any(is_reference(text) for text in ("", "0", "OILU0", "٠٠٠١٣", "00 13", "a" * 100))
