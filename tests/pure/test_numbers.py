"""Register numbers: what is written is read, and no slip of one character passes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.numbers import ALPHABET, child_number, episode_number, read_number

SOME = [0, 1, 2, 30, 31, 960, 6789, 31**3 + 7, 887_503_680]
IDS = st.integers(min_value=0, max_value=31**9)


def test_a_number_is_short_padded_and_says_what_it_names() -> None:
    assert child_number(1) == "C-000001-V"
    assert episode_number(1) == "E-000001-A"
    assert len(child_number(31**6 - 1)) == len("C-000001-V")
    assert len(child_number(31**6)) == len("C-1000000-8")


def test_the_alphabet_is_prime_in_number_and_free_of_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set("ILOUS") & set(ALPHABET)


@given(IDS)
def test_what_is_written_is_read(number: int) -> None:
    assert read_number(child_number(number)) == ("child", number)
    assert read_number(episode_number(number)) == ("episode", number)


@pytest.mark.parametrize(
    "spoken",
    ["c-000001-v", " C 000001 u ", "C000001V", "C\u2013000001\u2013V", "c-oooool-v", "C-00 00-01V"],
)
def test_reading_is_tolerant(spoken: str) -> None:
    assert read_number(spoken) == ("child", 1)


@pytest.mark.parametrize("number", SOME)
def test_every_single_slip_is_caught(number: int) -> None:
    for written in (child_number(number), episode_number(number)):
        told = written.replace("-", "")
        for place, right in enumerate(told):
            for wrong in set(ALPHABET) - {right}:
                with pytest.raises(ValueError, match="register number"):
                    read_number(told[:place] + wrong + told[place + 1 :])


@pytest.mark.parametrize("number", SOME)
def test_every_swap_of_neighbours_is_caught(number: int) -> None:
    for written in (child_number(number), episode_number(number)):
        told = written.replace("-", "")
        for place, (one, other) in enumerate(pairwise(told)):
            if one != other:
                with pytest.raises(ValueError, match="register number"):
                    read_number(told[:place] + other + one + told[place + 2 :])


def test_every_slip_and_swap_is_caught_in_every_place_for_every_pair_of_characters() -> None:
    """The sum is linear: what it makes of two characters in one place settles all numbers."""
    for weight in range(1, 15):
        for one in range(31):
            for other in set(range(31)) - {one}:
                assert weight * (one - other) % 31 != 0
                swapped = weight * other + (weight + 1) * one
                assert (weight * one + (weight + 1) * other - swapped) % 31 != 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begins with C for a child"),
        ("X-000001-V", "begins with C for a child"),
        ("C", "six characters"),
        ("C-000001", "six characters"),
        ("C-" + "0" * 40, "six characters"),
        ("C-00\u00e9001-V", "figures and plain letters"),
        ("C-000002-V", "does not fit"),
        ("C-000001-\x00", "figures and plain letters"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_number(text)


def test_an_id_below_nought_has_no_number() -> None:
    with pytest.raises(ValueError, match="not negative"):
        child_number(-1)
