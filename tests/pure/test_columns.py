from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from register.linkage.columns.compare import Comparer
from register.linkage.columns.nominate import in_order, nominate, silent_values
from register.linkage.columns.people import find_people
from register.linkage.guards import Decision
from register.linkage.match import Judged, Model, judge
from register.reports.columns import columns_of
from register.reports.files import open_source
from register.reports.source import Read
from register.reports.statement import Statement
from register.simulation.care_pairs import write_unaccompanied
from register.simulation.pairs import write_pair, write_twins
from tests.linked import link_statements, statement_of
from tests.one_by_one import group_all, judge_all
from tests.subjects import MODEL

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Scores = dict[tuple[int, int], Judged]


def read(paths: Sequence[Path]) -> list[Statement]:
    """Read the reports of files, numbered from 1."""
    found = [
        item.reading
        for path in paths
        for item in open_source(path, now=NOW)
        if isinstance(item, Read)
    ]
    return [statement_of(reading, number, NOW) for number, reading in enumerate(found, 1)]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Statement]:
    """Reports of children with siblings, slips, nicknames and moves; of twins; of unaccompanied."""
    folder = tmp_path_factory.mktemp("reports")
    pair, twins = write_pair(folder / "pair", 1500, 61), write_twins(folder / "twins", 120, 62)
    alone = write_unaccompanied(folder / "alone", 250, 63)
    return [
        replace(statement, report_id=number)
        for number, statement in enumerate(read(pair[:2]) + read(twins[:2]) + read(alone[:2]), 1)
    ]


def scores_in_columns(statements: list[Statement], model: Model) -> Scores:
    """Judge every nominated pair in columns."""
    people = find_people(
        columns_of([(s.organisation, s.reference, s.kind, s.values) for s in statements])
    )
    nominated = nominate(people, model)
    ones, others = in_order(people, nominated.ones, nominated.others)
    comparer = Comparer(people, silent_values(people, model), model)
    compared = comparer.compare(ones, others)
    judged = [judge(each, model) for each in compared.distinct]
    first = people.first + 1
    return {
        (int(min(first[a], first[b])), int(max(first[a], first[b]))): judged[place]
        for a, b, place in zip(ones, others, compared.places, strict=True)
    }


def scores_one_by_one(statements: list[Statement], model: Model) -> Scores:
    """Judge every nominated pair by itself."""
    return {each.pair: each.judged for each in judge_all(statements, model)}


@pytest.mark.parametrize(("crowd", "namesakes", "shared"), [(60, 12, 20), (8, 4, 2)])
def test_the_same_pairs_get_the_same_scores(
    reports: list[Statement], crowd: int, namesakes: int, shared: int
) -> None:
    model = replace(MODEL, crowd=crowd, namesakes=namesakes, shared=shared)
    found, told = scores_in_columns(reports, model), scores_one_by_one(reports, model)
    assert len(found) > len(reports) / 2
    assert found.keys() == told.keys()
    assert {pair: score for pair, score in found.items() if score != told[pair]} == {}


def test_from_pairs_that_are_left_out_nothing_follows(reports: list[Statement]) -> None:
    people = find_people(
        columns_of([(s.organisation, s.reference, s.kind, s.values) for s in reports])
    )
    nominated = nominate(people, MODEL)
    comparer = Comparer(people, silent_values(people, MODEL), MODEL)
    every = comparer.compare(*in_order(people, nominated.ones, nominated.others))
    rows, some = comparer.compare_telling(nominated.ones, nominated.others)
    scores = [judge(each, MODEL) for each in every.distinct]
    told = dict(zip(rows.tolist(), some.places.tolist(), strict=True))
    assert 0 < len(told) < len(every.places)
    for row, place in enumerate(every.places.tolist()):
        if row in told:
            assert judge(some.distinct[told[row]], MODEL) == scores[place]
        else:
            assert scores[place].decision is Decision.NOTHING


def test_the_same_children_and_the_same_questions(reports: list[Statement]) -> None:
    found, told = link_statements(reports, MODEL), group_all(reports, MODEL)
    by_subject = {min(reports): sorted(reports) for reports in found.children}
    assert sorted(map(min, told.groups)) == sorted(by_subject)
    assert len(found.reviews) == len(told.proposals)
    assert sorted(p for _, p, _ in found.reviews) == sorted(p.probability for p in told.proposals)


def test_control_a_pass_that_takes_near_names_for_different_ones_is_seen(
    reports: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "register.linkage.columns.words.Words.facts", lambda _, a, b: np.asarray(a != b, np.int8)
    )
    assert scores_in_columns(reports, MODEL) != scores_one_by_one(reports, MODEL)
