"""A witness signs what only adds to what it signed before, and says so where it doesn't."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.audit.cosigning import cosign, recall
from register.audit.exporting import proof_of_growth
from register.audit.keys import log_signer, witness_signer
from register.audit.nodes import LogBroken
from register.audit.note import Note, find_notes
from register.audit.rounds import go_round, notes_of_witnesses
from register.audit.verification import Kept, verify
from register.audit.witness import HANDED, append
from register.errors import Refused
from register.work import begin_work
from tests.domain.logs import add, change

DAY = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)


@pytest.fixture
def witness(instance: Path, folders: tuple[Path, Path]) -> Callable[..., int]:
    """Give a way to let a witness of its own look into the first folder."""

    def look(folder: Path = folders[0], name: str = "w") -> int:
        signer = witness_signer(instance / f"{name}.key", f"witness/{name}")
        memory = instance / f"{name}.memory"
        return cosign(folder, signer, log_signer(instance).key, memory, DAY)

    return look


def grow(engine: Engine, instance: Path, *folders: Path) -> Note:
    add(engine, "report 1", "report 2", "report 3")
    done = go_round(engine, instance, folders, lambda: DAY)
    assert done.note is not None
    return done.note


def test_a_witness_signs_each_checkpoint_once(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    assert witness() == 0
    grow(engine, instance, *folders)
    grow(engine, instance, *folders)
    assert (witness(), witness()) == (2, 0)
    last = grow(engine, instance, *folders)
    assert (witness(), witness()) == (1, 0)
    signed = list(find_notes((folders[0] / "2026-03-02.cosigned").read_text("utf-8")))
    assert [note.size for note in signed] == [3, 6, 9]
    key = witness_signer(instance / "w.key", "witness/w").key
    assert all(key.signed_at(note) == int(DAY.timestamp()) for note in signed)
    assert all(log_signer(instance).key.signed_at(note) == 0 for note in signed)
    assert signed[-1].signatures[0] == last.signatures[0]


def test_a_witness_reads_on_from_where_it_stopped_day_by_day(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    grow(engine, instance, folders[0])
    assert witness() == 1
    first = folders[0] / "2026-03-02.checkpoints"
    add(engine, "report 4")
    go_round(engine, instance, folders[:1], lambda: DAY + timedelta(days=1))
    assert witness() == 1
    assert recall(instance / "w.memory").file == "2026-03-03.checkpoints"
    first.write_bytes(b"")
    assert witness() == 0, "a day that is over is not read again"
    first.write_bytes(b"old 0\n\nregister/log\n1\n")
    (folders[0] / "2026-03-03.checkpoints").write_bytes(b"")
    with pytest.raises(Refused, match=r"2026-03-03\.checkpoints was cut off"):
        witness()


def test_a_witness_refuses_a_log_that_was_written_anew(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    grow(engine, instance, folders[0])
    assert witness() == 1
    change(engine, "DELETE FROM audit_event", "DELETE FROM audit_head")
    change(engine, "DELETE FROM audit_checkpoint")
    (instance / "log.signed").unlink()
    add(engine, "forged 1")
    grow(engine, instance, folders[1])  # to whoever remembers nothing
    forged = (folders[1] / "2026-03-02.checkpoints").read_bytes()
    path = folders[0] / "2026-03-02.checkpoints"
    path.write_bytes(path.read_bytes() + forged)
    for _ in range(2):
        with pytest.raises(Refused, match="proved from 0 entries on, and the last one signed has"):
            witness()
    with begin_work(engine, writes=False) as work:
        text = proof_of_growth(work.session, 3, 4)
    path.write_bytes(path.read_bytes()[: -len(forged)] + f"\n{text}".encode())
    with pytest.raises(Refused, match="not the beginning of the 4 it now claims"):
        witness()
    assert witness(folders[1], "other") == 1  # control: one that saw nothing before


def test_a_witness_refuses_what_is_shorter_or_shows_others(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    note = grow(engine, instance, folders[0])
    assert witness() == 1
    path, signer = folders[0] / "2026-03-02.checkpoints", log_signer(instance)
    whole = path.read_bytes()
    for size, said in ((2, "cut off or written anew: 3 .* claims to have 2"), (3, "shows others")):
        false = signer.sign(Note(signer.name, size, bytes(32)))
        path.write_bytes(whole + f"\nold 0\n\n{false.text()}".encode())
        with pytest.raises(Refused, match=said):
            witness()
    path.write_bytes(whole + f"\nold 0\n\n{note.text()}".encode())
    assert witness() == 0, "the same once more is nothing new"
    path.write_bytes(whole[:-10])
    with pytest.raises(Refused, match="was cut off: it is shorter"):
        witness()
    path.unlink()
    shutil.rmtree(folders[0])
    with pytest.raises(OSError, match="No such file"):
        witness()


def test_the_same_checkpoint_handed_over_again_with_its_proof_is_nothing_new(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    path = folders[0] / f"2026-03-02{HANDED}"
    grow(engine, instance, folders[0])
    before = len(path.read_bytes())
    grow(engine, instance, folders[0])
    assert witness() == 2
    again = path.read_bytes()[before:]
    assert b"old 3" in again
    path.write_bytes(path.read_bytes() + again)
    assert witness() == 0


def test_half_a_letter_that_a_torn_write_left_is_passed_over(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    path = folders[0] / f"2026-03-02{HANDED}"
    grow(engine, instance, folders[0])
    path.write_bytes(path.read_bytes() + "old 3\nregister/lög".encode()[:-2])
    grow(engine, instance, folders[0])
    assert witness() == 2
    grow(engine, instance, folders[0])
    assert (witness(), witness()) == (1, 0), "how far it had read is counted in bytes"


def test_a_witness_signs_no_other_log(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    grow(engine, instance, folders[0])
    (instance / "log.key").unlink()
    with pytest.raises(Refused, match="not signed by the log's key"):
        witness()


def test_a_witness_signs_no_note_in_another_logs_name(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    """Though the log's own key signed it: else one key could stand for two logs."""
    root = grow(engine, instance, folders[0]).root
    signer = log_signer(instance)
    other = signer.sign(Note("another/log", 3, root))
    with begin_work(engine, writes=False) as work, pytest.raises(LogBroken, match="not signed by"):
        verify(work.session, signer.key, [Kept("a folder", other)])
    (folders[0] / f"2026-03-02{HANDED}").unlink()
    append(folders[0] / f"2026-03-02{HANDED}", f"old 0\n\n{other.text()}")
    with pytest.raises(Refused, match="not signed by the log's key"):
        witness()


def test_two_witnesses_see_through_a_log_with_two_faces(
    engine: Engine, instance: Path, folders: tuple[Path, Path], witness: Callable[..., int]
) -> None:
    grow(engine, instance, *folders)
    assert witness(folders[0], "a") == witness(folders[1], "b") == 1
    signer = log_signer(instance)
    face = signer.sign(Note(signer.name, 5, bytes(32)))
    append(folders[1] / f"2026-03-02{HANDED}", f"old 3\n\n{face.text()}")
    with pytest.raises(Refused):
        witness(folders[1], "b")
    # And whoever holds the notes of both against the log finds the one that is false.
    add(engine, "report 4", "report 5")
    kept, _ = notes_of_witnesses(folders)
    with pytest.raises(LogBroken, match=r"the note of 5 entries in one and two|note of 5 in"):
        prove_with(engine, instance, [each.note for each in kept])


def prove_with(engine: Engine, instance: Path, notes: list[Note]) -> int:
    with begin_work(engine, writes=False) as work:
        kept = [Kept("one and two", note) for note in notes]
        return verify(work.session, log_signer(instance).key, kept).size


def test_a_witness_remembers_before_it_signs(
    engine: Engine,
    instance: Path,
    folders: tuple[Path, Path],
    witness: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note = grow(engine, instance, folders[0])

    def no_room(_path: Path, _text: str) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr("register.audit.cosigning.append", no_room)
        with pytest.raises(OSError, match="No space"):
            witness()
    remembered_note = recall(instance / "w.memory").note
    assert remembered_note is not None
    assert remembered_note.body == note.body
