"""What is known of names, as tables that a practitioner can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.linkage.names import (
    family_of,
    fold,
    forename_bits,
    is_known_forename,
    same_family,
    says_little,
    sounds,
    surname_bits,
    tokens,
)

ANY_TEXT = st.text(st.characters(), max_size=60)
"""Lone surrogates and unassigned characters too."""


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Zoë", "zoe"),
        ("ZOE", "zoe"),
        ("  Anna \t Maria ", "anna maria"),
        ("Lily-Mae", "lily mae"),
        ("Lily\u2010Mae", "lily mae"),
        ("O'Neill", "oneill"),
        ("O\u2019Neill", "oneill"),
        ("O\u02bcNeill", "oneill"),
        ("O`Neill", "oneill"),
        ("O\xb4Neill", "oneill"),
        ("Łukasz Dąbrowski", "lukasz dabrowski"),
        ("Ștefan", "stefan"),
        ("Ş\u0131lan", "silan"),
        ("I\u015eIL", "isil"),
        ("İbrahim", "ibrahim"),
        ("Đặng", "dang"),
        ("Nguyễn", "nguyen"),
        ("Straße", "strasse"),
        ("Ægir Bjørn", "aegir bjorn"),
        ("Ọlámidé", "olamide"),
        ("Ɔkyeame", "okyeame"),
        ("\u200fAli\u200e", "ali"),
        ("A\u200bli\ufeff", "ali"),
        ("\u202eAmir\u202c", "amir"),
        ("Ａｌｉ", "ali"),
        ("J.P. (Jack)", "j p jack"),
        ("", ""),
        ("\u0301 \ufe0f", ""),
    ],
)
def test_fold_takes_away_what_typists_differ_in(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_look_alikes_are_read_as_latin_only_among_latin_letters() -> None:
    assert fold("C\u043ep\u0435land") == "copeland"  # Cyrillic o and e
    assert fold("\u0391nna") == "anna"  # a Greek capital alpha
    assert fold("\u0410\u043d\u043d\u0430") == "\u0430\u043d\u043d\u0430"  # Anna in Cyrillic stays
    assert fold("Anna \u0410\u043d\u043d\u0430") == "anna \u0430\u043d\u043d\u0430"


@pytest.mark.parametrize("name", ["محمد", "张伟", "தமிழ்", "יוסף", "ራሄል"])
def test_names_in_another_script_are_kept(name: str) -> None:
    assert fold(name) == name
    assert tokens(name) == (name,)
    assert sounds(name) == name


@given(ANY_TEXT)
def test_any_text_is_read_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    for token in tokens(text):
        assert token
        assert " " not in token
        assert 0 < forename_bits(token) <= 12
        assert 0 < surname_bits(token) <= 13
        assert same_family(token, token)
        assert isinstance(sounds(token), str)


@given(ANY_TEXT)
def test_tokens_hold_no_filler_when_read_again(text: str) -> None:
    again = tokens(" ".join(tokens(text)))
    assert len(again) <= len(tokens(text))


@pytest.mark.parametrize(
    "nothing",
    [
        "Baby",
        "BABY BOY",
        "Baby girl",
        "Unknown",
        "not known",
        "N/A",
        "NK",
        "Male",
        "Twin 1",
        "twin two",
        "TWIN B",
        "Mr",
        "Miss.",
        "Master",
        "Baby of Sarah",
        "Unborn baby",
        "-",
        "?",
        "123",
        "",
    ],
)
def test_what_is_no_name(nothing: str) -> None:
    assert tokens(nothing) == ()


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("Master Yusuf", ("yusuf",)),
        ("Miss Zoë Smith", ("zoe", "smith")),
        ("Twin 1 Amina", ("amina",)),
        ("Baby boy Khan", ("khan",)),
        ("Mohammed known as Mo", ("mohammed", "mo")),
        ("Anna K", ("anna", "k")),
        ("J P Kelly", ("j", "p", "kelly")),
        ("Ahmed bin Hassan", ("ahmed", "hassan")),
        ("Li Bin", ("li", "bin")),
        ("Nguyen Van Minh", ("nguyen", "van", "minh")),
        ("Le Thi Hoa", ("le", "thi", "hoa")),
        ("Abdi Hassan", ("abdi", "hassan")),
        ("Jordan", ("jordan",)),
        ("Babyface", ("babyface",)),
    ],
)
def test_names_among_what_is_none(written: str, named: tuple[str, ...]) -> None:
    assert tokens(written) == named


@pytest.mark.parametrize(
    "same",
    [
        ("O'Neill", "ONeill", "O Neill", "O\u2019 Neill", "o-neill"),
        ("McDonald", "Mc Donald", "MC DONALD", "Mc-Donald"),
        ("MacDonald", "Mac Donald"),
        ("Al-Hassan", "Al Hassan", "Alhassan"),
        ("El Amin", "El-Amin", "Elamin"),
        ("de Souza", "De Souza", "Desouza"),
        ("van der Berg", "Van Der Berg", "Vanderberg"),
        ("Abdul Rahman", "Abdul-Rahman", "Abdulrahman"),
        ("Abdi Rahman", "Abdirahman"),
        ("Saif Uddin", "Saif-ud-din", "Saifuddin"),
        ("Zia Ullah", "Ziaullah"),
        ("D Souza", "D'Souza", "Dsouza"),
        ("Jo-Anne", "Jo Anne", "Joanne"),
        ("St. John", "St John", "Stjohn"),
        ("Le Blanc", "Leblanc"),
    ],
)
def test_particles_are_joined_however_they_are_written(same: tuple[str, ...]) -> None:
    assert len({tokens(each) for each in same}) == 1
    assert len(tokens(same[0])) == 1


def test_commoner_names_tell_less() -> None:
    assert forename_bits("oliver") < forename_bits("seren") <= forename_bits("quillon")
    assert surname_bits("smith") < surname_bits("okafor") <= surname_bits("quillfeather")
    assert forename_bits("x") < forename_bits("oliver")
    assert forename_bits("") == surname_bits("") == 0


def test_known_forenames_tell_swapped_names() -> None:
    for name in ("oliver", "muhammad", "kasia", "tobiloba", "semhar", "agnieszka", "thi"):
        assert is_known_forename(name)
    for name in ("", "x", "hargreaves", "okonkwo", "dabrowski"):
        assert not is_known_forename(name)


def test_names_that_brothers_and_sisters_share() -> None:
    for name in ("mohammed", "muhammad", "md", "kaur", "syed", "begum"):
        assert says_little(name)
    for name in ("oliver", "yusuf", "amina"):
        assert not says_little(name)


def test_families_number_few_and_unknown_names_have_none() -> None:
    assert family_of("quillon") == frozenset()
    assert len(family_of("mohammed")) <= 5
