"""A checkpoint is signed only for what continues all that was signed, and handed to witnesses."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.audit.checkpoints import remembered
from register.audit.keys import kept_key, log_signer, witness_signer
from register.audit.merkle import verify_consistency
from register.audit.nodes import LogBroken
from register.audit.note import Note
from register.audit.rounds import go_round, is_due, notes_of_witnesses
from register.audit.witness import HANDED, append, find_requests, last_handed
from register.errors import RegisterError
from tests.domain.logs import SIGNER, add, change, sign

DAY = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)


def at(hours: int) -> Callable[[], datetime]:
    return lambda: DAY + timedelta(hours=hours)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.key"
    key = kept_key(path)
    assert kept_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["log.key"]
    assert log_signer(path.parent).key == log_signer(path.parent).key
    for wrong in ("", "AAAA\n", "AAAAA", "A" * 44, "\u00e6"):
        path.write_text(wrong, "utf-8")
        with pytest.raises(RegisterError, match="holds no key"):
            kept_key(path)


def test_a_round_signs_what_was_added_and_hands_it_over(
    engine: Engine, instance: Path, folders: tuple[Path, Path]
) -> None:
    assert go_round(engine, instance, folders, at(0)).note is None
    add(engine, "report 1", "report 2")
    done = go_round(engine, instance, folders, at(1))
    assert done.note is not None
    assert (done.note.size, done.problems) == (2, ())
    assert remembered(instance) == [done.note]
    add(engine, *(f"report {number}" for number in range(3, 8)))
    again = go_round(engine, instance, folders, at(2))
    assert again.note is not None
    for folder in folders:
        days = sorted(path.name for path in folder.iterdir())
        assert days == ["2026-03-02.checkpoints", "2026-03-03.checkpoints"]
        assert last_handed(folder, log_signer(instance).key) == again.note
    kept, problems = notes_of_witnesses(folders)
    assert [each.note for each in kept] == [done.note, again.note] * 2
    assert problems == []
    assert go_round(engine, instance, folders, at(3)).note is None


def test_what_is_handed_over_is_proved(
    engine: Engine, instance: Path, folders: tuple[Path, Path]
) -> None:
    for size in (1, 4, 3):
        add(engine, *(f"report {number}" for number in range(size)))
        go_round(engine, instance, folders, at(0))
    content = (folders[0] / "2026-03-02.checkpoints").read_bytes()
    requests = [request for request, _ in find_requests(content)]
    assert [(each.old, each.note.size) for each in requests] == [(0, 1), (1, 5), (5, 8)]
    for before, after in pairwise(requests):
        roots = (before.note.root, after.note.root)
        assert verify_consistency(after.old, after.note.size, after.proof, *roots)
        assert not verify_consistency(after.old, after.note.size, after.proof, *roots[::-1])


def test_a_witness_that_missed_some_is_brought_up_to_date(
    engine: Engine, instance: Path, folders: tuple[Path, Path]
) -> None:
    away = folders[1].rename(folders[1].with_name("away"))
    empty = go_round(engine, instance, folders, at(0))
    assert (empty.note, len(empty.problems)) == (None, 1), "told before there is an entry"
    add(engine, "report 1")
    done = go_round(engine, instance, folders, at(0))
    assert len(done.problems) == 1
    assert "two does not take the checkpoint: no such file" in done.problems[0]
    assert last_handed(folders[0], log_signer(instance).key) == done.note
    assert not folders[1].exists(), "what is not mounted is not made up"
    kept, problems = notes_of_witnesses(folders)
    assert [each.note for each in kept] == [done.note]
    assert problems == list(done.problems)
    away.rename(folders[1])
    assert go_round(engine, instance, folders, at(1)).problems == ()
    assert last_handed(folders[1], log_signer(instance).key) == done.note


@pytest.mark.parametrize("torn", [1, 2, 30, 120, 150, 190])
def test_what_a_torn_write_left_is_passed_over(
    engine: Engine, instance: Path, folders: tuple[Path, Path], torn: int
) -> None:
    add(engine, "report 1")
    go_round(engine, instance, folders, at(0))
    path = folders[0] / "2026-03-02.checkpoints"
    whole = path.read_bytes()
    assert b"torn" not in whole
    path.write_bytes(whole + whole[: len(whole) - torn])
    add(engine, "report 2")
    assert go_round(engine, instance, folders, at(0)).problems == ()
    sizes = [request.note.size for request, _ in find_requests(path.read_bytes())]
    assert sizes == [1, 2]
    assert path.read_bytes().count(b"(torn)") == 1
    add(engine, "report 3")
    go_round(engine, instance, folders, at(0))
    assert path.read_bytes().count(b"(torn)") == 1, "what came whole is not marked"


def test_a_stranger_in_a_folder_is_told(
    engine: Engine, instance: Path, folders: tuple[Path, Path]
) -> None:
    add(engine, "report 1")
    foreign = witness_signer(instance / "other.key", "else").sign(Note("else", 9, bytes(32)))
    append(folders[0] / f"2026-03-02{HANDED}", f"old 0\n\n{foreign.text()}")
    done = go_round(engine, instance, folders, at(0))
    assert done.note is not None
    assert "not signed by the log's key" in done.problems[0]


def test_a_folder_that_is_full_is_told_and_the_others_are_served(
    engine: Engine, instance: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def append_where_there_is_room(path: Path, text: str) -> None:
        if path.parent == folders[0]:
            raise OSError(28, "No space left on device")
        append(path, text)

    add(engine, "report 1")
    with monkeypatch.context() as patched:
        patched.setattr("register.audit.witness.append", append_where_there_is_room)
        done = go_round(engine, instance, folders, at(0))
    said = (
        f"The witness's folder {folders[0]} does not take the checkpoint: no space left on device."
    )
    assert done.problems == (said,)
    assert done.note is not None
    key = log_signer(instance).key
    assert [last_handed(folder, key) for folder in folders] == [None, done.note]
    assert go_round(engine, instance, folders, at(1)).problems == (), "control: room again"
    assert last_handed(folders[0], key) == done.note


def test_a_file_without_a_whole_note_hides_no_earlier_one(
    engine: Engine, instance: Path, folders: tuple[Path, Path]
) -> None:
    add(engine, "report 1")
    done = go_round(engine, instance, folders, at(0))
    (folders[0] / f"2026-03-03{HANDED}").write_text("old 1\n\nregister/l", "utf-8")
    assert last_handed(folders[0], log_signer(instance).key) == done.note


def test_nothing_is_signed_that_contradicts_what_was_signed(engine: Engine) -> None:
    add(engine, *(f"report {number}" for number in range(5)))
    first = sign(engine)
    longer = SIGNER.sign(Note(SIGNER.name, 6, bytes(32)))
    other = SIGNER.sign(Note(SIGNER.name, 3, bytes(32)))
    add(engine, "report 5")
    with pytest.raises(LogBroken, match="first 3 entries of the log are not those"):
        sign(engine, other)
    with pytest.raises(LogBroken, match="first 6 entries of the log are not those"):
        sign(engine, longer)
    assert sign(engine, first).size == 6


def test_an_older_copy_of_the_database_is_not_signed_for(engine: Engine, instance: Path) -> None:
    add(engine, "report 1", "report 2")
    go_round(engine, instance, [], at(0))
    change(engine, "DELETE FROM audit_event", "DELETE FROM audit_head")
    change(engine, "DELETE FROM audit_checkpoint")
    add(engine, "report 1")
    with pytest.raises(LogBroken, match=r"has 1 entries, and 2 .*\. Was an older copy"):
        go_round(engine, instance, [], at(1))
    add(engine, "report 3")
    with pytest.raises(LogBroken, match="first 2 entries of the log are not those"):
        go_round(engine, instance, [], at(1))
    # Control: what remembers nothing signs anything.
    (instance / "log.signed").unlink()
    assert go_round(engine, instance, [], at(1)).note is not None


def test_a_witness_remembers_for_a_machine_that_was_set_back_whole(
    engine: Engine, instance: Path, folders: tuple[Path, Path]
) -> None:
    add(engine, "report 1", "report 2")
    go_round(engine, instance, folders, at(0))
    change(engine, "DELETE FROM audit_event", "DELETE FROM audit_head")
    change(engine, "DELETE FROM audit_checkpoint")
    (instance / "log.signed").unlink()
    add(engine, "report 1")
    with pytest.raises(LogBroken, match="has 1 entries, and 2 were signed for"):
        go_round(engine, instance, folders, at(1))


def test_an_end_that_was_changed_is_not_signed_for(engine: Engine) -> None:
    add(engine, "report 1", "report 2", "report 3")
    change(
        engine,
        "UPDATE audit_event SET leaf_hash = (SELECT leaf_hash FROM audit_event e "
        "WHERE e.seq = 0) WHERE seq = 1",
    )
    with pytest.raises(LogBroken, match="first 3 entries of the log are not those"):
        sign(engine)


def test_a_checkpoint_is_due_after_a_thousand_entries(engine: Engine, instance: Path) -> None:
    assert not is_due(engine), "there is no log yet"
    add(engine, *(f"report {number}" for number in range(999)))
    assert not is_due(engine)
    add(engine, "report 1000")
    assert is_due(engine)
    go_round(engine, instance, [], at(0))
    assert not is_due(engine)
