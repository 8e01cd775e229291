"""No change to the log stays unseen, whoever makes it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, LargeBinary, Text, cast, literal, select, text, type_coerce, update
from sqlalchemy.orm import Session

from register.audit.checkpoints import checkpoint
from register.audit.merkle import Frontier
from register.audit.models import AuditEvent
from register.audit.nodes import LogBroken
from register.audit.service import record
from register.audit.verification import Verified, verify
from register.work import begin_work
from tests.domain.logs import SIGNER, SIZE, add, change, fill, prove


@pytest.fixture
def log(engine: Engine) -> Engine:
    return fill(engine)


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert prove(engine) == Verified(0, Frontier().root(), 0)


def test_an_untouched_log_is_whole(log: Engine) -> None:
    proved = prove(log)
    assert (proved.size, proved.checkpoints) == (SIZE, 1)


def test_a_log_is_whole_whatever_the_page(log: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = prove(log)
    for page in (1, 2, SIZE - 1, SIZE, SIZE + 1):
        monkeypatch.setattr("register.audit.verification._PAGE", page)
        assert prove(log) == whole


def test_a_checkpoint_is_kept_once_for_each_size(engine: Engine) -> None:
    with begin_work(engine) as work:
        assert checkpoint(work, SIGNER) is None
    with begin_work(engine) as work:
        record(work, "report:received")
        first = checkpoint(work, SIGNER)
        assert first is not None
        assert first.size == 1
    with begin_work(engine) as work:
        assert checkpoint(work, SIGNER) is None
    assert prove(engine, first) == Verified(1, first.root, 1)


def test_a_checkpoint_that_was_changed_is_named_by_its_size(log: Engine) -> None:
    change(log, "UPDATE audit_checkpoint SET note = note || 'x'")
    with pytest.raises(LogBroken, match=r"^The checkpoint at 13 was changed: it is not as it was"):
        prove(log)


def test_a_checkpoint_that_cannot_be_read_is_told(log: Engine) -> None:
    if log.dialect.name == "postgresql":
        pytest.skip("it takes no text that is no UTF-8")
    change(log, "UPDATE audit_checkpoint SET note = CAST(x'ff' AS TEXT)")
    with pytest.raises(LogBroken, match="The checkpoints of the log can't be read"):
        prove(log)


COLUMNS = {
    "at": "'2026-03-02 22:40:00.000001+00'",
    "kind": "'child:viewed'",
    "actor": "'someone.else'",
    "role": "'steward'",
    "organisation": "'police-02'",
    "subject": "'report 99'",
    "detail": "'{ }'",
    "leaf_hash": "(SELECT leaf_hash FROM audit_event e WHERE e.seq = (audit_event.seq + 1) % 23)",
}


@contextmanager
def tampered(engine: Engine, seq: int, column: str, value: object) -> Iterator[Session]:
    """Show the log as one who holds the database changed it, then take the change back."""
    entry = update(AuditEvent.__table__).where(AuditEvent.seq == seq)  # type: ignore[arg-type]  # it is a table
    with Session(engine) as session:
        session.execute(entry.values({column: value}))
        yield session


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_any_entry_changes_unseen(log: Engine, column: str) -> None:
    for seq in range(SIZE):
        with (
            tampered(log, seq, column, text(COLUMNS[column])) as session,
            pytest.raises(LogBroken, match=f"Entry {seq} of the log was changed"),
        ):
            verify(session, SIGNER.key)
    assert prove(log).size == SIZE  # control: all of it was taken back


def test_no_bit_flips_unseen(log: Engine) -> None:
    chance, flips = random.Random(62), 0  # noqa: S311  # no secret
    columns = ["at", "kind", "actor", "role", "organisation", "subject", "detail"]
    while flips < 300:
        seq, column = chance.randrange(SIZE), chance.choice(columns)
        flipped = flip(log, seq, column, chance)
        if flipped is None:
            continue
        flips += 1
        with (
            tampered(log, seq, column, flipped) as session,
            pytest.raises(LogBroken, match=f"Entry {seq} of the log (was changed|can't be read)"),
        ):
            verify(session, SIGNER.key)
    assert prove(log).size == SIZE


def flip(log: Engine, seq: int, column: str, chance: random.Random) -> object | None:
    """Flip one bit of a value as it lies there; None where PostgreSQL would refuse it."""
    sqlite = log.dialect.name == "sqlite"
    lying = getattr(AuditEvent, column)
    with Session(log) as session:
        lying = cast(type_coerce(lying, Text), LargeBinary) if sqlite else lying
        value = session.execute(select(lying).where(AuditEvent.seq == seq)).scalar_one()
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1 << chance.randrange(40))
    content = bytearray(value if sqlite else value.encode())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if sqlite:
        blob = literal(bytes(content), LargeBinary)
        return blob if chance.random() < 0.1 else type_coerce(cast(blob, Text), lying.type)
    flipped = content.decode(errors="replace")
    return None if "\0" in flipped or "\ufffd" in flipped else flipped


TAMPERINGS = {
    "an entry is taken out": (["DELETE FROM audit_event WHERE seq = 5"], "Entry 5 .* missing"),
    "an entry is taken out and the rest moved up": (
        [
            "DELETE FROM audit_event WHERE seq = 5",
            "UPDATE audit_event SET seq = seq - 1 WHERE seq > 5",
        ],
        "Entry 5 .* changed",
    ),
    "an entry is added at the end": (
        [
            """INSERT INTO audit_event SELECT 23, at, kind, actor, role, organisation,
            subject, detail, leaf_hash FROM audit_event WHERE seq = 0"""
        ],
        f"Entry {SIZE} lies beyond",
    ),
    "an entry is added before the beginning": (
        [
            """INSERT INTO audit_event SELECT -1, at, kind, actor, role, organisation,
            subject, detail, leaf_hash FROM audit_event WHERE seq = 0"""
        ],
        "Entry -1 has no place",
    ),
    "two entries change places": (
        [
            "UPDATE audit_event SET seq = 1000 WHERE seq = 3",
            "UPDATE audit_event SET seq = 3 WHERE seq = 17",
            "UPDATE audit_event SET seq = 17 WHERE seq = 1000",
        ],
        "Entry 3 .* changed",
    ),
    "the end is cut off": (["DELETE FROM audit_event WHERE seq >= 20"], "Entry 20 .* missing"),
    "all is deleted": (["DELETE FROM audit_event"], "Entry 0 .* missing"),
    "all and the end is deleted": (
        ["DELETE FROM audit_event", "DELETE FROM audit_head"],
        "Entry 0 .* missing: the checkpoint at 13",
    ),
    "the end is forgotten": (
        ["DELETE FROM audit_head"],
        "Entry 0 lies beyond the log's end, which counts 0",
    ),
    "the end is changed": (["UPDATE audit_head SET size = 22"], "end of the log was changed"),
    "a checkpoint is changed": (
        ["UPDATE audit_checkpoint SET size = 12"],
        "checkpoint at 12 was changed",
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_no_entry_goes_comes_or_moves_unseen(log: Engine, tampering: str) -> None:
    statements, sentence = TAMPERINGS[tampering]
    change(log, *statements)
    with pytest.raises(LogBroken, match=sentence):
        prove(log)


def forge(engine: Engine, size: int) -> None:
    """Write the log anew with other contents, every hash and the end right again."""
    change(engine, "DELETE FROM audit_event", "DELETE FROM audit_head")
    add(engine, *(f"forged {number}" for number in range(size)))


def test_a_log_written_anew_is_seen_at_its_checkpoint(log: Engine) -> None:
    forge(log, SIZE)
    with pytest.raises(LogBroken, match=r"first 13 .* entry 0 or a later one"):
        prove(log)
    # Control: who deletes the checkpoints too is seen by a note kept elsewhere, and only there.
    change(log, "DELETE FROM audit_checkpoint")
    assert prove(log).size == SIZE


def test_a_log_cut_off_with_its_end_and_checkpoints_is_seen_by_a_kept_note(log: Engine) -> None:
    with begin_work(log) as work:
        kept = checkpoint(work, SIGNER)
    assert kept is not None
    assert prove(log, kept).checkpoints == 2
    change(log, "DELETE FROM audit_checkpoint")
    forge(log, 5)
    assert prove(log).size == 5
    with pytest.raises(
        LogBroken, match=f"Entry 5 of the log is missing: the note of {SIZE} in a folder"
    ):
        prove(log, kept)
