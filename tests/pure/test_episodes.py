"""Episodes: the examples of domain 7.1, both directions of C5, the clock changes, any order."""

from datetime import date, timedelta
from itertools import combinations, islice, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.records.episodes import NEARNESS, align
from register.records.spells import Episode, Spell
from register.reports.statement import Statement
from register.terms import Sector
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, report, roster

A, H, P, Q = AUTHORITY, HOST, FORCE, OTHER_FORCE
Shape = list[set[str]]


def shape(episodes: tuple[Episode, ...]) -> Shape:
    """Give the references of each episode."""
    return [{each.reference for each in episode.statements()} for episode in episodes]


def aligned(*statements: Statement) -> Shape:
    """Align in every order (or, of many reports, some) and give the one result."""
    results = [shape(align(order)) for order in islice(permutations(statements), 130)]
    assert all(result == results[0] for result in results)
    return results[0]


# The examples of domain 7.1


def test_unaware_one_child_two_goings_missing() -> None:
    episodes = align(
        [
            report(P, "01-10 20:00", "01-11 06:00", name="P1"),
            report(P, "03-02 22:40", name="P2", reported_at="2026-03-02T23:10:00+00:00"),
            report(A, "01-10", "01-11", name="A1", return_interview_at="2026-01-12"),
        ]
    )
    assert shape(episodes) == [{"P1", "A1"}, {"P2"}]
    assert not episodes[0].is_open
    assert episodes[1].is_missing_to(Sector.POLICE)
    assert episodes[1].of(Sector.AUTHORITY) == ()


NIGHTS = (
    report(P, "03-02 22:00", "03-03 01:30", name="P1"),
    report(P, "03-03 21:00", "03-04 00:40", name="P2"),
    report(P, "03-04 22:30", "03-05 02:00", name="P3"),
)


def test_a_nightly_runaway_has_three_goings_missing() -> None:
    days = (report(A, "03-02", "03-03", name="A1"), report(A, "03-03", "03-04", name="A2"))
    assert aligned(*NIGHTS, *days) == [{"P1", "A1"}, {"P2", "A2"}, {"P3"}]


@pytest.mark.parametrize("absent", [0, 1, 2])
def test_whichever_night_the_authority_lacks_stands_alone(absent: int) -> None:
    days = [
        report(A, "03-02", "03-03", name="A1"),
        report(A, "03-03", "03-04", name="A2"),
        report(A, "03-04", "03-05", name="A3"),
    ]
    del days[absent]
    expected = [{"P1", "A1"}, {"P2", "A2"}, {"P3", "A3"}]
    expected[absent] = {f"P{absent + 1}"}
    assert aligned(*NIGHTS, *days) == expected


def test_a_third_night_still_open_is_not_hidden_by_the_day_it_began_on() -> None:
    episodes = align(
        [
            *NIGHTS[:2],
            report(P, "03-04 22:30", name="P3"),
            report(A, "03-02", "03-03", name="A1"),
            report(A, "03-03", "03-04", name="A2"),
        ]
    )
    assert shape(episodes) == [{"P1", "A1"}, {"P2", "A2"}, {"P3"}]
    assert episodes[2].is_missing_to(Sector.POLICE)


def test_located_not_returned_is_one_going_missing_in_two_phases() -> None:
    (episode,) = align(
        [
            report(A, "03-04", name="A2", category="away"),
            report(P, "03-03 21:00", "03-04 02:00", name="P1", found_how="custody"),
            report(A, "03-03", "03-04", name="A1"),
        ]
    )
    authority, police = episode.spells
    assert [each.reference for each in authority.statements] == ["A1", "A2"]
    assert authority.is_away
    assert authority.returned is None
    assert police.sector is Sector.POLICE


# Phases of one authority's account (domain 7.1, 3)


@pytest.mark.parametrize(("away", "spells"), [("03-04", 1), ("03-05", 1), ("03-06", 2)])
def test_an_away_row_goes_on_from_a_missing_one_on_adjoining_days_only(
    away: str, spells: int
) -> None:
    rows = [report(A, "03-03", "03-04"), report(A, away, "03-08", category="away")]
    assert sum(len(episode.spells) for episode in align(rows)) == spells


def test_away_then_missing_are_two() -> None:
    rows = [
        report(A, "03-03", "03-04", category="away", name="A1"),
        report(A, "03-04", "03-05", name="A2"),
    ]
    assert aligned(*rows) == [{"A1"}, {"A2"}]


def test_rows_of_one_day_are_read_missing_first() -> None:
    rows = [
        report(A, "03-04", name="a", category="away"),
        report(A, "03-04 11:00", "03-04 15:00", name="m"),
    ]
    assert aligned(*rows) == [{"a", "m"}]


def test_times_that_say_the_child_was_back_in_between_part_the_rows() -> None:
    rows = [
        report(A, "03-03 20:00", "03-04 07:00", name="A1"),
        report(A, "03-04 21:00", "03-05 01:00", category="away", name="A2"),
    ]
    assert aligned(*rows) == [{"A1"}, {"A2"}]


def test_one_away_row_belongs_to_one_missing_row() -> None:
    rows = [
        report(A, "03-02", "03-03", name="A1"),
        report(A, "03-03", "03-04", name="A2"),
        report(A, "03-04", "03-06", name="A3", category="away"),
        report(A, "03-06", "03-07", name="A4", category="away"),
    ]
    assert aligned(*rows) == [{"A1"}, {"A2", "A3"}, {"A4"}]


def test_police_rows_are_never_phases() -> None:
    rows = [report(P, "03-03", "03-04"), report(P, "03-04", "03-05", category="away")]
    assert len(align(rows)) == 2


# Several within one (C5), in both directions


def test_two_police_spells_inside_one_authority_period() -> None:
    assert aligned(
        report(A, "03-02", "03-10", name="A1"),
        report(P, "03-02 22:00", "03-03 01:00", name="P1"),
        report(P, "03-05 20:00", "03-06 03:00", name="P2"),
    ) == [{"A1", "P1", "P2"}]


def test_two_authority_periods_inside_one_police_spell() -> None:
    assert aligned(
        report(P, "03-02 22:00", "03-10 12:00", name="P1"),
        report(A, "03-02", "03-03", name="A1"),
        report(A, "03-05", "03-06", name="A2"),
    ) == [{"P1", "A1", "A2"}]


def test_a_police_spell_on_the_first_day_of_a_period_is_inside_it() -> None:
    assert aligned(
        report(A, "03-02", "03-03", name="A1"),
        report(P, "03-02 10:00", "03-02 12:00", name="P1"),
        report(P, "03-02 22:00", "03-03 02:00", name="P2"),
    ) == [{"A1", "P1", "P2"}]


def test_one_that_begins_on_the_last_day_of_a_period_is_another() -> None:
    assert aligned(
        report(A, "03-02", "03-04", name="A1"),
        report(P, "03-02 22:00", "03-03 01:00", name="P1"),
        report(P, "03-03 21:00", "03-04 00:40", name="P2"),
        report(P, "03-04 22:30", "03-05 02:00", name="P3"),
    ) == [{"A1", "P1", "P2"}, {"P3"}]


def test_two_rows_of_one_day_inside_a_period_of_that_day() -> None:
    day = report(A, "03-03", "03-03", name="A1")
    rows = [
        report(P, "03-03 10:00", "03-03 12:00", name="P1"),
        report(P, "03-03 15:00", "03-03 18:00", name="P2"),
    ]
    assert aligned(day, *rows) == [{"A1", "P1", "P2"}]
    assert aligned(*rows) == [{"P1"}, {"P2"}]


def test_a_night_that_leaves_a_period_of_one_day_is_another() -> None:
    assert aligned(
        report(A, "03-03", "03-03", name="A1"),
        report(P, "03-03 01:00", "03-03 05:00", name="P1"),
        report(P, "03-03 23:00", name="P2"),
    ) == [{"A1", "P1"}, {"P2"}]


def test_two_rows_of_one_organisation_alone_are_two() -> None:
    assert aligned(report(A, "03-03", "03-05", name="A1"), report(A, "03-04", name="A2")) == [
        {"A1"},
        {"A2"},
    ]


def test_an_own_row_goes_before_being_inside_another() -> None:
    assert aligned(
        report(A, "03-02", name="forgotten"),
        report(P, "03-02 22:00", "03-03 01:00", name="P1"),
        report(P, "06-10 21:00", "06-11 04:00", name="P2"),
        report(A, "06-10", "06-11", name="A2"),
    ) == [{"forgotten", "P1"}, {"P2", "A2"}]


def test_a_forgotten_row_whose_police_report_is_lost_takes_nobody_elses() -> None:
    assert aligned(
        report(A, "03-02", name="forgotten"),
        report(P, "06-10 21:00", "06-11 04:00", name="P2"),
        report(A, "06-10", "06-11", name="A2"),
    ) == [{"forgotten"}, {"P2", "A2"}]


def test_a_lone_spell_joins_the_nearest_that_holds_it() -> None:
    assert aligned(
        report(A, "03-02", "03-20", name="A1"),
        report(P, "03-02 22:00", "03-03 01:00", name="P1"),
        report(H, "03-08", "03-20", name="H1"),
        report(P, "03-08 22:00", "03-09 01:00", name="P2"),
        report(P, "03-12 22:00", "03-13 01:00", name="P3"),
    ) == [{"A1", "P1"}, {"H1", "P2", "P3"}]


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


def test_a_midnight_is_of_the_day_that_begins() -> None:
    assert aligned(
        report(P, "03-02 00:00", "03-02 08:00", name="P1"),
        report(P, "03-03 00:00", "03-03 08:00", name="P2"),
        report(A, "03-01", "03-02", name="A1"),
        report(A, "03-02", "03-02", name="A2"),
        report(A, "03-03", "03-03", name="A3"),
    ) == [{"A1"}, {"P1", "A2"}, {"P2", "A3"}]


# Any reports in any order

TIMES = st.one_of(
    st.builds("03-{:02d}".format, st.integers(1, 12)),
    st.builds(
        "03-{:02d} {:02d}:{:02d}".format, st.integers(1, 12), st.integers(0, 23), st.just(30)
    ),
)
REPORTS = st.lists(
    st.tuples(
        st.sampled_from([A, H, P, Q]),
        TIMES,
        st.one_of(st.just(""), TIMES),
        st.sampled_from(["missing", "missing", "away"]),
        st.sampled_from(["open", "closed", "closed", "located", "withdrawn"]),
    ),
    max_size=9,
)


Rows = list[tuple[str, str, str, str, str]]


def made(rows: Rows) -> list[Statement]:
    """Make reports, each with its own reference whatever its number."""
    return [
        report(code, start, end, name=f"R{place}", category=category, status=status)
        for place, (code, start, end, category, status) in enumerate(rows)
    ]


@given(REPORTS, st.randoms(use_true_random=False))
def test_every_order_and_every_numbering_gives_one_result(rows: Rows, random: Random) -> None:
    statements = made(rows)
    again = made(rows)[::-1]
    random.shuffle(again)
    assert shape(align(statements)) == shape(align(again))


@given(REPORTS)
def test_every_report_lands_in_exactly_one_going_missing(rows: Rows) -> None:
    statements = made(rows)
    episodes = align(statements)
    landed = sorted(each.report_id for episode in episodes for each in episode.statements())
    assert landed == sorted(each.report_id for each in statements if not each.withdrawn)
    starts = [episode.start.earliest for episode in episodes]
    assert starts == sorted(starts)


@given(REPORTS)
def test_two_spells_of_one_source_are_one_only_by_a_spell_of_another_that_overlaps_both(
    rows: Rows,
) -> None:
    for episode in align(made(rows)):
        for one, other in combinations(episode.spells, 2):
            if one.organisation == other.organisation:
                assert any(overlap(one, by) and overlap(other, by) for by in episode.spells)


def overlap(one: Spell, other: Spell) -> bool:
    """Tell by whole London days whether two spells of different organisations overlap."""
    (first, last), (begin, end) = bounds(one), bounds(other)
    return one.organisation != other.organisation and first <= end and begin <= last


def bounds(spell: Spell) -> tuple[date, date]:
    """Give the first and the last day of a spell."""
    start = spell.start.day
    end = spell.end.day if spell.end else (date.max if spell.is_open else start)
    return start, max(start, end)


def test_no_chain_over_the_overlapping_periods_of_two_authorities() -> None:
    assert aligned(
        report(P, "03-02 08:00", "03-09 08:00", name="P1"),
        report(A, "03-02", "03-10", name="A1"),
        report(H, "03-08", "03-20", name="H1"),
        report(Q, "03-04 08:00", "03-05 08:00", name="Q1"),
        report(Q, "03-15 08:00", "03-16 08:00", name="Q2"),
    ) == [{"P1", "A1", "Q1"}, {"H1", "Q2"}]
