"""A long file with bad rows: every good row goes in, every bad one comes back, killed or not."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from register.simulation.pairs import write_pair
from tests.cli.conftest import Program, Row
from tests.cli.dying import Moment, Reached, Run
from tests.cli.facts import Facts, Version, check_whole, end_of, versions_in
from tests.cli.killing import seeded
from tests.registers import DRILL

CHILDREN = 88_000 if DRILL else 1000
"""88,000 make a file of 100,000 reports."""
BAD_IN_A_THOUSAND = 1 if DRILL else 20
SPOILT: tuple[Row, ...] = (
    {"status": "gone"},
    {"missing_at": "some day"},
    {"organisation": "E99999999"},
    {"reference": ""},
    {"status": "gone", "category": "lost"},
)


@dataclass(frozen=True)
class Poisoned:
    """A file, what its good rows say, and the fields that are bad by the lines of the others."""

    path: Path
    good: set[Version]
    bad: dict[int, set[str]]
    rng: Random


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Poisoned:
    rng = seeded()
    clean, _, _ = write_pair(tmp_path_factory.mktemp("pair"), CHILDREN, seed=20261121)
    with clean.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = versions_in(clean)
    places = sorted(rng.sample(range(len(rows)), len(rows) * BAD_IN_A_THOUSAND // 1000))
    bad = {}
    for place in places:
        spoilt = rng.choice(SPOILT)
        rows[place] |= spoilt
        bad[place + 2] = set(spoilt)
    path = clean.with_name("poisoned.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return Poisoned(path, {each for n, each in enumerate(said) if n + 2 not in bad}, bad, rng)


def handed_back(output: str) -> Iterator[Row]:
    for path in re.findall(r"reasons: (.+)", output):
        with Path(path).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def test_killed_and_resumed_every_good_row_is_in_and_every_bad_one_comes_back(
    register: Program, poisoned: Poisoned
) -> None:
    facts = Facts()
    for chunks in sorted(poisoned.rng.sample(range(2, len(poisoned.good) // 100), 3)):
        moment = Moment(chunks, of_commits=True)
        run = Run(register, "import", poisoned.path, moment=moment, chunk=100)
        for told in run:
            if isinstance(told, Reached):
                run.kill()
        assert run.was_killed
        facts.check(register, ())
    ended = Run(register, "import", poisoned.path).end()
    assert ended.code == 0
    facts.check(register, poisoned.good)
    assert facts.versions == poisoned.good
    rows = list(handed_back(ended.output))
    fields = {int(row["rejected_line"]): set(row["rejected_field"].split(";")) for row in rows}
    assert fields == poisoned.bad
    assert all(row["rejected_reason"] for row in rows)
    check_whole(register)


def test_all_or_nothing_applies_nothing_of_it_and_lists_it_all(
    register: Program, poisoned: Poisoned
) -> None:
    before = end_of(register)
    ended = Run(register, "import", poisoned.path, "--all-or-nothing").end()
    assert ended.code == 1
    assert f"{len(poisoned.bad)} of {len(poisoned.good) + len(poisoned.bad)} rows" in ended.output
    assert end_of(register) == before
    (rejects,) = (register.folder / "rejects").iterdir()
    with rejects.open(encoding="utf-8", newline="") as file:
        assert {int(row["rejected_line"]) for row in csv.DictReader(file)} == {*poisoned.bad}
    check_whole(register)


def test_a_file_that_was_cut_off_is_refused_whole(embedded: Program, poisoned: Poisoned) -> None:
    whole, before = poisoned.path.read_bytes(), end_of(embedded)
    for _ in range(10):
        end = poisoned.rng.randrange(1000, len(whole))
        row = whole[whole.rfind(b"\n", 0, end) + 1 : end]
        if row.count(b",") == whole.split(b"\n", 1)[0].count(b",") or not row:
            continue  # after the last comma, or after a row, nothing shows that something lacks
        part = poisoned.path.with_name("cut off.csv")
        part.write_bytes(whole[:end])
        assert "cut off" in embedded.refuse("import", part)
        assert end_of(embedded) == before
