"""Who is linked, who is asked about, who is left apart: cases that a practitioner can read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from register.linkage import group as grouping
from register.linkage import match
from register.linkage.compare import compare
from register.linkage.guards import GUARDS, Decision
from register.linkage.identity import group_subjects
from register.linkage.levels import Level
from register.linkage.match import Judged, judge
from register.linkage.model import model_in_force
from register.reports.schema import read_report
from register.reports.statement import Statement
from tests.linked import link_statements, statement_of

POLICE, OTHER_POLICE, AUTHORITY = "E23000010", "E23000032", "E08000035"
NOW = datetime(2026, 3, 9, tzinfo=UTC)
CHILD = {
    "forename": "Tabitha",
    "surname": "Winterbourne",
    "date_of_birth": "2012-05-17",
    "sex": "female",
    "home_postcode": "LS6 3QX",
}


Said = Mapping[str, str | None]


def report(number: int, organisation: str, **said: str | None) -> Statement:
    """Make a report about a child who is usually Tabitha Winterbourne; None leaves a field out."""
    values = {"category": "missing", "status": "open", "missing_at": "2026-03-02", **CHILD, **said}
    values |= {"organisation": organisation, "reference": f"R{number}"}
    reading = read_report({name: value for name, value in values.items() if value is not None})
    return statement_of(reading, number, NOW)


def judged(one: Said, other: Said) -> Judged:
    """Judge two reports, the one of police and the other of an authority."""
    subjects = group_subjects([report(1, POLICE, **one), report(2, AUTHORITY, **other)])
    return judge(compare(subjects[1], subjects[2]), model_in_force())


def children(*reports: Statement) -> list[list[int]]:
    """Link reports; give the ids of each child's, whatever the order in which they come."""
    found = [sorted(link_statements(order, model_in_force()).children) for order in orders(reports)]
    assert all(each == found[0] for each in found)
    return found[0]


def asked(*reports: Statement) -> set[tuple[int, int]]:
    """Give the pairs of reports that a person must judge."""
    return {pair for pair, _, _ in link_statements(reports, model_in_force()).reviews}


def orders(reports: tuple[Statement, ...]) -> list[tuple[Statement, ...]]:
    return list(permutations(reports))[:24]


def test_the_same_child_is_linked() -> None:
    assert judged({}, {}).decision is Decision.LINK
    assert children(report(1, POLICE), report(2, AUTHORITY)) == [[1, 2]]


NHS, OTHER_NHS = "9434765919", "9434765870"
GUARDED: dict[str, tuple[Said, Said, Said]] = {
    "twins": ({}, {"forename": "Rosalind"}, {"forename": "Tabitha"}),
    "another forename": (
        {"date_of_birth": "2010-01-02"},
        {"forename": "Rosalind"},
        {"forename": "Tabitha", "date_of_birth": "2010-01-02"},
    ),
    "identifiers at odds": (
        {"nhs_number": NHS, "upn": "B801200005001"},
        {"nhs_number": NHS, "upn": "N801200005018"},
        {"nhs_number": NHS, "upn": "B801200005001"},
    ),
    "another identifier": ({"nhs_number": NHS}, {"nhs_number": OTHER_NHS}, {"nhs_number": NHS}),
    "identifier alone": (
        {"nhs_number": NHS},
        {"nhs_number": NHS, "forename": "Rosalind"},
        {"nhs_number": NHS, "forename": "Tabitha"},
    ),
    "no forename": ({}, {"forename": None}, {"forename": "Tabitha"}),
    "near forenames": ({"forename": "Jayden"}, {"forename": "Kayden"}, {"forename": "Jayden"}),
    "another birthday": ({}, {"date_of_birth": "2010-11-29"}, {"date_of_birth": "2012-05-17"}),
    "another sex": ({}, {"forename": "Tabitah", "sex": "male"}, {"forename": "Tabitah"}),
    "another surname": (
        {},
        {"surname": "Okonkwo", "home_postcode": None},
        {"surname": "Okonkwo"},
    ),
    "name alone": (
        {"home_postcode": None},
        {"date_of_birth": None, "home_postcode": None},
        {"home_postcode": None},
    ),
    "another form": (
        {"forename": "Finley", "home_postcode": None},
        {"forename": "Findlay", "missing_at": "2026-01-19"},
        {"forename": "Findlay"},
    ),
    "needs no rival": ({}, {"forename": "Tabitah"}, {"forename": "Tabitha"}),
}
"""By guard: a child, a report of which the guard speaks, one of which it does not."""


def first_guard(one: Said, other: Said) -> str:
    subjects = group_subjects([report(1, POLICE, **one), report(2, AUTHORITY, **other)])
    compared = compare(subjects[1], subjects[2])
    return next((each.name for each in GUARDS if each.holds_back(compared)), "")


@pytest.mark.parametrize("name", GUARDED)
def test_each_guard_speaks_where_it_should_and_only_there(name: str) -> None:
    child, fires, silent = GUARDED[name]
    assert first_guard(child, fires) == name
    assert first_guard(child, silent) != name
    assert judged(child, fires).decision is not Decision.LINK


def test_namesakes_in_other_parts_of_the_country_are_asked_about() -> None:
    one = report(1, "E23000010", forename="Tabitah")
    other = report(2, "E10000016", home_postcode="CT1 2AB")
    subjects = group_subjects([one, other])
    compared = compare(subjects[1], subjects[2])
    assert next(each.name for each in GUARDS if each.holds_back(compared)) == "elsewhere"


def test_every_guard_has_a_case() -> None:
    assert {each.name for each in GUARDS} == {*GUARDED, "elsewhere"}


def test_control_without_the_guards_a_missing_forename_would_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert judged({}, {"forename": None}).decision is Decision.REVIEW
    monkeypatch.setattr(match, "GUARDS", ())
    assert judged({}, {"forename": None}).decision is Decision.LINK


@pytest.mark.parametrize(
    ("forename", "other", "level"),
    [
        ("Tabitha", "TABITHA", Level.EXACT),
        ("Tabitha", "Tabitha Jane", Level.FIRST),
        ("Tabitha Ann", "Tabitha Jane", Level.FIRST_OTHER),
        ("Isabella", "Izzy", Level.FAMILY),
        ("Mohammed", "Muhammad", Level.FAMILY),
        ("Tabitha", "Tabitah", Level.SLIP),
        ("Jayden", "Kayden", Level.ALIKE),
        ("Tabitha", "Rosalind", Level.DIFFERS),
        ("Tabitha", None, Level.UNKNOWN),
        ("Tabitha", "baby", Level.UNKNOWN),
        ("Tabitha", "T", Level.UNKNOWN),
        ("Siân", "Sian", Level.EXACT),
        ("Mohammed Ali", "Mohammed Yusuf", Level.DIFFERS),
    ],
)
def test_forenames(forename: str, other: str | None, level: Level) -> None:
    subjects = group_subjects(
        [report(1, POLICE, forename=forename), report(2, AUTHORITY, forename=other)]
    )
    assert compare(subjects[1], subjects[2]).forename is level
    assert compare(subjects[2], subjects[1]).forename is level


def test_names_in_each_others_place_are_lined_up() -> None:
    swapped: dict[str, str | None] = {"forename": "Winterbourne", "surname": "Tabitha"}
    assert judged(swapped, {}).decision is Decision.NEAR
    assert children(report(1, POLICE, **swapped), report(2, AUTHORITY)) == [[1, 2]]


def test_a_near_forename_links_only_without_a_rival() -> None:
    slip, right = report(1, POLICE, forename="Kaydn"), report(2, AUTHORITY, forename="Kayden")
    twin = report(3, AUTHORITY, forename="Jayden")
    assert children(slip, right) == [[1, 2]]
    assert children(slip, right, twin) == [[1], [2], [3]]
    assert asked(slip, right, twin)


def test_control_without_the_rival_test_a_twin_is_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping.Groups, "_rival", lambda *_: "")
    slip, right = report(1, POLICE, forename="Kaydn"), report(2, AUTHORITY, forename="Kayden")
    assert children(slip, right, report(3, AUTHORITY, forename="Jayden")) == [[1, 2], [3]]


@pytest.mark.parametrize(("one", "other"), [("Mia", "Mya"), ("Zara", "Sara"), ("Alfie", "Albie")])
def test_twins_known_to_both_sides_stay_two(one: str, other: str) -> None:
    twins = (
        report(1, POLICE, forename=one),
        report(2, POLICE, forename=other),
        report(3, AUTHORITY, forename=one),
        report(4, AUTHORITY, forename=other),
    )
    assert children(*twins) == [[1, 3], [2, 4]]
    assert not asked(*twins)


def test_family_evidence_never_links() -> None:
    sibling = report(2, AUTHORITY, forename="Rosalind", date_of_birth="2014-09-01")
    assert children(report(1, POLICE), sibling) == [[1], [2]]
    assert not asked(report(1, POLICE), sibling)


def test_two_ids_of_one_organisation_are_two_children() -> None:
    one = report(1, AUTHORITY, child_reference="A1")
    other = report(2, AUTHORITY, child_reference="A2")
    assert children(one, other) == [[1], [2]]
    assert asked(one, other) == {(1, 2)}
    assert children(one, other, report(3, POLICE)) == [[1], [2], [3]]


def test_one_id_of_one_organisation_is_one_child() -> None:
    one = report(1, AUTHORITY, child_reference="A1")
    other = report(2, AUTHORITY, child_reference="A1", surname="Okonkwo", home_postcode=None)
    assert children(one, other) == [[1, 2]]


def test_a_child_known_to_two_forces_and_an_authority_is_one() -> None:
    assert children(report(1, POLICE), report(2, OTHER_POLICE), report(3, AUTHORITY)) == [[1, 2, 3]]


def test_a_withdrawn_report_links_with_nobody() -> None:
    gone = report(1, POLICE)
    gone = replace(gone, values=gone.values | {"status": "withdrawn"})
    assert children(gone, report(2, AUTHORITY)) == [[1], [2]]


def test_a_report_without_any_name_is_alone() -> None:
    blank: dict[str, str | None] = {**dict.fromkeys(CHILD), "child_reference": "N1"}
    assert children(report(1, POLICE, **blank), report(2, AUTHORITY)) == [[1], [2]]


def test_reasons_are_sentences_and_lead_with_the_guard() -> None:
    reasons = judged({}, {"forename": None}).reasons
    assert reasons[0].startswith("A forename is missing")
    assert all(each.endswith(".") and each[0].isupper() for each in reasons)
