"""With no room left, or only to be read: a sentence, and nothing half applied."""

from functools import partial
from pathlib import Path

import pytest

from register.simulation.pairs import write_pair
from tests.cli.conftest import MakeProgram, Program
from tests.cli.dying import Run, no_room
from tests.cli.facts import End, check_whole, end_of, to_look_at
from tests.cli.killing import EXTRACT
from tests.registers import DRILL

CHILDREN = 2000 if DRILL else 60
"""So many children a source."""
CHUNK = CHILDREN // 8
Files = tuple[Path, Path]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    police, authority, _ = write_pair(tmp_path_factory.mktemp("pair"), CHILDREN, seed=20261121)
    return police, authority


def finish(register: Program, files: Files) -> End:
    assert ", 0 rejected" in register.do("import", *files, *EXTRACT, REGISTER_CHUNK_ROWS=str(CHUNK))
    return end_of(register)


@pytest.mark.parametrize("make_program", ["sqlite"], indirect=True)
def test_with_no_room_left_nothing_is_half_applied(make_program: MakeProgram, files: Files) -> None:
    """No file may grow past a limit, as on a full disk; PostgreSQL's files are not ours."""
    wanted = finish(make_program(), files)
    size = (make_program().folder / "register.sqlite3").stat().st_size // 1024
    for room in (0, 40, 120, 400):
        register = make_program()
        full = partial(no_room, size + room)
        run = Run(register, "import", *files, *EXTRACT, variant=full, chunk=CHUNK).end()
        assert run.code == 1, (room, run.output)
        assert run.output.splitlines()[-1].startswith("Error: ")
        check_whole(register)
        assert finish(register, files) == wanted


def test_a_register_that_may_only_be_read_is_told_and_left(register: Program, files: Files) -> None:
    before = finish(register, files)
    locked = _read_only(register)
    sentence = locked.refuse("import", *files)
    assert "read-only" in sentence or "readonly" in sentence
    assert end_of(register) == before


def _read_only(register: Program) -> Program:
    if register.url.startswith("sqlite"):
        return to_look_at(register)
    return Program(f"{register.url}&options=-cdefault_transaction_read_only%3Don", register.folder)
