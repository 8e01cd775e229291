"""A subject written down in one line: nothing compared is lost, no place but the home is in it."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.linkage.written import read_subject, write_subject
from register.reports.fields import PROTECTED_FIELDS
from tests.subjects import CHILD, HOME, NASTY, NHS, SAID, UPN, subject, told

FULL = {**CHILD, "home_postcode": HOME, "missing_at": "2026-03-02"}


@given(said=st.lists(SAID | NASTY, min_size=1, max_size=4))
def test_what_is_read_back_is_the_same(said: list[dict[str, Any]]) -> None:
    known = subject(*(told(name=f"R{n}", **each) for n, each in enumerate(said)), number=7)
    assert read_subject(7, write_subject(known)) == known


def test_letters_of_every_script_come_back() -> None:
    known = subject(told(forename="فاطمة", surname="Ożóg \x00\u202e", known_as=["Ngọc", "a|b"]))
    assert read_subject(known.subject_id, write_subject(known)) == known


def test_the_order_of_the_reports_is_not_seen() -> None:
    said: list[dict[str, Any]] = [{**FULL, **NHS}, {**FULL, **UPN}, {**FULL, "forename": "Jay"}]
    reports = [told(name=f"R{n}", **each) for n, each in enumerate(said)]
    assert len({write_subject(subject(*each, number=1)) for each in permutations(reports)}) == 1


@pytest.mark.parametrize(
    "said",
    [
        {**FULL, "sex": "female"},
        {**FULL, "known_as": "JJ"},
        {**FULL, "date_of_birth_precision": "estimated"},
        {**FULL, **NHS},
        {**FULL, "missing_at": "2026-03-03"},
    ],
)
def test_a_subject_that_says_another_thing_has_another_line(said: dict[str, Any]) -> None:
    before, after = (write_subject(subject(told(name="R1", **each))) for each in (FULL, said))
    assert before != after


def test_what_is_protected_is_not_in_it() -> None:
    hidden = {field: f"secret {field}" for field in PROTECTED_FIELDS - {"home_postcode"}}
    assert hidden
    line = write_subject(subject(told(**FULL, **hidden)))
    assert "secret" not in line
    assert "jayden" in line, "control: what is compared is"
