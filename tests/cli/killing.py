"""A long import, killed again and again, each time begun again with the same command."""

import csv
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from register.simulation.pairs import write_pair
from tests.cli.conftest import Program
from tests.cli.dying import Ended, Moment, Reached, Run, Variant, plain
from tests.cli.facts import End, Facts, Version, end_of, versions_in
from tests.recorded import Acknowledged
from tests.registers import DRILL


class Size(NamedTuple):
    """So many children a source, in so many batches, so many rows at once."""

    children: int
    batches: int
    chunk: int


SIZE = Size(44_000, 50, 250) if DRILL else Size(300, 5, 10)
"""44,000 children a source make 100,000 reports."""
EXTRACT = ("--extract", "2026-01-01..2026-07-31")
CORRECTED = datetime(2026, 8, 1, 9, tzinfo=UTC).isoformat()
Batch = tuple[Path, Path]


def seeded() -> random.Random:
    """Draw by chance, or as REGISTER_SEED says."""
    seed = int(os.environ.get("REGISTER_SEED", random.SystemRandom().randrange(10**9)))
    print(f"seed {seed}")  # noqa: T201  # to run it again: REGISTER_SEED
    return random.Random(seed)  # noqa: S311  # moments, no secret


@dataclass(frozen=True)
class Sendings:
    """Files of both sources, sent batch after batch, and what an undisturbed import makes of them.

    Each file begins with the last rows of the one before it, every third of them corrected.
    """

    size: Size
    batches: list[Batch]
    versions: dict[str, list[Version]]
    end: End
    statements: int
    commits: int

    def said_in(self, rows: Mapping[str, int]) -> set[Version]:
        """Give the versions in so many rows of each file."""
        return {version for file in rows for version in self.versions[file][: rows[file]]}

    def moment(self, kills: int, rng: random.Random) -> Moment:
        """Draw when to kill next, so that so many kills spread over it all."""
        of_commits = rng.random() < 1 / 3
        of_all = self.commits if of_commits else self.statements
        return Moment(rng.randrange(1, 3 + 3 * of_all // kills), of_commits)


def commands(batches: Sequence[Batch]) -> Iterator[tuple[object, ...]]:
    """Give what is to be run for each; the last also says that it is all."""
    for batch in batches[:-1]:
        yield ("import", *batch)
    yield ("import", *batches[-1], *EXTRACT)


def prepare(folder: Path, undisturbed: Program, size: Size = SIZE) -> Sendings:
    """Write the files and send them to a register that nobody disturbs."""
    police, authority, _ = write_pair(folder, size.children, seed=20261121)
    batches = list(zip(*(_cut(file, size.batches) for file in (police, authority)), strict=True))
    ends = [Run(undisturbed, *each).end() for each in commands(batches)]
    assert all(end.code == 0 and ", 0 rejected" in end.output for end in ends)
    end = end_of(undisturbed)
    assert end.counts["report_version"] == end.counts["entries of versions"]
    assert end.counts["report_version"] > end.counts["report"] > 2 * size.children
    assert end.state.mismatches
    versions = {file.name: versions_in(file) for batch in batches for file in batch}
    # In smaller chunks than those it takes more commits, of about as many statements each.
    commits = sum(-(-len(each) // size.chunk) + 1 for each in versions.values())
    statements = sum(end.statements for end in ends) / sum(end.commits for end in ends)
    return Sendings(size, batches, versions, end, round(commits * statements), commits)


def _cut(file: Path, batches: int) -> list[Path]:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    size = -(-len(rows) // batches)
    paths: list[Path] = []
    for start in range(0, len(rows), size):
        overlap = [dict(row) for row in rows[max(0, start - size // 5) : start]]
        for row in overlap[::3]:
            row |= {"updated_at": CORRECTED, "risk_level": "high"}
        paths.append(file.with_stem(f"{file.stem}-{len(paths)}"))
        with paths[-1].open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0])
            writer.writeheader()
            writer.writerows([*overlap, *rows[start : start + size]])
    return paths


@dataclass
class Killer:
    """Sends all batches to a register and strikes as often as is asked."""

    register: Program
    sent: Sendings
    rng: random.Random
    strike: Callable[[Run], None] = Run.kill
    mend: Callable[[], None] = lambda: None
    variant: Variant = plain
    strikes: int = 0

    def send_all(self, kills: int) -> None:
        """Send each batch until it is in, struck ever again; the facts must hold each time."""
        facts = Facts()
        for number, command in enumerate(commands(self.sent.batches), 1):
            due, last = kills * number // len(self.sent.batches), number == len(self.sent.batches)
            is_in = False
            while not is_in or (last and self.strikes < kills):
                moment = self.sent.moment(kills, self.rng) if self.strikes < due else Moment()
                is_in = self._send(command, moment, facts)

    def _send(self, command: tuple[object, ...], moment: Moment, facts: Facts) -> bool:
        """Send one batch; whether it went in to its end, whatever struck it then."""
        run = Run(
            self.register,
            *command,
            moment=moment,
            variant=self.variant,
            chunk=self.sent.size.chunk,
        )
        acknowledged: dict[str, int] = {}
        struck, ended = False, None
        for told in run:
            match told:
                case Acknowledged():
                    acknowledged[told.file] = told.rows
                case Reached():
                    struck = True
                    self.strike(run)
                case Ended():
                    ended = told
        if struck:
            self.mend()
        facts.check(self.register, self.sent.said_in(acknowledged))
        if ended is not None and ended.code == 0:
            return True
        assert struck, ended
        assert ended is None or "Error: " in ended.output
        self.strikes += 1
        return False
