"""How well two children agree, one kind of evidence at a time, as tables of cases."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.linkage.compare import Comparison, compare, compare_postcodes
from register.linkage.levels import (
    BIRTH_ORDER,
    FORENAME_ORDER,
    PLAIN_ORDER,
    POSTCODE_ORDER,
    SURNAME_ORDER,
    Level,
)
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE
from tests.subjects import CHILD, FAR, HOME, SAID, authority, compared, police, subject, told


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("2011-05-19", "2011-05-19", Level.EXACT),
        ("2011-05-15", "2011-05-15", Level.EXACT),
        ("2011-01-01", "2011-01-01", Level.EXACT_DEFAULT),
        ("2011-01-01", "2010-01-01", Level.ONE_PART),
        ("2011-05-09", "2011-09-05", Level.SWAPPED),
        ("2011-05-19", "2011-05-20", Level.SLIP),
        ("2011-05-19", "2011-05-29", Level.SLIP),
        ("2011-05-13", "2011-05-31", Level.SLIP),
        ("2011-05-31", "2011-06-01", Level.SLIP),
        ("2011-05-19", "2012-05-19", Level.SLIP),
        ("2011-05-19", "2011-06-19", Level.SLIP),
        ("2011-05-19", "2011-01-01", Level.DEFAULT),
        ("2011-05-19", "2011-05-15", Level.DEFAULT),
        ("2011-05-19", "2011-05-24", Level.ONE_PART),
        ("2011-05-19", "2007-05-19", Level.ONE_PART),
        ("2011-05-19", "2011-08-19", Level.ONE_PART),
        ("2011-05-19", "2012-01-01", Level.DIFFERS),
        ("2011-05-19", "2011-06-24", Level.DIFFERS),
        ("2011-05-19", "2009-02-03", Level.DIFFERS),
        ("2011-05-19", "", Level.UNKNOWN),
        ("", "", Level.UNKNOWN),
    ],
)
def test_dates_of_birth(one: str, other: str, level: Level) -> None:
    for a, b in ((one, other), (other, one)):
        assert compared({"date_of_birth": a}, {"date_of_birth": b}).date_of_birth is level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("2011-05-19", "2011-05-19", Level.EXACT_DEFAULT),
        ("2011-05-19", "2011-11-03", Level.DEFAULT),
        ("2011-05-19", "2013-01-01", Level.DEFAULT),
        ("2011-05-19", "2014-05-20", Level.DIFFERS),
    ],
)
@pytest.mark.parametrize("precision", ["estimated", "disputed", "year", "month"])
def test_dates_of_birth_of_which_one_is_a_guess(
    one: str, other: str, level: Level, precision: str
) -> None:
    guess = {"date_of_birth": one, "date_of_birth_precision": precision}
    assert compared(guess, {"date_of_birth": other}).date_of_birth is level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("LS1 4AP", "LS1 4AP", Level.EXACT),
        ("LS1 4AP", "LS1 4AB", Level.SLIP),
        ("LS1 4AP", "LS11 4AP", Level.SLIP),
        ("LS1 4AP", "LS1 2QT", Level.DISTRICT),
        ("LS1 4AP", "LS25 7NY", Level.AREA),
        ("10115", "20095", Level.DIFFERS),
        ("10115", "LS1 4AP", Level.DIFFERS),
        ("LS1 4AP", "L25 7NY", Level.DIFFERS),
        ("LS1 4AP", "BD3 6YF", Level.DIFFERS),
        ("LS1 4AP", "", Level.UNKNOWN),
        ("", "", Level.UNKNOWN),
    ],
)
def test_postcodes(one: str, other: str, level: Level) -> None:
    for a, b in ((one, other), (other, one)):
        assert compared({"home_postcode": a}, {"home_postcode": b}).postcode is level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("LS1", "LS1", Level.DISTRICT),
        ("LS1", "LS1 4AP", Level.DISTRICT),
        ("LS1", "LS2", Level.AREA),
        ("LS1", "BD1", Level.DIFFERS),
    ],
)
def test_of_an_institution_only_the_district_counts(one: str, other: str, level: Level) -> None:
    assert compare_postcodes(one, other) is compare_postcodes(other, one) is level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("female", "female", Level.AGREES),
        ("female", "male", Level.DIFFERS),
        ("female", "unknown", Level.UNKNOWN),
        ("female", "", Level.UNKNOWN),
    ],
)
def test_sex(one: str, other: str, level: Level) -> None:
    assert compared({"sex": one}, {"sex": other}).sex is level


@pytest.mark.parametrize("field", ["nhs_number", "upn", "home_office_reference"])
def test_identifiers(field: str) -> None:
    for other, level in (("A12", Level.AGREES), ("A13", Level.DIFFERS), ("", Level.UNKNOWN)):
        found = compared({field: "A12"} if other else {}, {field: other})
        assert getattr(found, field) is level
        assert found.identifier_agrees is (level is Level.AGREES)
        assert found.identifier_differs is (level is Level.DIFFERS)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (FORCE, FORCE, Level.AGREES),
        (FORCE, AUTHORITY, Level.AGREES),
        (AUTHORITY, FORCE, Level.AGREES),
        (AUTHORITY, HOST, Level.AGREES),
        (OTHER_FORCE, AUTHORITY, Level.DIFFERS),
        (FORCE, OTHER_FORCE, Level.DIFFERS),
        (AUTHORITY, "E09000008", Level.DIFFERS),
        ("BTP", AUTHORITY, Level.UNKNOWN),
        ("BTP", "BTP", Level.AGREES),
    ],
)
def test_organisations_of_one_place(one: str, other: str, level: Level) -> None:
    assert compare(subject(told(one)), subject(told(other))).organisations is level


@pytest.mark.parametrize(
    ("starts", "others", "level"),
    [
        (["03-02 23:50"], ["03-02"], Level.AGREES),
        (["03-02 23:50"], ["03-03"], Level.AGREES),
        (["03-02 23:50"], ["03-04"], Level.UNKNOWN),
        (["03-02", "05-01", "07-01"], ["04-09", "05-02"], Level.AGREES),
        # Who is missing every week is missing on any day.
        ([f"{month:02}-02" for month in range(1, 10)], ["03-02", "05-06", "06-01"], Level.UNKNOWN),
    ],
)
def test_one_going_missing(starts: list[str], others: list[str], level: Level) -> None:
    one = subject(*(told(FORCE, start, child_reference="c") for start in starts))
    other = subject(*(told(AUTHORITY, start, child_reference="c") for start in others))
    assert compare(one, other).going_missing is level
    stranger = subject(*(told("E09000008", start, child_reference="c") for start in others))
    assert compare(one, stranger).going_missing is Level.UNKNOWN, "in another part of the country"


@pytest.mark.parametrize(
    ("one", "other", "forename", "surname", "swapped"),
    [
        (("Jayden", "Oakley"), ("Oakley", "Jayden"), Level.EXACT, Level.EXACT, True),
        (("Yusuf", "Farah"), ("Farrah", "Yousef"), Level.FAMILY, Level.ALIKE, True),
        (("Jayden", "Oakley"), ("Oakley", "Jaydne"), Level.SLIP, Level.EXACT, True),
        (("Ali", "Hassan"), ("Ali", "Hassan"), Level.EXACT, Level.EXACT, False),
        # Twins of whom one's names are swapped: what is left to tell them apart is near, no more.
        (("Ahmed", "Tia"), ("Mia", "Ahmed"), Level.DIFFERS, Level.DIFFERS, False),
        (("Ava", "Jones"), ("Jones", "Eva"), Level.DIFFERS, Level.DIFFERS, False),
        (("Oakley", ""), ("", "Oakley"), Level.UNKNOWN, Level.UNKNOWN, False),
    ],
)
def test_names_in_each_others_place(
    one: tuple[str, str],
    other: tuple[str, str],
    forename: Level,
    surname: Level,
    swapped: bool,  # noqa: FBT001  # a column of the table
) -> None:
    x, y = ({"forename": names[0], "surname": names[1]} for names in (one, other))
    for a, b in ((x, y), (y, x)):
        found = compared(a, b)
        assert (found.forename, found.surname, found.names_swapped) == (forename, surname, swapped)


def test_what_the_child_is_known_as() -> None:
    called = {**CHILD, "forename": "Tobias", "known_as": ["Jayden"]}
    assert compared(CHILD, called).forename is Level.FAMILY
    assert compared(called, CHILD).forename is Level.FAMILY
    assert compared(CHILD, {**called, "known_as": ["JJ"]}).forename is Level.DIFFERS


def test_the_best_of_several_reports_counts() -> None:
    one = subject(
        told(child_reference="c", forename="Jaydne", home_postcode=HOME, sex="female"),
        told(child_reference="c", forename="Jayden", home_postcode=FAR, surname="Birch"),
        told(child_reference="c", date_of_birth="2011-05-19"),
    )
    found = compare(one, authority(**CHILD, home_postcode=HOME))
    assert (found.forename, found.surname) == (Level.EXACT, Level.DIFFERS)
    assert (found.date_of_birth, found.postcode) == (Level.EXACT, Level.EXACT)
    assert found.sex is Level.DIFFERS, "only one report gives it"


def test_nothing_is_known_of_blanks() -> None:
    found = compare(police(), authority())
    levels = {getattr(found, each.name) for each in fields(Comparison)} - {False, Level.AGREES}
    assert {getattr(level, "level", level) for level in levels} == {Level.UNKNOWN}


def test_every_level_has_its_place_among_the_better_and_the_worse() -> None:
    orders = (FORENAME_ORDER, SURNAME_ORDER, BIRTH_ORDER, POSTCODE_ORDER, PLAIN_ORDER)
    assert {level for order in orders for level in order} == set(Level)
    assert all(order[-2:] == (Level.DIFFERS, Level.UNKNOWN) for order in orders)


@given(st.lists(SAID, min_size=1, max_size=3), st.lists(SAID, min_size=1, max_size=3))
def test_two_agree_alike_whichever_comes_first(
    ones: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    one = subject(*(told(FORCE, child_reference="c", **said) for said in ones))
    other = subject(*(told(AUTHORITY, child_reference="c", **said) for said in others))
    there, back = compare(one, other), compare(other, one)
    for each in fields(Comparison):
        found = [getattr(way, each.name) for way in (there, back)]
        assert len({getattr(level, "level", level) for level in found}) == 1, each.name
