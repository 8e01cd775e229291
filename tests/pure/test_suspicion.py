"""What nobody can explain is found among 50,000 looks, and little else is asked about."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from register.access.suspicion import LEAST, SIGNS, Access, suspicions
from tests.accesses import KINDS, START, Month, make_accesses
from tests.registers import DRILL

TOTAL, MISUSES = 50_000, 200
SEEDS = (1, 2, 3) if DRILL else (1,)


@pytest.fixture(scope="module", params=SEEDS)
def month(request: pytest.FixtureRequest) -> Month:
    """Give a month of accesses with misuses of ten kinds."""
    return make_accesses(request.param, TOTAL, MISUSES)


def recall(found: Collection[int], month: Month) -> float:
    planted = {number for numbers in month.planted.values() for number in numbers}
    assert len(planted) == MISUSES
    return len(planted & set(found)) / len(planted)


def test_misuses_are_found_and_few_others_are_asked_about(month: Month) -> None:
    assert len(month.accesses) == TOTAL
    found = {each.access.number for each in suspicions(month.accesses)}
    assert len(found) <= TOTAL * 0.02
    assert recall(found, month) >= 0.95
    for kind in KINDS:
        numbers = month.planted[kind]
        assert len(numbers & found) >= len(numbers) * 0.7, kind


def test_control_without_what_the_data_explains_they_are_not_found(month: Month) -> None:
    blind = [replace(each, explained="") for each in month.accesses]
    found = {each.access.number for each in suspicions(blind)}
    assert recall(found, month) < 0.8


def test_control_by_chance_they_are_not_found(month: Month) -> None:
    first = {each.number for each in month.accesses[: TOTAL // 50]}
    assert recall(first, month) < 0.2


def test_the_oddest_stand_first_and_each_says_why(month: Month) -> None:
    found = suspicions(month.accesses)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= LEAST
    assert all(each.signs and set(each.signs) <= SIGNS.keys() for each in found)


def test_what_is_explained_is_asked_about_among_family_only() -> None:
    look = Access(1, "amina", "L", 7, START + timedelta(hours=3), "page", "missing then", quiet=999)
    assert suspicions([look]) == []
    (own,) = suspicions([replace(look, namesake=True)])
    assert own.signs == ("namesake",)


def test_a_few_searches_that_find_nobody_are_everyday() -> None:
    looks = [Access(n, "amina", "L", 0, START + timedelta(hours=9), "check") for n in range(7)]
    assert suspicions(looks) == []
