"""`demo` and `serve`: a register anyone can try, and pages on loopback."""

import os
import re
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from register.access.policy import PEOPLE as ROLES_OF_PEOPLE
from register.cli.showing import PEOPLE
from register.simulation.files import SourceFile
from register.simulation.month import write_month
from tests.cli.conftest import Program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def small_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take two sources of the month only; the whole of it is `make demo`'s."""

    def few(folder: Path, seed: int) -> list[SourceFile]:
        return list(write_month(folder, seed))[:2]

    monkeypatch.setattr("register.cli.showing.write_month", few)


@pytest.mark.usefixtures("small_month")
def test_the_demonstration_is_filled_once_and_says_who_can_sign_in(tmp_path: Path) -> None:
    program = Program("", tmp_path)
    first = program.do("demo", "--prepare-only", "--seed", "7", REGISTER_DATABASE_URL="")
    assert "nobody in it is real" in first
    assert re.search(r"\d+ children, \d+ of them missing now", first)
    assert re.search(r"disagree on \d+ children; \d+ are missing to one and unknown", first)
    for username, _, role, _ in PEOPLE:
        assert re.search(rf"^  {username} +{role.value}", first, re.MULTILINE)
    assert {role for _, _, role, _ in PEOPLE} == {*ROLES_OF_PEOPLE}
    again = program.do("demo", "--prepare-only", "--seed", "7", REGISTER_DATABASE_URL="")
    assert again == first[first.index("\n" + again.lstrip("\n")[:20]) :]
    folder = tmp_path / "demo" / "7"
    register = Program(f"sqlite:///{folder / 'register.sqlite3'}", folder)
    assert "What stands is what follows" in register.do("rebuild", "--check")
    assert "The log is whole" in register.do("audit", "verify")


@pytest.mark.usefixtures("small_month")
def test_a_demonstration_that_was_broken_off_is_begun_again(tmp_path: Path) -> None:
    program = Program("", tmp_path)
    program.do("demo", "--prepare-only", "--seed", "7", REGISTER_DATABASE_URL="")
    (tmp_path / "demo" / "7" / "ready").unlink()
    assert "rows" in program.do("demo", "--prepare-only", "--seed", "7", REGISTER_DATABASE_URL="")


def test_the_pages_are_served_and_closed_to_strangers(embedded: Program) -> None:
    port = free_port()
    process = embedded.start("serve", "--port", port)
    try:
        assert process.stdout
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        page = _fetch(f"http://127.0.0.1:{port}/")
        assert "Sign in" in page
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _fetch(address: str) -> str:
    """Fetch a page, trying again until the server listens."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # our own
                page: str = answer.read().decode()
                return page
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
    pytest.fail("the server never listened")


def test_a_port_that_is_taken_is_told(embedded: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        # As a process: the server leaves its socket behind when it cannot have the port.
        process = embedded.start("serve", "--port", taken.getsockname()[1])
        sentence = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert sentence.startswith("Error: ")
    assert "Traceback" not in sentence
    assert "in use" in sentence


@pytest.mark.parametrize("make_program", ["postgresql"], indirect=True)
def test_several_processes_serve_and_where_one_ends_all_do(
    register: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_UNGUARDED_DATABASE", "1")
    port = free_port()
    process = register.start("serve", "--port", port, "--processes", 2)
    try:
        assert process.stdout
        process.stdout.readline()
        assert "Sign in" in _fetch(f"http://127.0.0.1:{port}/")
        first, second = _serving(process.pid)
        os.kill(first, signal.SIGKILL)
        assert "Error: One of the processes" in process.communicate(timeout=30)[1]
    finally:
        process.kill()
    assert process.returncode == 1
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


@pytest.mark.parametrize("make_program", ["postgresql"], indirect=True)
def test_several_processes_end_when_told(
    register: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_UNGUARDED_DATABASE", "1")
    port = free_port()
    process = register.start("serve", "--port", port, "--processes", 2)
    assert process.stdout
    process.stdout.readline()
    _fetch(f"http://127.0.0.1:{port}/")
    process.terminate()
    assert "Traceback" not in process.communicate(timeout=30)[1]
    assert process.returncode == 0


def _serving(process: int) -> list[int]:
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def test_several_processes_are_not_for_sqlite(embedded: Program) -> None:
    assert "for PostgreSQL" in embedded.refuse("serve", "--processes", 2)
