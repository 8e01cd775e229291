"""Ten thousand ways to change the log, and all are found by the notes that witnesses keep.

Under CI a tenth of them; `make drill` runs them all. Control: without witnesses, a log that is
written anew with its checkpoints passes for whole.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from register.audit.keys import log_signer
from register.audit.leaf import COLUMNS, leaf_of, stated_time
from register.audit.merkle import Frontier
from register.audit.models import AuditHead
from register.audit.nodes import LogBroken
from register.audit.note import Note, Signer
from register.audit.rounds import go_round, notes_of_witnesses
from register.audit.verification import Kept, verify
from register.db import Base
from tests.cli.killing import seeded
from tests.domain.logs import add

TAMPERINGS = 5000 if os.environ.get("REGISTER_DRILL") else 500
"""On each of the two databases."""
SIZE, EVERY = 300, 20
Change = Callable[[Connection, random.Random], bool]
"""Changes the log; False where the database refused, or nothing came of it."""
EVENT, HEAD, NODE, CHECKPOINT = (
    Base.metadata.tables[name]
    for name in ("audit_event", "audit_head", "audit_node", "audit_checkpoint")
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = (tmp_path / "one", tmp_path / "two")
    for folder in made:
        folder.mkdir()
    return made


@pytest.fixture
def log(engine: Engine, tmp_path: Path, folders: tuple[Path, Path]) -> Engine:
    """Give a log of 300 entries, with a checkpoint at every twenty, handed to two witnesses."""
    for start in range(0, SIZE, EVERY):
        add(engine, *(f"report {number}" for number in range(start, start + EVERY)))
        go_round(engine, tmp_path, folders)
    return engine


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return log_signer(tmp_path)


def test_every_tampering_is_found(log: Engine, signer: Signer, folders: tuple[Path, Path]) -> None:
    chance, done = seeded(), dict.fromkeys(WAYS, 0)
    kept = notes_of_witnesses(folders)[0]
    while sum(done.values()) < TAMPERINGS:
        way = chance.choice([*WAYS])
        with tampered(log, WAYS[way], chance) as session:
            if session is None:
                continue
            done[way] += 1
            try:
                found = verify(session, signer.key, kept)
            except LogBroken:
                continue
            pytest.fail(f"{way}: not found, {found}")
    assert min(done.values()) > 0, done
    with Session(log) as session:
        assert verify(session, signer.key, kept).size == SIZE, "all was taken back"


@contextmanager
def tampered(log: Engine, way: Change, chance: random.Random) -> Iterator[Session | None]:
    """Change the log as one who holds the database, and take it back."""
    with Session(log) as session:
        try:
            changed = way(session.connection(), chance)
        except DBAPIError:
            changed = False
        yield session if changed else None
        session.rollback()


# --- The ways: what is changed, and what is mended besides so that it does not show ---


def flip_a_bit(connection: Connection, chance: random.Random) -> bool:
    """Flip any one bit of any column of any of the log's tables."""
    table = chance.choice([EVENT, EVENT, EVENT, HEAD, NODE, CHECKPOINT])
    column = chance.choice([each for each in table.columns if each.name != "id"])
    rows = connection.execute(select(*table.primary_key.columns)).all()
    here = _at(table, tuple(chance.choice(rows)))
    before = connection.execute(select(column).where(here)).scalar_one()
    after = _flipped(before, chance)
    if after is None:
        return False
    connection.execute(update(table).where(here).values({column.name: after}))
    return connection.execute(select(column).where(column == after)).first() is not None


def _at(table: Table, key: tuple[Any, ...]) -> Any:  # noqa: ANN401  # the library's own expression
    columns = list(table.primary_key.columns)
    condition = columns[0] == key[0]
    for column, value in zip(columns[1:], key[1:], strict=True):
        condition &= column == value
    return condition


def _flipped(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(32)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1 << chance.randrange(40))
    content = bytearray(value if isinstance(value, bytes) else str(value).encode())
    if not content:
        return "x"
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if isinstance(value, bytes):
        return bytes(content)
    flipped = content.decode(errors="replace")
    return None if "\0" in flipped or "\ufffd" in flipped else flipped


def take_out(connection: Connection, chance: random.Random) -> bool:
    seq = chance.randrange(SIZE)
    connection.execute(delete(EVENT).where(EVENT.c.seq == seq))
    if chance.random() < 0.5:
        _move(connection, seq + 1, -1)
        _mend(connection, chance)
    return True


def put_in(connection: Connection, chance: random.Random) -> bool:
    # In the last place a copy of the last were what stood there, and the last an entry like any.
    seq = chance.randrange(SIZE - 1)
    row = connection.execute(select(EVENT).where(EVENT.c.seq == chance.randrange(SIZE))).one()
    _move(connection, seq, 1)
    connection.execute(insert(EVENT).values(**{**row._asdict(), "seq": seq}))
    _mend(connection, chance)
    return True


def swap(connection: Connection, chance: random.Random) -> bool:
    one, other = chance.sample(range(SIZE), 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        _set(connection, before, seq=after)
    if chance.random() < 0.5:
        _mend(connection, chance)
    return True


def renumber(connection: Connection, chance: random.Random) -> bool:
    _move(connection, chance.randrange(SIZE), chance.choice([1, 2, 100]))
    if chance.random() < 0.5:
        _mend(connection, chance)
    return True


def truncate(connection: Connection, chance: random.Random) -> bool:
    size = chance.randrange(SIZE)
    connection.execute(delete(EVENT).where(EVENT.c.seq >= size))
    if chance.random() < 0.8:
        _mend(connection, chance)
    return True


def restore_an_older_copy(connection: Connection, chance: random.Random) -> bool:
    """Set everything back to what it was at a checkpoint, to the letter."""
    size = EVERY * chance.randrange(SIZE // EVERY)
    connection.execute(delete(EVENT).where(EVENT.c.seq >= size))
    connection.execute(delete(CHECKPOINT).where(CHECKPOINT.c.size > size))
    _rewrite_tree(connection)
    return True


def write_anew(connection: Connection, chance: random.Random) -> bool:
    """Say something else in an entry, and set every hash after it right; signatures cannot be."""
    seq, column = chance.randrange(SIZE), chance.choice(COLUMNS[2:-1])
    _set(connection, seq, **{column: "somebody else"})
    _mend(connection, chance)
    return True


def forget_checkpoints(connection: Connection, chance: random.Random) -> bool:
    connection.execute(delete(CHECKPOINT))
    return write_anew(connection, chance)


WAYS: dict[str, Change] = {
    "a bit": flip_a_bit,
    "taken out": take_out,
    "put in": put_in,
    "swapped": swap,
    "renumbered": renumber,
    "cut off": truncate,
    "an older copy": restore_an_older_copy,
    "written anew": write_anew,
    "written anew, its checkpoints gone": forget_checkpoints,
}


def _set(connection: Connection, entry: int, **values: object) -> None:
    connection.execute(update(EVENT).where(EVENT.c.seq == entry).values(**values))


def _move(connection: Connection, first: int, by: int) -> None:
    far = 10**6
    later = update(EVENT).where(EVENT.c.seq >= first)
    connection.execute(later.values(seq=EVENT.c.seq + far))
    connection.execute(update(EVENT).where(EVENT.c.seq >= far).values(seq=EVENT.c.seq - far + by))


def _mend(connection: Connection, chance: random.Random) -> None:
    """Set right what one who holds the database can: hashes, the tree, even the checkpoints."""
    _rehash(connection)
    _rewrite_tree(connection)
    if chance.random() < 0.5:
        connection.execute(delete(CHECKPOINT))


def _rehash(connection: Connection) -> None:
    for row in connection.execute(select(EVENT).order_by(EVENT.c.seq)).all():
        columns = [getattr(row, name) for name in COLUMNS]
        columns[1] = stated_time(columns[1])
        leaf = leaf_of(columns)
        if leaf != row.leaf_hash:
            _set(connection, row.seq, leaf_hash=leaf)


def _rewrite_tree(connection: Connection) -> None:
    frontier = Frontier()
    for leaf in connection.scalars(select(EVENT.c.leaf_hash).order_by(EVENT.c.seq)).all():
        frontier.append(leaf)
    connection.execute(update(HEAD).values(size=frontier.size, peaks=frontier.pack()))
    connection.execute(delete(NODE))
    if frontier.completed:
        connection.execute(insert(NODE), [each._asdict() for each in frontier.completed])
    connection.execute(delete(CHECKPOINT).where(CHECKPOINT.c.size > frontier.size))


# --- Controls, and what the database alone does not show ---


def test_control_without_witnesses_a_log_written_anew_passes(log: Engine, signer: Signer) -> None:
    chance, passed = random.Random(11), 0  # noqa: S311  # no secret
    for way in (restore_an_older_copy, forget_checkpoints, truncate):
        for _ in range(20):
            with tampered(log, way, chance) as session:
                assert session is not None
                try:
                    verify(session, signer.key)
                except LogBroken:
                    continue
                passed += 1
    assert passed >= 40


def test_a_split_view_is_found_by_holding_the_witnesses_against_each_other(
    log: Engine, signer: Signer, folders: tuple[Path, Path]
) -> None:
    """The log's own key signs two histories: one for each witness."""
    chance = random.Random(12)  # noqa: S311  # no secret
    kept = notes_of_witnesses(folders)[0]
    for _ in range(20):
        with tampered(log, write_anew, chance) as session:
            assert session is not None
            session.connection().execute(delete(CHECKPOINT))
            end = session.execute(select(AuditHead.size, AuditHead.peaks)).one()
            root = Frontier.unpack(end.size, end.peaks).root()
            face = signer.sign(Note(signer.name, end.size, root))
            told = [Kept("two", face)]
            assert verify(session, signer.key, told).size == SIZE, "alone, the second face holds"
            with pytest.raises(LogBroken, match=r"entry \d+ or a later one was changed"):
                verify(session, signer.key, [*told, *kept])


def test_a_signature_by_another_key_is_found(
    log: Engine, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    kept = notes_of_witnesses(folders)[0]
    other = log_signer(tmp_path / "other")
    with Session(log) as session, pytest.raises(LogBroken, match="not signed by the log's key"):
        verify(session, other.key, kept)
