"""The pair of extracts that linking is measured on: the same each time, and of the right kind."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from register.simulation.care_pairs import write_looked_after, write_unaccompanied
from register.simulation.identifiers import passes
from register.simulation.pairs import write_pair, write_twins

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows, dict[str, str]]:
    police, authority, truth = write_pair(tmp_path_factory.mktemp("pair"), 3500, seed=11)
    return read(police), read(authority), {row["reference"]: row["person"] for row in read(truth)}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for writer, size in (
        (write_pair, 200),
        (write_twins, 60),
        (write_unaccompanied, 60),
        (write_looked_after, 60),
    ):
        first = writer(tmp_path / "first", size, seed=3)
        again = writer(tmp_path / "again", size, seed=3)
        other = writer(tmp_path / "other", size, seed=4)
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
        assert first[0].read_bytes() != other[0].read_bytes()


def test_a_part_of_the_children_is_known_to_both(pair: tuple[Rows, Rows, dict[str, str]]) -> None:
    police, authority, truth = pair
    ours = {truth[row["reference"]] for row in police}
    theirs = {truth[row["reference"]] for row in authority}
    assert (len(ours), len(theirs), len(ours & theirs)) == (3500, 3500, 2450)
    assert 3700 < len(police) < 4300
    assert 3700 < len(authority) < 4300


def test_every_reference_is_told_once(pair: tuple[Rows, Rows, dict[str, str]]) -> None:
    police, authority, truth = pair
    assert len(truth) == len(police) + len(authority)


def test_identifiers_are_a_minority_and_synthetic(
    pair: tuple[Rows, Rows, dict[str, str]],
) -> None:
    rows = pair[0] + pair[1]
    numbers = [row["nhs_number"] for row in rows if row["nhs_number"]]
    assert all(number.startswith("9") for number in numbers)
    assert 0.15 < len(numbers) / len(rows) < 0.25
    valid = sum(passes(number) for number in numbers)
    assert 0.93 * len(numbers) < valid < len(numbers)


def test_an_own_id_names_one_child_of_one_organisation(
    pair: tuple[Rows, Rows, dict[str, str]],
) -> None:
    police, authority, truth = pair
    named: dict[tuple[str, str], set[str]] = {}
    for row in police + authority:
        if row["child_reference"]:
            key = row["organisation"], row["child_reference"]
            named.setdefault(key, set()).add(truth[row["reference"]])
    assert len(named) > 200
    assert all(len(persons) == 1 for persons in named.values())


def test_siblings_share_a_surname_and_an_address(
    pair: tuple[Rows, Rows, dict[str, str]],
) -> None:
    police, authority, truth = pair
    household: dict[tuple[str, str], set[str]] = {}
    for row in police + authority:
        household.setdefault((row["surname"], row["home_postcode"]), set()).add(
            truth[row["reference"]]
        )
    sizes = Counter(len(persons) for key, persons in household.items() if all(key))
    assert sum(count for size, count in sizes.items() if size > 1) > 400


def test_some_twins_are_orphans(tmp_path: Path) -> None:
    police, authority, truth = (read(path) for path in write_twins(tmp_path, 160, seed=5))
    person = {row["reference"]: row["person"] for row in truth}
    ours = {person[row["reference"]] for row in police}
    theirs = {person[row["reference"]] for row in authority}
    assert ours - theirs
    assert theirs - ours
    assert not any(row["nhs_number"] or row["upn"] for row in police + authority)


def test_unaccompanied_children_share_homes_and_birthdays_and_have_few_numbers(
    tmp_path: Path,
) -> None:
    police, authority, truth = write_unaccompanied(tmp_path, 400, seed=5)
    rows = read(authority)
    new_year = sum(row["date_of_birth"].endswith("-01-01") for row in rows)
    assert 0.5 < new_year / len(rows) < 0.75
    assert sum(bool(row["nhs_number"]) for row in rows) < 0.1 * len(rows)
    assert Counter(row["home_postcode"] for row in rows).most_common(2)[1][1] > 3
    people = {row["reference"]: row["person"] for row in read(truth)}
    ours, theirs = ({people[row["reference"]] for row in side} for side in (read(police), rows))
    assert (len(ours), len(theirs), len(ours & theirs)) == (400, 400, 280)


def test_children_in_care_move_more_often_than_others(tmp_path: Path) -> None:
    def of_one_home(paths: tuple[Path, Path, Path]) -> float:
        people = {row["reference"]: row["person"] for row in read(paths[2])}
        homes: list[dict[str, str]] = [
            {people[row["reference"]]: row["home_postcode"] for row in read(path)}
            for path in paths[:2]
        ]
        both = [each for each in homes[0].keys() & homes[1].keys() if homes[0][each]]
        return sum(homes[0][each] == homes[1][each] for each in both) / len(both)

    usual = of_one_home(write_pair(tmp_path / "pair", 600, seed=6))
    in_care = of_one_home(write_looked_after(tmp_path / "care", 600, seed=6))
    assert in_care < usual - 0.08
