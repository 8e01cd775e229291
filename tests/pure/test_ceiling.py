"""Whoever is ruled out before the names are compared would not have come to anything."""

from dataclasses import replace
from itertools import combinations

import pytest

from register.linkage.candidates import candidate_of, judge_pair
from register.linkage.ceiling import may_follow
from register.linkage.compare import compare_beside_names
from register.linkage.guards import Decision
from register.linkage.identity import Subject, blocking_keys, group_subjects
from register.linkage.match import Model
from register.reports.files import open_source
from register.reports.source import Read
from register.simulation.care_pairs import write_unaccompanied
from register.simulation.pairs import write_pair
from tests.linked import statement_of
from tests.report_files import NOW
from tests.subjects import MODEL

Two = tuple[Subject, Subject]


@pytest.fixture(scope="module", name="pairs")
def make_pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Two]:
    """Give whoever shares a key, and some who share none."""
    folder = tmp_path_factory.mktemp("drawn")
    files = write_pair(folder / "all", 500, 71)[:2] + write_unaccompanied(folder / "uasc", 200, 72)
    items = [each for path in files[:4] for each in open_source(path, now=NOW)]
    read = enumerate((each.reading for each in items if isinstance(each, Read)), 1)
    subjects = group_subjects(statement_of(reading, number, NOW) for number, reading in read)
    under: dict[int, list[Subject]] = {}
    for subject in subjects.values():
        for key in blocking_keys(subject):
            under.setdefault(key, []).append(subject)
    under[0] = list(subjects.values())[:120]
    return [two for each in under.values() for two in combinations(each, 2)]


def is_ruled_out(two: Two, model: Model) -> bool:
    """Tell whether nothing may follow of two, whatever they are called."""
    return not may_follow(compare_beside_names(*two), model)


def wrongly_ruled_out(pairs: list[Two], model: Model, by: Model) -> list[Two]:
    """Give those whom the one model rules out although something would follow by the other."""
    return [
        two
        for two in pairs
        if is_ruled_out(two, by) and judge_pair(*two, model).judged.decision is not Decision.NOTHING
    ]


@pytest.mark.parametrize("easier", [0.0, 2.0, 4.0, 6.0, 8.0])
def test_nobody_is_ruled_out_of_whom_something_follows(pairs: list[Two], easier: float) -> None:
    priors = MODEL.priors._replace(**{k: v + easier for k, v in MODEL.priors._asdict().items()})
    model = replace(MODEL, priors=priors)
    assert wrongly_ruled_out(pairs, model, model) == []
    ruled_out = sum(is_ruled_out(two, model) for two in pairs)
    assert ruled_out > len(pairs) / 5 or easier > 4  # it must be of use


def test_what_is_left_out_is_only_what_comes_to_nothing(pairs: list[Two]) -> None:
    for two in pairs:
        whole, found = judge_pair(*two, MODEL), candidate_of(*two, MODEL)
        assert found == (None if whole.judged.decision is Decision.NOTHING else whole)


def test_control_a_ceiling_too_low_is_seen(pairs: list[Two]) -> None:
    lower = MODEL.priors._replace(stranger=MODEL.priors.stranger - 12)
    assert wrongly_ruled_out(pairs, MODEL, replace(MODEL, priors=lower))
