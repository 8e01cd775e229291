"""Episodes: the examples of domain 7.1, the phases of one account, both directions of C5."""

import pytest

from register.records.episodes import align
from register.terms import Sector
from tests.alignment import aligned, shape
from tests.statements import AUTHORITY, FORCE, HOST, report

A, H, P = AUTHORITY, HOST, FORCE

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
