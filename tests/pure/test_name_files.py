"""The files that hold what is known of names: sorted, without doubles, without contradictions."""

import csv
from itertools import pairwise

import pytest

from register.linkage.names import fold, spelling_of
from register.settings import CONFIG_DIR


def rows_of(name: str) -> list[dict[str, str]]:
    with (CONFIG_DIR / "names" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_families_have_enough_lines_and_contradict_each_other_nowhere() -> None:
    rows = rows_of("families")
    assert {row["kind"] for row in rows} == {"spelling", "nickname", "surname"}
    assert len(rows) >= 350
    spelt: dict[str, str] = {}
    for row in rows:
        members = [fold(name) for name in (row["head"], *row["variants"].split())]
        assert all(member and " " not in member for member in members), row
        assert len(members) == len(set(members)) > 1, row
        assert members[1:] == sorted(members[1:]), row
        if row["kind"] != "nickname":
            for member in members:
                assert spelt.setdefault(member, row["head"]) == row["head"], member
    keys = [(row["kind"], fold(row["head"])) for row in rows]
    assert all(a < b for a, b in pairwise(keys))


def test_no_nickname_is_also_a_spelling_of_its_name() -> None:
    for row in rows_of("families"):
        if row["kind"] == "nickname":
            head = spelling_of(fold(row["head"]))
            assert head == fold(row["head"]), f"{row['head']}: write {head}"
            members = [fold(name) for name in row["variants"].split()]
            spelt = [spelling_of(name) for name in members]
            assert head not in spelt, row
            assert not [name for name in spelt if spelt.count(name) > 1 and name in members], row


@pytest.mark.parametrize(("file", "least"), [("forenames", 2500), ("surnames", 750)])
def test_listed_names_are_sorted_and_stand_once(file: str, least: int) -> None:
    rows = rows_of(file)
    assert {row["commonness"] for row in rows} == set("1234")
    keys = [(row["origin"], row["commonness"], fold(row["names"])) for row in rows]
    assert keys == sorted(keys)
    folded = [[fold(name) for name in row["names"].split()] for row in rows]
    assert all(names == sorted(names) for names in folded)
    flat = [name for names in folded for name in names]
    assert all(name.isascii() and name.isalpha() for name in flat)
    assert len(flat) == len(set(flat)) >= least


def test_words_are_folded_sorted_and_of_one_kind() -> None:
    rows = rows_of("words")
    for row in rows:
        words = row["words"].split("; ")
        assert words == sorted(set(words)), row["kind"]
        assert all(word == fold(word) for word in words)
    kinds = [row["kind"] for row in rows]
    assert kinds == sorted(set(kinds))
    joining = [row for row in rows if row["kind"].startswith(("joined", "dropped"))]
    every = [word for row in joining for word in row["words"].split("; ")]
    assert len(every) == len(set(every))
