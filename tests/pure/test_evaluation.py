"""Figures of linking, worked out by hand."""

import pytest

from register.inspection.evaluation import Evaluation, Name, describe, evaluate

POLICE, AUTHORITY, OTHER = "E23000010", "E08000035", "E23000013"
P1, P2, P3 = ((POLICE, f"P{number}") for number in (1, 2, 3))
L1, L2, L3 = ((AUTHORITY, f"L{number}") for number in (1, 2, 3))
Q1 = (OTHER, "Q1")


def held(
    truth: dict[Name, str], *children: tuple[Name, ...], reviews: tuple[tuple[Name, Name], ...] = ()
) -> Evaluation:
    links = {name: str(number) for number, names in enumerate(children) for name in names}
    return evaluate(truth, links, reviews)


def test_all_right() -> None:
    found = held({P1: "a", L1: "a", P2: "b", L2: "b"}, (P1, L1), (P2, L2))
    assert (found.overall.true, found.overall.linked, found.overall.found) == (2, 2, 2)
    assert found.overall.precision == found.overall.recall == found.overall.f1 == 1.0


def test_pairs_across_the_sides_and_within_one_are_told_apart() -> None:
    truth = {P1: "a", P2: "a", Q1: "a", L1: "a"}
    found = held(truth, (P1, P2, L1), (Q1,))
    assert (found.across.true, found.across.found) == (3, 2)
    assert (found.within.true, found.within.found) == (3, 1)
    assert found.across.recall == pytest.approx(2 / 3)


def test_precision_and_f1() -> None:
    found = held({P1: "a", L1: "a", P2: "b", L2: "b", L3: "c"}, (P1, L1), (P2, L3), (L2,))
    assert (found.overall.precision, found.overall.recall) == (0.5, 0.5)
    assert found.overall.f1 == 0.5
    assert found.wrong == [(L3, P2)]


def test_every_wrong_pair_of_a_wrong_child_counts() -> None:
    found = held({P1: "a", L1: "a", P2: "b", L2: "b"}, (P1, L1, P2, L2))
    assert (found.overall.linked, found.overall.found, len(found.wrong)) == (6, 2, 4)
    assert found.orphans == 0


def test_orphan_twins_are_counted_apart() -> None:
    """Each of the two is known to one side only: no rule on names could tell them apart."""
    found = held({P1: "one twin", L1: "the other"}, (P1, L1))
    assert (len(found.wrong), found.orphans) == (1, 1)
    assert "Wrong-child links: 0, and 1 of orphan twins" in describe(found)


def test_twins_whom_a_side_knows_both_are_no_orphans() -> None:
    truth = {P1: "one twin", L1: "the other", L2: "one twin"}
    found = held(truth, (P1, L1), (L2,))
    assert (len(found.wrong), found.orphans) == (1, 0)
    assert "Wrong-child links: 1, and 0 of orphan twins" in describe(found)


def test_a_review_finds_every_pair_that_it_would_join() -> None:
    truth = {P1: "a", P2: "a", L1: "a", L2: "a"}
    found = held(truth, (P1, P2), (L1, L2), reviews=((P1, L1),))
    assert found.overall.recall == pytest.approx(2 / 6)
    assert found.overall.recall_with_review == 1.0
    assert (found.queue, found.queue_true) == (1, 1)


def test_reports_that_the_truth_does_not_name_are_left_out() -> None:
    found = held({P1: "a", L1: "a"}, (P1, L1, P3), reviews=((P3, L1),))
    assert (found.overall.linked, len(found.wrong), found.queue) == (1, 0, 0)


def test_reports_that_are_not_there_count_as_missed() -> None:
    found = held({P1: "a", L1: "a", P2: "a"}, (P1, L1))
    assert (found.overall.true, found.overall.found, found.absent) == (3, 1, 1)
    assert "1 reports of the truth are not there" in describe(found)


def test_nothing_linked_is_no_precision_lost() -> None:
    found = held({P1: "a", L1: "b"}, (P1,), (L1,))
    assert (found.overall.precision, found.overall.recall, found.overall.f1) == (1.0, 1.0, 1.0)


def test_control_the_figures_move() -> None:
    truth = {P1: "a", L1: "a"}
    assert held(truth, (P1, L1)).overall.recall > held(truth, (P1,), (L1,)).overall.recall
