"""Killed at any moment, or with no room left: the same command again ends in the same register."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from register.audit.models import AuditEvent
from register.reports.models import Extract, Report, ReportVersion
from register.settings import ROOT
from register.simulation.pairs import write_pair
from register.work import begin_work
from tests.cli.conftest import MakeProgram, Program
from tests.registers import DRILL, State, state_of

KILLS = 10
CHILDREN = 2000 if DRILL else 60
"""So many children a source; the shared sample has 2,000."""
CHUNK = str(CHILDREN // 8)
EXTRACT = ("--extract", "2026-01-01..2026-07-31")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    police, authority, _ = write_pair(tmp_path_factory.mktemp("pair"), CHILDREN, seed=20261121)
    return police, authority


@dataclass
class Watched:
    """A run of the program that tells when it has come to a statement."""

    process: subprocess.Popen[str]
    pipe: int

    def wait_for_moment(self) -> int:
        """Wait for the moment asked for, or the end; give how many statements there were then."""
        with os.fdopen(self.pipe) as told:
            line = told.readline().strip()
        return int(line) if line else 0

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def start(
    register: Program, files: tuple[Path, Path], moment: int, variant: str = "plain"
) -> Watched:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.cli.dying", str(writing), str(moment), variant),
            *("import", *map(str, files), *EXTRACT),
        ],
        cwd=ROOT,
        env=os.environ | register.environment | {"REGISTER_CHUNK_ROWS": CHUNK},
        pass_fds=[writing],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    return Watched(process, reading)


def finish(register: Program, files: tuple[Path, Path]) -> None:
    register.do("import", *files, *EXTRACT, REGISTER_CHUNK_ROWS=CHUNK)


@dataclass(frozen=True)
class End:
    """What a register came to, and how often each thing is there."""

    state: State
    counts: Counter[str]


def end_of(register: Program) -> End:
    engine = register.engine()
    state = state_of(engine)
    tables = (Report, ReportVersion, Extract)
    with begin_work(engine, writes=False) as work:
        counts = Counter(
            {
                table.__tablename__: work.session.scalar(select(func.count()).select_from(table))
                for table in tables
            }
        )
        entries = select(func.count()).where(AuditEvent.kind == "report:received")
        counts["entries of versions"] = work.session.scalar(entries) or 0
    engine.dispose()
    return End(state, counts)


@dataclass(frozen=True)
class Undisturbed:
    """What an import comes to that nobody disturbs, and how many statements it takes."""

    end: End
    statements: int


def undisturbed(register: Program, files: tuple[Path, Path]) -> Undisturbed:
    run = start(register, files, moment=0)
    statements = run.wait_for_moment()
    out, err = run.process.communicate()
    assert run.process.returncode == 0, err
    assert ", 0 rejected" in out
    end = end_of(register)
    assert end.counts["report_version"] == end.counts["entries of versions"] > CHILDREN
    assert end.state.mismatches
    return Undisturbed(end, statements)


def test_killed_ten_times_and_run_again_it_ends_in_the_same_register(
    make_program: MakeProgram, files: tuple[Path, Path]
) -> None:
    seed = int(os.environ.get("REGISTER_SEED", random.SystemRandom().randrange(10**9)))
    print(f"seed {seed}")  # noqa: T201  # to run it again: REGISTER_SEED
    rng = random.Random(seed)  # noqa: S311  # moments, no secret
    wanted = undisturbed(make_program(), files)
    for _ in range(KILLS):
        register = make_program()
        moment = rng.randrange(1, wanted.statements)
        run = start(register, files, moment)
        run.wait_for_moment()
        run.kill()
        assert run.process.returncode == -signal.SIGKILL, "killed in the middle"
        register.do("audit", "verify")
        assert "What stands is what follows" in register.do("rebuild", "--check")
        finish(register, files)
        assert end_of(register) == wanted.end, f"killed at statement {moment} of seed {seed}"
        register.do("audit", "verify")
        assert "What stands is what follows" in register.do("rebuild", "--check")


def test_control_receipt_and_folding_apart_would_lose_something(
    make_program: MakeProgram, files: tuple[Path, Path]
) -> None:
    wanted = undisturbed(make_program(), files)
    rng = random.Random(1)  # noqa: S311  # moments, no secret
    for _ in range(KILLS):
        register = make_program()
        run = start(register, files, rng.randrange(1, wanted.statements), "apart")
        run.wait_for_moment()
        run.kill()
        finish(register, files)
        if end_of(register) != wanted.end:
            return
    pytest.fail("the test could not tell a register that commits too early from one that doesn't")


@pytest.mark.parametrize("make_program", ["sqlite"], indirect=True)
def test_with_no_room_left_nothing_is_half_applied(
    make_program: MakeProgram, files: tuple[Path, Path]
) -> None:
    """No file may grow past a limit, as on a full disk; PostgreSQL's files are not ours."""
    wanted = undisturbed(make_program(), files)
    size = (make_program().folder / "register.sqlite3").stat().st_size // 1024
    for room in (0, 40, 120, 400):
        register = make_program()
        run = start(register, files, size + room, "full")
        out, err = run.process.communicate()
        os.close(run.pipe)
        assert run.process.returncode == 1, (room, out)
        assert err.startswith("Error: "), err
        assert "Traceback" not in err
        register.do("audit", "verify")
        assert "What stands is what follows" in register.do("rebuild", "--check")
        finish(register, files)
        assert end_of(register) == wanted.end


def test_a_register_that_may_only_be_read_is_told_and_left(
    register: Program, files: tuple[Path, Path]
) -> None:
    finish(register, files)
    before = end_of(register)
    locked = _read_only(register)
    sentence = locked.refuse("import", *files)
    assert "read-only" in sentence or "readonly" in sentence
    assert end_of(register) == before


def _read_only(register: Program) -> Program:
    if register.url.startswith("sqlite"):
        path = register.url.removeprefix("sqlite:///")
        return Program(f"sqlite:///file:{path}?mode=ro&uri=true", register.folder)
    return Program(f"{register.url}&options=-cdefault_transaction_read_only%3Don", register.folder)
