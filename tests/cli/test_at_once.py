"""Two people at one register at the same time: both are served, and nothing depends on who won."""

from tests.cli.conftest import AUTHORITY, FORCE, MakeProgram, Program, Write
from tests.registers import State, state_of


def end_of(register: Program) -> State:
    engine = register.engine()
    state = state_of(engine)
    engine.dispose()
    return state


def test_two_imports_at_once_end_as_one_after_the_other(
    make_program: MakeProgram, write: Write
) -> None:
    people = [{"reference": f"R{n}", "surname": name} for n, name in enumerate("ABCDEFGHIJ")]
    police = write(*({**row, "organisation": FORCE} for row in people), name="police.csv")
    authority = write(
        *({**row, "organisation": AUTHORITY, "care_status": "looked_after"} for row in people),
        name="authority.csv",
    )
    quiet = make_program()
    quiet.do("import", police, authority, REGISTER_CHUNK_ROWS="2")
    busy = make_program()
    # The very first two pieces of work of a register also meet who makes its clock and its log.
    running = [busy.start("import", file) for file in (police, authority)]
    for process in running:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert end_of(busy) == end_of(quiet)
    assert "The log is whole" in busy.do("audit", "verify")
    assert "What stands is what follows" in busy.do("rebuild", "--check")


def test_the_same_file_twice_at_once_is_one(register: Program, write: Write) -> None:
    file = write(*({"reference": f"R{number}"} for number in range(20)))
    running = [register.start("import", file) for _ in range(2)]
    for process in running:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert len(register.rows("links")) == 20
    assert "What stands is what follows" in register.do("rebuild", "--check")
