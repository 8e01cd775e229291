"""Episodes: several organisations, what is only near, the clock changes, odd rows."""

from datetime import timedelta

import pytest

from register.records.episodes import NEARNESS, align
from tests.alignment import aligned
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, report, roster

A, H, P, Q = AUTHORITY, HOST, FORCE, OTHER_FORCE

# Several organisations


def test_two_forces_at_once_with_host_and_responsible_authority() -> None:
    assert aligned(
        report(P, "03-02 22:00", name="P1"),
        report(Q, "03-02 23:30", "03-03 09:00", name="Q1"),
        report(A, "03-02", name="A1"),
        report(H, "03-02", "03-03", name="H1"),
    ) == [{"P1", "Q1", "A1", "H1"}]


def test_two_nights_of_two_forces_and_two_authorities() -> None:
    assert aligned(
        report(P, "03-02 22:00", "03-03 01:30", name="P1"),
        report(Q, "03-03 21:00", "03-04 00:40", name="Q2"),
        report(A, "03-02", "03-03", name="A1"),
        report(A, "03-03", "03-04", name="A2"),
        report(H, "03-03", "03-04", name="H2"),
    ) == [{"P1", "A1"}, {"Q2", "A2", "H2"}]


def test_no_chain_from_one_force_over_a_day_to_another_force() -> None:
    assert aligned(
        report(P, "03-02 22:00", "03-03 01:00", name="P1"),
        report(A, "03-03", "03-04", name="A1"),
        report(Q, "03-04 22:30", "03-05 02:00", name="Q1"),
    ) == [{"P1", "A1"}, {"Q1"}]


def test_two_forces_one_after_the_other_inside_one_period() -> None:
    assert aligned(
        report(A, "03-02", "03-10", name="A1"),
        report(P, "03-02 22:00", "03-03 01:00", name="P1"),
        report(Q, "03-05 20:00", "03-06 03:00", name="Q1"),
    ) == [{"A1", "P1", "Q1"}]


def test_no_chain_over_the_overlapping_periods_of_two_authorities() -> None:
    assert aligned(
        report(P, "03-02 08:00", "03-09 08:00", name="P1"),
        report(A, "03-02", "03-10", name="A1"),
        report(H, "03-08", "03-20", name="H1"),
        report(Q, "03-04 08:00", "03-05 08:00", name="Q1"),
        report(Q, "03-15 08:00", "03-16 08:00", name="Q2"),
    ) == [{"P1", "A1", "Q1"}, {"H1", "Q2"}]


# Nearness


def test_accounts_that_do_not_overlap_are_one_if_they_begin_within_a_day() -> None:
    late = report(P, "03-03 00:30", "03-03 03:00", name="P1")
    assert aligned(late, report(A, "03-02", "03-02", name="A1")) == [{"A1", "P1"}]
    assert aligned(late, report(A, "03-04", "03-05", name="A1")) == [{"P1", "A1"}]
    assert aligned(late, report(A, "03-01", "03-01", name="A1")) == [{"A1"}, {"P1"}]
    assert timedelta(hours=24) == NEARNESS


def test_only_the_nearest_on_each_side_is_joined_by_nearness() -> None:
    assert aligned(
        report(P, "03-03 08:00", "03-03 09:00", name="P1"),
        report(P, "03-03 01:00", "03-03 03:00", name="P0"),
        report(A, "03-02", "03-02", name="A1"),
    ) == [{"A1", "P0"}, {"P1"}]
    assert aligned(
        report(P, "03-03 03:00", "03-03 04:00", name="P1"),
        report(A, "03-02", "03-02", name="A1"),
        report(A, "03-04", "03-04", name="A2"),
    ) == [{"A1", "P1"}, {"A2"}]


def test_nearness_joins_two_authorities_rows_that_overlap_with_police() -> None:
    assert aligned(
        report(P, "03-03 00:30", "03-03 03:00", name="P1"),
        report(A, "03-02", "03-02", name="A1"),
        report(H, "03-02", "03-02", name="H1"),
    ) == [{"A1", "H1", "P1"}]


def test_nearness_never_joins_two_forces() -> None:
    assert aligned(
        report(P, "03-02 22:00", "03-02 23:00", name="P1"),
        report(Q, "03-03 20:00", name="Q1"),
    ) == [{"P1"}, {"Q1"}]


# Days against times over the changes of the clocks (29 March and 25 October 2026)


@pytest.mark.parametrize(
    ("police", "day", "together"),
    [
        (("03-28 23:30", "03-29 00:30"), "03-29", True),  # ends 00:30 GMT on the 29th
        (("03-29 22:30", "03-29 22:50"), "03-29", True),  # 23:30 British Summer Time
        (("03-29 23:30", "03-30 00:10"), "03-31", True),  # 00:30 on the 30th: near
        (("03-29 22:30", "03-29 22:50"), "03-31", False),  # 24 h 30 before the 31st begins
        (("10-24 23:30", "10-25 00:10"), "10-25", True),  # 00:30 on the 25th
        (("10-25 23:30", "10-25 23:50"), "10-25", True),  # 23:30 GMT, hour 25 of the day
        (("10-25 23:30", "10-26 00:30"), "10-24", False),  # 24 h 30 after the 24th
        (("10-25 22:30", "10-25 23:30"), "10-24", True),  # 23 h 30 after it: near
    ],
)
def test_a_day_is_a_day_in_london(police: tuple[str, str], day: str, *, together: bool) -> None:
    rows = [report(P, *police), report(A, day, day)]
    assert len(align(rows)) == (1 if together else 2)


def test_the_night_the_clocks_change_is_told_from_the_next() -> None:
    for month, first in (("03", 28), ("10", 24)):
        one, two, three = (f"{month}-{first + n}" for n in range(3))
        summer = "23:30"  # 00:30 of the next local day, before or after the change
        assert aligned(
            report(P, f"{one} 21:00", f"{two} 01:30", name="P1"),
            report(P, f"{two} {summer}", f"{three} 04:00", name="P2"),
            report(A, one, two, name="A1"),
            report(A, two, three, name="A2"),
        ) == [{"P1", "A1"}, {"P2", "A2"}]


# Odd times and rows that are no going missing


def test_roster_and_withdrawn_rows_are_no_going_missing() -> None:
    assert align([roster(A, "03-01"), report(P, "03-02 22:00", status="withdrawn")]) == ()


def test_impossible_and_unknown_ends_are_kept_and_reach_no_further_than_their_start() -> None:
    assert aligned(
        report(P, "03-02 22:00", "03-01 22:00", name="P1"),
        report(P, "03-05 22:00", status="closed", name="P2"),
        report(A, "03-02", "03-03", name="A1"),
        report(A, "03-05", "03-06", name="A2"),
        report(A, "03-20", "03-21", name="A3"),
    ) == [{"P1", "A1"}, {"P2", "A2"}, {"A3"}]


def test_an_account_that_ends_before_it_begins_is_where_it_begins() -> None:
    backwards = report(P, "03-05 22:00", "03-01 22:00", name="P1")
    assert aligned(backwards, report(A, "03-02", "03-10", name="A1")) == [{"A1", "P1"}]


def test_of_two_that_begin_alike_the_one_that_ends_alike_is_the_partner() -> None:
    assert aligned(
        report(A, "03-03", "03-04", name="A1"),
        report(A, "03-03", "03-03", name="A2"),
        report(P, "03-03 10:00", "03-03 11:00", name="P1"),
        report(P, "03-03 22:00", "03-04 02:00", name="P2"),
    ) == [{"A1", "P2"}, {"A2", "P1"}]


def test_a_midnight_is_of_the_day_that_begins() -> None:
    assert aligned(
        report(P, "03-02 00:00", "03-02 08:00", name="P1"),
        report(P, "03-03 00:00", "03-03 08:00", name="P2"),
        report(A, "03-01", "03-02", name="A1"),
        report(A, "03-02", "03-02", name="A2"),
        report(A, "03-03", "03-03", name="A3"),
    ) == [{"A1"}, {"P1", "A2"}, {"P2", "A3"}]
