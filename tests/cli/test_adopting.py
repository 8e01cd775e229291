"""The program is killed while it puts a model into force: all of it is done, or nothing."""

from pathlib import Path

import pytest

from register.linkage.enactments import BROUGHT
from tests.cli.conftest import AUTHORITY, MakeProgram, Program, Write
from tests.cli.dying import Ended, Moment, Reached, Run
from tests.registers import State, state_of

MOMENTS = (0.2, 0.5, 0.8, 0.95)
"""Parts of the work after which it is killed."""


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Give a model file that links nobody."""
    text = BROUGHT.read_text("utf-8").replace('version = "', 'version = "stricter ', 1)
    before, rest = text.split("link = ", 1)
    path = tmp_path / "stricter.toml"
    path.write_text(f"{before}link = 1.5\n{rest.split(chr(10), 1)[1]}", "utf-8")
    return path


@pytest.fixture
def make_filled(make_program: MakeProgram, write: Write) -> MakeProgram:
    """Give what makes registers of five children, each linked from two sides."""
    names = ("Ada", "Bertha", "Cecily", "Dorothea", "Edith")
    rows = [
        {**side, "reference": name, "forename": name, "date_of_birth": f"20{10 + born}-05-04"}
        for born, name in enumerate(names)
        for side in ({}, {"organisation": AUTHORITY})
    ]
    file = write(*rows)

    def make() -> Program:
        register = make_program()
        register.do("import", file)
        return register

    return make


def adopt(register: Program, model: Path, moment: int = 0) -> int:
    """Adopt a model, killed at a statement; give how many statements it took, 0 where killed."""
    command = ("model", "adopt", model, "--reason", "fewer wrong links", "--yes")
    run, statements = Run(register, *command, moment=Moment(moment)), 0
    for told in run:
        if isinstance(told, Reached):
            run.kill()
        if isinstance(told, Ended):
            assert told.code == 0, told.output
            statements = told.statements
    assert run.was_killed == bool(moment)
    return statements


def state(register: Program) -> State:
    engine = register.engine()
    found = state_of(engine)
    engine.dispose()
    return found


def test_killed_at_any_moment_it_has_done_nothing_and_can_be_done_again(
    make_filled: MakeProgram, stricter: Path
) -> None:
    undisturbed = make_filled()
    before = state(undisturbed)
    statements = adopt(undisturbed, stricter)
    wanted = state(undisturbed)
    assert (len(before.groups), len(wanted.groups)) == (5, 10), "control: it changes something"
    register = make_filled()
    for part in MOMENTS:
        adopt(register, stricter, moment=int(statements * part))
        assert state(register) == before
        assert "stricter" not in register.do("model", "show")
        assert "What stands is what follows" in register.do("rebuild", "--check")
    adopt(register, stricter)
    assert state(register) == wanted
    assert "In force: model stricter" in register.do("model", "show")
    register.do("audit", "verify")
