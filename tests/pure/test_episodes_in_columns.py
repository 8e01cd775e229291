"""Episodes found for many children at once are those that are found for each by itself."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.numbers import LENGTH, child_number, episode_number
from register.records import columns as recording
from register.records.columns import number_episodes, written
from register.records.episodes import align
from register.reports.columns import columns_of
from register.reports.statement import Statement
from tests.pure.test_episodes_any_order import REPORTS, Rows, made

CHILDREN = st.lists(REPORTS, min_size=1, max_size=4)


def in_columns(children: list[list[Statement]]) -> list[int]:
    """Number the episodes of several children's reports in columns."""
    reports = [each for child in children for each in child]
    child = np.repeat(np.arange(len(children)), [len(each) for each in children])
    columns = columns_of([(s.organisation, s.reference, s.kind, s.values) for s in reports])
    found: list[int] = number_episodes(columns, child).tolist()
    return found


def one_by_one(children: list[list[Statement]]) -> list[int]:
    """Number the same, each child by itself."""
    rows = {id(each): row for row, each in enumerate(each for child in children for each in child)}
    found: dict[int, int] = defaultdict(lambda: -1)
    for child in children:
        for episode in align(child):
            mine = [rows[id(statement)] for statement in episode.statements()]
            found.update(dict.fromkeys(mine, min(mine)))
    return [found[row] for row in range(len(rows))]


@given(CHILDREN)
def test_the_same_episodes(children: list[Rows]) -> None:
    reports = [made(rows) for rows in children]
    assert in_columns(reports) == one_by_one(reports)


def test_control_accounts_that_are_never_near_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_MARGIN", -30 * 86400)
    rows: Rows = [
        ("E08000035", "03-02", "03-03", "missing", "closed"),
        ("E23000010", "03-02 20:30", "03-03 07:30", "missing", "closed"),
    ]
    assert in_columns([made(rows)]) != one_by_one([made(rows)])


@given(st.lists(st.integers(-1, 10**9), max_size=5))
def test_register_numbers_are_written_the_same(numbers: list[int]) -> None:
    for kind, write in (("C", child_number), ("E", episode_number)):
        told = ["" if each < 0 else write(each) for each in numbers]
        assert written(kind, np.array(numbers, np.int64)).to_pylist() == told
    assert len(child_number(0)) > LENGTH
