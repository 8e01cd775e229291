"""Many reports at once, without a database: the same in any order, and what too many share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.linkage import bulk
from register.linkage.columns.nominate import Nominated, nominate
from register.linkage.columns.people import People
from register.linkage.group import AT_A_TIME
from register.linkage.match import Model
from register.reports.statement import Statement
from tests.linked import Linked, link_statements
from tests.statements import AUTHORITY, FORCE
from tests.subjects import ANYONE, CHILD, HOME, MODEL, NASTY, NHS, RARE, told


def numbered(statements: Sequence[Statement]) -> list[Statement]:
    """Give the reports numbers by their place."""
    return [replace(each, report_id=place) for place, each in enumerate(statements, start=1)]


def outcome(statements: Sequence[Statement], crowd: int = 60, shared: int = 20) -> Any:  # noqa: ANN401  # compared as a whole
    """Link, and name everything by the reports' references instead of by their numbers."""
    names = {each.report_id: each.reference for each in statements}
    linked = link_statements(statements, replace(MODEL, crowd=crowd, shared=shared))
    children = {frozenset(names[report] for report in child) for child in linked.children}
    child_of = {name: child for child in children for name in child}
    asked = {
        (frozenset(child_of[names[report]] for report in pair), probability, reasons)
        for pair, probability, reasons in linked.reviews
    }
    return children, asked, linked.crowded


@given(st.lists(st.tuples(ANYONE, NASTY), min_size=2, max_size=8), st.data())
@settings(max_examples=300, deadline=None)
@pytest.mark.parametrize(("crowd", "shared"), [(60, 20), (2, 1)])
def test_nothing_depends_on_order_or_numbers(
    crowd: int, shared: int, reports: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    statements = [
        told(organisation, f"{3 + place:02}-02", **{"reference": f"R{place}", **said})
        for place, (organisation, said) in enumerate(reports)
    ]
    shuffled = data.draw(st.permutations(statements))
    wanted = outcome(numbered(statements), crowd, shared)
    assert outcome(numbered(shuffled), crowd, shared) == wanted


def link(*reports: tuple[str, dict[str, Any]]) -> Linked:
    """Link reports, told as organisation and what each says."""
    statements = [
        told(code, **{"reference": f"R{n}", **said}) for n, (code, said) in enumerate(reports)
    ]
    return link_statements(numbered(statements), MODEL)


def sizes(linked: Linked) -> list[int]:
    """How many reports each child has."""
    return sorted(len(child) for child in linked.children)


def test_a_child_missing_a_hundred_times_is_one_child() -> None:
    """No id of the force's own, no identifier: a hundred reports must not be a crowd."""
    runaway = {**CHILD, "home_postcode": HOME}
    linked = link(*[(FORCE, runaway)] * 100, (AUTHORITY, runaway))
    assert (sizes(linked), linked.reviews, linked.crowded) == ([101], [], 0)


def test_control_a_hundred_lone_subjects_would_be_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "register.linkage.columns.people._owners", lambda columns, *_: np.arange(len(columns))
    )
    runaway = {**CHILD, "home_postcode": HOME}
    linked = link(*[(FORCE, runaway)] * 100, (AUTHORITY, runaway))
    assert linked.crowded > 0
    assert len(linked.children) == 101


def test_one_number_on_fifty_children_says_nothing() -> None:
    names = [f"Zeb{chr(97 + n // 26)}{chr(97 + n % 26)}or" for n in range(50)]
    linked = link(*((FORCE, {"forename": name, "surname": name, **NHS}) for name in names))
    assert (len(linked.children), linked.reviews) == (50, [])
    assert linked.crowded > 0


def test_a_number_that_a_few_children_share_is_asked_about() -> None:
    others = [{**RARE, **NHS, "forename": name} for name in ("Barnaby", "Ottoline")]
    linked = link((FORCE, RARE | NHS), *((AUTHORITY, each) for each in others))
    assert sizes(linked) == [1, 1, 1]
    assert len(linked.reviews) == 3


def hotel(*boys: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Boys from one hotel, among thirty others."""
    others = [
        {
            "forename": f"Zeb{chr(97 + n)}or",
            "surname": f"Quil{chr(97 + n)}er",
            "date_of_birth": f"{2008 + n % 7}-{1 + n % 11:02}-{2 + n:02}",
        }
        for n in range(26)
    ]
    return [(AUTHORITY, {**each, "home_postcode": HOME}) for each in (*others, *boys)]


def test_a_hotel_is_no_home() -> None:
    boy = {"forename": "Ahmad", "surname": "Rahimi", "sex": "male"}
    home = link(
        (FORCE, {**boy, "home_postcode": HOME}), (AUTHORITY, {**boy, "home_postcode": HOME})
    )
    assert sizes(home) == [2]
    linked = link((FORCE, {**boy, "home_postcode": HOME}), *hotel(boy))
    assert max(sizes(linked)) == 1


def test_boys_of_one_name_from_one_hotel_all_born_on_1_january_stay_apart() -> None:
    boy = {"forename": "Ahmad", "surname": "Ahmadi", "date_of_birth": "2009-01-01", "sex": "male"}
    for boys in (2, 5, 40):
        linked = link(*hotel(*[boy] * boys))
        assert set(sizes(linked)) == {1}
        times = Counter(report for pair, _, _ in linked.reviews for report in pair)
        assert len(times) == boys, "each of them is asked about"
        assert set(times.values()) <= set(range(1, AT_A_TIME + 1)), "but not with all at once"


def test_a_childrens_home_of_brothers_and_strangers() -> None:
    names = ["Jayden", "Mia", "Ahmad", "Sophie", "Leo", "Zara"]
    children = [
        {"forename": name, "surname": surname, "date_of_birth": f"201{n}-05-19"}
        for n, name in enumerate(names)
        for surname in ("Oakley", "Birch")
    ]
    both = [(code, {**c, "home_postcode": HOME}) for c in children for code in (FORCE, AUTHORITY)]
    linked = link(*both)
    assert sizes(linked) == [2] * 12


def test_ten_thousand_of_one_surname_in_one_postcode_cost_no_more_than_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0

    def counted(people: People, model: Model) -> Nominated:
        nonlocal compared
        nominated = nominate(people, model)
        compared += len(nominated.ones)
        return nominated

    monkeypatch.setattr(bulk, "nominate", counted)
    letters = "bcdfghklmnprstvz"
    reports = [
        told(
            FORCE,
            reference=f"R{n}",
            forename="".join(letters[n // 16**k % 16] + "aou"[k % 3] for k in range(4)),
            surname="Smith",
            home_postcode=HOME,
            date_of_birth=f"{2008 + n % 10}-{1 + n // 10 % 12:02}-{1 + n // 120 % 28:02}",
        )
        for n in range(1, 10_001)
    ]
    linked = link_statements(numbered(reports), MODEL)
    assert linked.crowded > 0
    assert 0 < compared < 30 * len(reports)


def test_blank_reports_are_each_for_itself() -> None:
    linked = link(*[(code, {}) for code in (FORCE, AUTHORITY) for _ in range(50)])
    assert (set(sizes(linked)), linked.reviews, linked.crowded) == ({1}, [], 0)
