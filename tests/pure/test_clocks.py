"""Elapsed hours, working days of England, and from when a response clock runs."""

from datetime import UTC, date, datetime

import pytest

from register.mismatches.clocks import Clock, deadline, ends, is_working_day, read_clock
from register.mismatches.ruleset import ruleset
from register.reports.values import read_moment
from register.terms import LONDON

HOLIDAYS = ruleset().holidays


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("clock", "start", "end"),
    [
        ("1 working day", "2026-03-06 16:00", "2026-03-09 16:00"),  # Friday to Monday
        ("1 working day", "2026-03-07 11:00", "2026-03-10 00:00"),  # Saturday: all of Monday
        ("1 working day", "2026-03-08 23:59", "2026-03-10 00:00"),  # Sunday: the same
        ("5 working days", "2026-03-07 11:00", "2026-03-14 00:00"),  # Saturday: all of next week
        ("1 working day", "2026-04-02 09:30", "2026-04-07 09:30"),  # over Easter
        ("3 working days", "2026-04-02 09:30", "2026-04-09 09:30"),
        ("1 working day", "2026-04-03 09:30", "2026-04-08 00:00"),  # on Good Friday
        ("2 working days", "2026-12-23 17:00", "2026-12-29 17:00"),  # 25th; 28th for Boxing Day
        ("1 working day", "2026-12-25 08:00", "2026-12-30 00:00"),
        ("5 working days", "2026-03-27 16:00", "2026-04-07 16:00"),  # clocks forward, then Easter
        ("5 working days", "2026-10-23 16:00", "2026-10-30 16:00"),  # clocks back
        ("1 working day", "2026-05-01 12:00", "2026-05-05 12:00"),  # early May
    ],
)
def test_working_days_end_at_the_same_time_of_day_in_london(
    clock: str, start: str, end: str
) -> None:
    assert ends(read_clock(clock), london(start), HOLIDAYS) == london(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-28 12:00", "2026-03-31 13:00"),  # spring forward: an hour later by the wall
        ("2026-10-24 12:00", "2026-10-27 11:00"),  # autumn back: an hour earlier
    ],
)
def test_72_hours_are_elapsed_hours_over_a_change_of_the_clocks(start: str, end: str) -> None:
    assert ends(Clock(hours=72), london(start), HOLIDAYS) == london(end)


def test_hours_tell_the_two_half_past_ones_of_october_apart() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    second = first.replace(fold=1)
    assert (ends(Clock(hours=1), first, HOLIDAYS)) == utc("2026-10-25 01:30")
    assert (ends(Clock(hours=1), second, HOLIDAYS)) == utc("2026-10-25 02:30")


def test_a_bare_day_starts_its_clock_at_its_end() -> None:
    day = read_moment("2026-03-02")
    assert ends(Clock(hours=72), day.clock_start, HOLIDAYS) == utc("2026-03-06 00:00")
    assert ends(Clock(working_days=1), day.clock_start, HOLIDAYS) == utc("2026-03-04 00:00")


def test_a_bare_day_of_the_spring_change_is_23_hours_long() -> None:
    day = read_moment("2026-03-29")
    assert ends(Clock(hours=24), day.clock_start, HOLIDAYS) == utc("2026-03-30 23:00")


def test_the_response_clock_runs_from_a_recent_event() -> None:
    # Domain 7.1: reported 23:10, seen 23:15, four hours.
    found = deadline(Clock(hours=4), utc("2026-03-02 23:15"), utc("2026-03-02 23:10"), HOLIDAYS)
    assert found.started_at == utc("2026-03-02 23:10")
    assert found.due_at == utc("2026-03-03 03:10")


@pytest.mark.parametrize("asked_from", ["2026-03-02 19:15", "2025-01-01 00:00"])
def test_a_backload_is_not_born_overdue(asked_from: str) -> None:
    told = utc("2026-03-02 23:15")
    found = deadline(Clock(hours=4), told, utc(asked_from), HOLIDAYS)
    assert found.started_at == told
    assert found.due_at == utc("2026-03-03 03:15")


def test_without_an_event_the_clock_runs_from_being_told() -> None:
    told = utc("2026-03-06 16:00")
    assert deadline(Clock(working_days=1), told, None, HOLIDAYS).due_at == utc("2026-03-09 16:00")


def test_the_known_holidays_reach_over_the_years_the_register_may_be_asked_about() -> None:
    assert {day.year for day in HOLIDAYS} >= {2023, 2024, 2025, 2026, 2027, 2028}
    assert not is_working_day(date(2026, 12, 28), HOLIDAYS)
    assert is_working_day(date(2026, 12, 24), HOLIDAYS)


@pytest.mark.parametrize("text", ["", "4", "4 h", "0 hours", "-1 hours", "2 days", "1 working"])
def test_an_unreadable_period_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is no period: write for example"):
        read_clock(text)


@pytest.mark.parametrize("text", ["1 hour", "4 hours", "1 working day", "10 working days"])
def test_a_period_is_written_as_it_is_read(text: str) -> None:
    assert str(read_clock(text)) == text
