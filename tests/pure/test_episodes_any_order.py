"""Episodes of any reports: one result for every order, and no report lost or counted twice."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations, permutations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from register.records.episodes import align
from register.records.spells import Spell
from register.reports.statement import Statement
from tests.alignment import shape
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, report

TIMES = st.one_of(
    st.builds("03-{:02d}".format, st.integers(1, 12)),
    st.builds(
        "03-{:02d} {:02d}:{:02d}".format, st.integers(1, 12), st.integers(0, 23), st.just(30)
    ),
)
REPORTS = st.lists(
    st.tuples(
        st.sampled_from([AUTHORITY, HOST, FORCE, OTHER_FORCE]),
        TIMES,
        st.one_of(st.just(""), TIMES),
        st.sampled_from(["missing", "missing", "away"]),
        st.sampled_from(["open", "closed", "closed", "located", "withdrawn"]),
    ),
    max_size=9,
)


Rows = list[tuple[str, str, str, str, str]]


def made(rows: Rows, order: Iterable[int] = ()) -> list[Statement]:
    """Make the reports in an order of arrival, each with its own reference whatever its number."""
    return [_made(place, *rows[place]) for place in order or range(len(rows))]


def _made(place: int, code: str, start: str, end: str, category: str, status: str) -> Statement:
    return report(code, start, end, name=f"R{place}", category=category, status=status)


@given(REPORTS, st.randoms(use_true_random=False))
def test_every_order_and_every_numbering_gives_one_result(rows: Rows, random: Random) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    assert shape(align(made(rows))) == shape(align(made(rows, order)))


@given(REPORTS)
def test_twins_of_every_report_are_told_apart_by_their_references(rows: Rows) -> None:
    twice = (rows * 2)[:10]
    backwards = range(len(twice) - 1, -1, -1)
    assert shape(align(made(twice))) == shape(align(made(twice, backwards)))


def test_which_of_two_like_rows_goes_on_is_told_by_the_references() -> None:
    rows = [
        (AUTHORITY, "03-03", "03-04", "missing", "closed"),
        (AUTHORITY, "03-03", "03-04", "missing", "closed"),
        (AUTHORITY, "03-04", "", "away", "open"),
    ]
    orders = permutations(range(3))
    assert {str([sorted(each) for each in shape(align(made(rows, o)))]) for o in orders} == {
        "[['R0'], ['R1', 'R2']]"
    }


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
