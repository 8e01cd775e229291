"""What is no difference: case, accents and spaces, other names, days and times, rough dates."""

import pytest

from register.records.agreement import agree, same_value
from register.reports.statement import Statement, Value
from tests.statements import AUTHORITY, FORCE, report, saying


def police(**said: Value) -> Statement:
    """Make a report of a force that says this of the child."""
    return saying(report(FORCE, "03-02 22:00"), said)


def authority(**said: Value) -> Statement:
    """Make a report of an authority that says this of the child."""
    return saying(report(AUTHORITY, "03-02"), said)


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("surname", "O'Neill", "ONEILL", True),
        ("surname", "O\u2019Neill", "O Neill", True),
        ("surname", "Smith-Jones", "smith jones", True),
        ("surname", "Łukasik", "Lukasik", True),
        ("surname", "Müller", "Muller", True),
        ("surname", "Smith", "Smyth", False),
        ("surname", "Ковальчук", "ковальчук", True),
        ("known_as", ["Bob", "Rob"], ["ROB", "BOB"], True),
        ("responsible_authority", "E08000016", "E08000038", True),
        ("responsible_authority", "E08000016", "E08000035", False),
        ("missing_at", "2026-03-02", "2026-03-02T22:40:00+00:00", True),
        ("missing_at", "2026-03-02", "2026-03-03T22:40:00+00:00", True),
        ("missing_at", "2026-03-02", "2026-03-04T00:10:00+00:00", False),
        ("missing_at", "2026-03-29", "2026-03-30T23:10:00+00:00", False),
        ("missing_at", "2026-03-02T22:40:00+00:00", "2026-03-03T00:40:00+00:00", True),
        ("missing_at", "2026-03-02T22:40:00+00:00", "2026-03-03T00:41:00+00:00", False),
        ("missing_at", "2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00", True),
        ("nhs_number", "9434765919", "9434765870", False),
        ("nhs_number", "9434765919", "", None),
        ("risk_flags", [], ["trafficking"], None),
    ],
)
def test_same_value(field: str, one: Value, other: Value, *, same: bool | None) -> None:
    assert same_value(field, one, other) is same
    assert same_value(field, other, one) is same


@pytest.mark.parametrize(
    ("force", "council", "same"),
    [
        ({"forename": "Robert"}, {"forename": "Bobby", "known_as": ["Robert"]}, True),
        ({"forename": "Robert"}, {"forename": "Bobby", "known_as": ["Rob", "Robert Hill"]}, True),
        ({"forename": "Robert"}, {"forename": "Bobby", "known_as": ["Rob"]}, False),
        ({"forename": "Mary Jane"}, {"forename": "Mary", "middle_names": "Jane"}, True),
        ({"forename": "Mary Jane"}, {"forename": "Mary", "middle_names": "Ann"}, False),
        ({"forename": "Mary"}, {"surname": "Hill"}, None),
    ],
)
def test_names_by_which_a_child_is_also_known(
    force: dict[str, Value], council: dict[str, Value], *, same: bool | None
) -> None:
    assert agree("forename", police(**force), authority(**council)) is same
    assert agree("forename", authority(**council), police(**force)) is same


@pytest.mark.parametrize(
    ("one", "other", "precision", "same"),
    [
        ("2010-05-31", "2010-05-31", "exact", True),
        ("2010-05-31", "2010-05-30", "", False),
        ("2010-05-15", "2010-05-30", "month", True),
        ("2010-06-15", "2010-05-30", "month", False),
        ("2010-01-01", "2010-05-30", "year", True),
        ("2011-01-01", "2010-05-30", "year", False),
        ("2009-09-01", "2010-05-30", "estimated", True),
        ("2008-05-01", "2010-05-30", "estimated", False),
        ("2008-05-01", "2010-05-30", "disputed", None),
        ("2010-05-30", "2010-05-30", "disputed", True),
    ],
)
def test_dates_of_birth_as_well_as_they_are_known(
    one: str, other: str, precision: str, *, same: bool | None
) -> None:
    rough = authority(date_of_birth=one, date_of_birth_precision=precision)
    assert agree("date_of_birth", rough, police(date_of_birth=other)) is same
    assert agree("date_of_birth", police(date_of_birth=other), rough) is same


def test_further_forenames_are_no_contradiction() -> None:
    one, other = police(forename="Liam"), authority(forename="Liam Jaxon")
    assert agree("forename", one, other) is True
    assert agree("forename", other, one) is True
    assert agree("forename", police(forename="Jaxon"), other) is False
