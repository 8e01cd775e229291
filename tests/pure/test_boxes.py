"""What people type into boxes, read as the register keeps it, and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.reports.boxes import (
    Box,
    box_names,
    box_of,
    came_twice,
    fill,
    fill_when,
    read,
    read_when,
    when_boxes,
)
from register.reports.composing import LASTING, compose, lasting, problems_in
from register.reports.fields import BY_NAME, FIELDS, fields_of
from register.reports.steps import ASKED, BY_CODE
from register.terms import Kind

WHEN = BY_NAME["missing_at"]
BORN = BY_NAME["date_of_birth"]


def typed(day: str = "", month: str = "", *rest: str) -> dict[str, str]:
    """Fill in day, month, year, time, and which of the two hours."""
    texts = (day, month, *rest, "", "", "")
    parts = zip(("day", "month", "year", "time", "hour"), texts, strict=False)
    return {f"missing_at-{part}": text for part, text in parts}


@pytest.mark.parametrize(
    ("boxes", "value"),
    [
        (typed(), ""),
        (typed("2", "3", "2026"), "2026-03-02"),
        (typed("2", "3", "2026", "22:40"), "2026-03-02T22:40:00+00:00"),
        (typed("2", "3", "2026", "2240"), "2026-03-02T22:40:00+00:00"),
        (typed("2", "3", "2026", "10.40pm"), "2026-03-02T22:40:00+00:00"),
        (typed("2", "3", "2026", "10pm"), "2026-03-02T22:00:00+00:00"),
        (typed("2", "3", "2026", "12am"), "2026-03-02T00:00:00+00:00"),
        (typed("2", "7", "2026", "9:05 am"), "2026-07-02T09:05:00+01:00"),
        (typed("25", "10", "2026", "1:30", "A"), "2026-10-25T01:30:00+01:00"),
        (typed("25", "10", "2026", "1:30", "B"), "2026-10-25T01:30:00+00:00"),
    ],
)
def test_days_and_times_are_read_as_people_write_them(boxes: dict[str, str], value: str) -> None:
    answer = read(WHEN, boxes)
    assert (answer.value, answer.problem) == (value, "")


@pytest.mark.parametrize(
    ("boxes", "says", "box"),
    [
        (typed("2", "", "2026"), "must include a month", "month"),
        (typed("", "", "", "22:40"), "must include a day and a month and a year", "day"),
        (typed("31", "2", "2026"), "must be a real date", "day"),
        (typed("two", "3", "2026"), "must be a real date", "day"),
        (typed("2", "3", "26"), "four digits", "day"),
        (typed("2", "3", "2026", "25:00"), "must have a time like", "time"),
        (typed("2", "3", "2026", "22"), "must have a time like", "time"),
        (typed("25", "10", "2026", "1:30"), "came twice that night", "hour"),
        (typed("29", "3", "2026", "1:30"), "was left out that night", "time"),
    ],
)
def test_what_is_no_time_is_told_at_its_box(boxes: dict[str, str], says: str, box: str) -> None:
    answer = read(WHEN, boxes)
    assert says in answer.problem
    assert answer.box == f"missing_at-{box}"


def test_only_the_hour_that_comes_twice_is_asked_about() -> None:
    assert came_twice("missing_at", typed("25", "10", "2026", "1:30"))
    assert not came_twice("missing_at", typed("25", "10", "2026", "2:30"))
    assert not came_twice("missing_at", typed("25", "10", "2026"))
    assert not came_twice("missing_at", typed("29", "3", "2026", "1:30"))
    assert not came_twice("date_of_birth", {})


@pytest.mark.parametrize(
    ("boxes", "says", "box"),
    [
        (typed("2", "3", "2026"), "must include a time, like 22:40", "time"),
        (typed("2", "3", "2026", "late"), "must have a time like 22:40 or 10:40pm", "time"),
        (typed("", "3", "2026", "22:40"), "must include a day", "day"),
        (typed("25", "10", "2026", "1:30"), "came twice that night", "hour"),
    ],
)
def test_where_a_time_is_needed_its_day_alone_is_not_enough(
    boxes: dict[str, str], says: str, box: str
) -> None:
    answer = read_when("missing_at", boxes, needs_time=True)
    assert says in answer.problem
    assert "or none" not in answer.problem
    assert answer.box == f"missing_at-{box}"
    assert read_when("missing_at", typed("2", "3", "2026")).value == "2026-03-02", "control"
    assert read_when("missing_at", typed(), needs_time=True).value == ""
    assert read_when("other", boxes, needs_time=True).value == "", "only its own boxes"


def test_a_day_takes_no_time_from_a_box_that_is_not_its_own() -> None:
    said = {"day": "2", "month": "3", "year": "2012", "time": "22:40"}
    boxes = {f"date_of_birth-{part}": text for part, text in said.items()}
    assert read(BORN, boxes).value == "2012-03-02"
    assert read_when("date_of_birth", boxes).value == "2012-03-02T22:40:00+00:00", "control"


def test_what_fits_no_box_fills_none() -> None:
    for text in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:00-14:00", "soon", ""):
        assert fill_when("at", text) == {}
    assert fill_when("at", "2026-10-25T01:30:00+00:00")["at-hour"] == "B"
    assert set(fill_when("at", "2026-10-25T01:30:00+00:00")) == {*when_boxes("at")}


@given(st.integers(min_value=0, max_value=60 * 24 * 365 * 80))
def test_what_fills_the_boxes_is_read_as_the_same(minutes: int) -> None:
    at = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    boxes = fill(WHEN, at.isoformat())
    again = read(WHEN, boxes)
    assert not again.problem
    assert datetime.fromisoformat(str(again.value)) == at


def test_every_field_of_a_report_is_asked_for_once() -> None:
    of_itself = {"organisation", "updated_at"}
    names = [each.name for each in ASKED]
    assert len(names) == len(set(names))
    assert {*names} | of_itself == {each.name for each in fields_of(Kind.MISSING)}
    assert {*LASTING} <= {*names}


def test_every_field_has_a_box_that_takes_its_value() -> None:
    assert {box_of(each) for each in FIELDS} <= {*Box}
    assert box_names(WHEN)[0] == "missing_at-day"
    assert box_of(BY_NAME["risk_flags"]) is Box.SEVERAL


def test_boxes_left_alone_keep_what_boxes_cannot_show() -> None:
    base = {"missing_at": "2026-03-02T22:40:31+00:00", "date_of_birth": "about 2011"}
    made = compose(base, {})
    assert (made.raw, made.changed) == (base, set())
    changed = compose(base, {"missing_at-day": "3"})
    assert changed.raw["missing_at"] == "2026-03-03T22:40:00+00:00"
    assert changed.changed == {"missing_at"}


def test_a_risk_is_graded_anew_each_time() -> None:
    kept = lasting({"forename": "Zoe", "risk_level": "low", "missing_at": "2026-03-02"})
    assert kept == {"forename": "Zoe"}


def test_what_a_page_needs_blocks_and_what_it_doubts_does_not() -> None:
    page = BY_CODE["child"]
    assert problems_in(compose({}, {}), page)["child_reference"].blocks
    made = compose({}, {"forename": "Zoe", "nhs_number": "9000000000"})
    found = problems_in(made, page)
    assert list(found) == ["nhs_number"]
    assert not found["nhs_number"].blocks
    assert set(problems_in(made, BY_CODE["missing"])) == {"missing_at", "category"}
