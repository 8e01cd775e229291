"""The log's commands, and every command that docs/log.md shows, run as it shows them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from register.audit.note import find_notes
from register.audit.private import keep_keys_in
from register.audit.service import child_reference, record
from register.errors import RegisterError
from register.settings import ROOT
from register.work import begin_work
from tests.cli.conftest import COMMAND, Program, Write
from tests.cli.test_upkeep import sql

PAGE = ROOT / "docs" / "log.md"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = (tmp_path / "witness-one", tmp_path / "witness-two")
    for folder in made:
        folder.mkdir()
    return made


def witnessed(folders: tuple[Path, Path]) -> dict[str, str]:
    return {"REGISTER_WITNESSES": " ; ".join(map(str, folders))}


def shown() -> list[str]:
    """The commands of the page, block by block."""
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_every_command_of_the_page_does_what_it_says(
    register: Program, write: Write, tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    register.do("import", write({}, {"reference": "R2", "surname": "King"}))
    register.do("work", **witnessed(folders))
    first = next(find_notes(next(folders[0].iterdir()).read_text("utf-8")))
    (tmp_path / "old.note").write_text(first.text(), "utf-8")
    say_in_words(register)
    shutil.copy(ROOT / "docs" / "verify_log.py", tmp_path)
    ran = subprocess.run(
        ["bash", "-euc", "".join(shown()).replace("/srv/", f"{tmp_path}/")],
        cwd=tmp_path,
        env=os.environ | register.environment | {"PATH": path_with_register(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for said in (
        "register/log+",
        "a checkpoint at",
        "The log is whole: ",
        "The log is whole: its first",
        "Entry 0 stands in the log of",
        f"begins with those {first.size}, unchanged",
        "checkpoints cosigned by inspectorate.example+",
        "What the log said of child C-000001-V in words is erased",
    ):
        assert said in ran.stdout
    assert list(folders[0].glob("*.cosigned"))
    assert "Her aunt asked" in (tmp_path / "words.jsonl").read_text("utf-8")
    assert "Her aunt asked" not in (tmp_path / "log.jsonl").read_text("utf-8")
    assert "Her aunt asked" not in register.do("audit", "export", "--words")


def say_in_words(register: Program) -> None:
    engine = register.engine()
    keep_keys_in(engine, register.folder)
    with begin_work(engine) as work:
        record(work, "child:viewed", child_reference(1), private={"reason": "Her aunt asked"})
    engine.dispose()


def path_with_register(folder: Path) -> str:
    """Put the program and Python on the path, as they are called on the page."""
    folder.mkdir()
    for name, arguments in (("register", f' -c "{COMMAND[2]}"'), ("python3", "")):
        program = folder / name
        program.write_text(
            f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable}{arguments} "$@"\n', "utf-8"
        )
        program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_a_log_that_was_changed_is_told_by_both(
    register: Program, write: Write, folders: tuple[Path, Path]
) -> None:
    register.do("import", write({}))
    register.do("work", **witnessed(folders))
    (notes,) = folders[0].iterdir()
    assert "2 notes kept elsewhere agree" in register.do("audit", "verify", **witnessed(folders))
    assert "1 notes kept" in register.do("audit", "verify", "--note", notes)
    sql(register, "DELETE FROM audit_checkpoint", "DELETE FROM audit_event WHERE seq > 0")
    sql(register, "UPDATE audit_head SET size = 1, peaks = (SELECT leaf_hash FROM audit_event)")
    register.do("audit", "verify")  # control: alone, it is whole
    assert "Entry 2 of the log is missing: the note of" in register.refuse(
        "audit", "verify", "--note", notes
    )
    assert "Nothing is signed" in register.refuse("work", **witnessed(folders))


def test_a_witness_that_cannot_be_reached_is_told_and_the_rest_is_done(
    register: Program, write: Write, folders: tuple[Path, Path]
) -> None:
    register.do("import", write({}))
    folders[1].rmdir()
    said = register.run("work", **witnessed(folders))
    assert said.exit_code == 1
    assert "a checkpoint at" in said.stdout
    assert re.search(r"witness's folder \S+two does not take the checkpoint", said.stderr)
    assert list(folders[0].iterdir())
    assert "witness-two" in register.refuse("audit", "verify", **witnessed(folders))


def test_what_cannot_be_proved_is_told_in_a_sentence(
    register: Program, write: Write, tmp_path: Path
) -> None:
    assert "in no checkpoint yet" in register.refuse("audit", "prove", "0")
    assert "no checkpoint at 5" in register.refuse("audit", "consistency", "1", "5")
    register.do("import", write({}))
    register.do("work")
    assert "no verifier key" in register.refuse("audit", "verify", "--key", "x")
    empty = tmp_path / "empty.txt"
    empty.write_text("nothing")
    assert "holds no signed note" in register.refuse("audit", "verify", "--note", empty)
    assert "no such file" in register.refuse("audit", "verify", "--note", tmp_path / "gone")
    assert "says nothing in words" in register.refuse("audit", "erase-subject", "child 1")
    other = Program(register.url, tmp_path / "other")
    key = other.do("audit", "key").strip()
    assert "not signed by the log's key" in register.refuse("audit", "verify", "--key", key)
    witness = ("audit", "witness", tmp_path, "--key", tmp_path / "w.key", "--log-key")
    assert "0 checkpoints cosigned" in register.do(*witness, key)
    assert "no verifier key" in register.refuse(*witness, f"{key}x")


def test_work_that_stays_goes_on_whatever_fails(
    embedded: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []

    def turn(*_: object) -> None:
        turns.append(len(turns))
        if len(turns) == 2:
            raise RegisterError("The witness's folder is gone.")

    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("register.cli.upkeep._do_a_turn", turn)
    monkeypatch.setattr("register.cli.upkeep.is_due", lambda _: len(turns) < 3)
    monkeypatch.setattr("time.sleep", stop)
    said = embedded.run("work", "--stay")
    assert turns == [0, 1, 2]
    assert said.stderr.startswith("Error: The witness's folder is gone.")
