"""Two groupings of the same reports compared: who would part, who would join, who stays."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.linkage.what_if import changes

GROUPINGS = st.lists(st.integers(0, 4), min_size=8, max_size=8)


def child_of(groups: str) -> dict[int, int]:
    """Read "12 3" as reports 1 and 2 of one child and 3 of another; a child is its first report."""
    return {int(each): int(min(group)) for group in groups.split() for each in group}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("12 3", "12 3", []),
        ("12 3", "1 2 3", ["1 parts"]),
        ("1 2 3", "12 3", ["1,2 joins"]),
        ("12 34", "1234", ["1,3 joins"]),
        ("12 34", "13 24", ["1,3 parts joins"]),
        ("12 34", "123 4", ["1,3 parts joins"]),
        ("12 34 5", "1 2 345", ["1 parts", "3,5 joins"]),
        ("123", "23 1", ["1 parts"]),
    ],
)
def test_changes(before: str, after: str, said: list[str]) -> None:
    found = [
        ",".join(map(str, each.before)) + " parts" * each.parts + " joins" * each.joins
        for each in changes(child_of(before), child_of(after))
    ]
    assert found == said


def reports(groups: Mapping[int, tuple[int, ...]]) -> list[int]:
    return sorted(each for members in groups.values() for each in members)


@given(GROUPINGS, GROUPINGS)
def test_all_that_differs_is_told_once(one: list[int], other: list[int]) -> None:
    before, after = dict(enumerate(one)), dict(enumerate(other))
    found = list(changes(before, after))
    told = [report for each in found for report in reports(each.before)]
    assert len(told) == len(set(told))
    for each in found:
        assert reports(each.before) == reports(each.after)
        assert each.parts or each.joins

    def groups(child: Mapping[int, int], left_out: set[int]) -> set[frozenset[int]]:
        left = {report: who for report, who in child.items() if report not in left_out}
        return {frozenset(r for r in left if left[r] == who) for who in left.values()}

    assert groups(before, set(told)) == groups(after, set(told)), "who isn't told of stays"
