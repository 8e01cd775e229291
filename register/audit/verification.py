"""Proof that the log is whole: every entry is hashed again, every root computed again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, Text, func, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from register.audit.leaf import COLUMNS, leaf_of, stated_time
from register.audit.merkle import Frontier
from register.audit.models import AuditCheckpoint, AuditEvent, AuditHead, AuditNode
from register.audit.nodes import LogBroken
from register.audit.note import Note, VerifierKey, find_notes
from register.errors import Refused

_PAGE = 10_000

_Row: TypeAlias = "Sequence[Any]"
"""The columns of an entry as `_EVERYTHING` names them."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved: so many entries under this root, and how many signed notes agree with it."""

    size: int
    root: bytes
    checkpoints: int


class Kept(NamedTuple):
    """A note that lay where nobody here could change it, and where that was."""

    where: str
    note: Note


class _Anchor(NamedTuple):
    """A statement that the first `size` entries have `root`, and who makes it."""

    size: int
    root: bytes
    name: str


def verify(session: Session, key: VerifierKey, kept: Iterable[Kept] = ()) -> Verified:
    """Prove the log whole, or raise LogBroken naming the first entry that doesn't hold.

    `key` is the log's own, which must have signed every checkpoint. Only the notes that are `kept`
    elsewhere show a log whose end was cut off, or that was written anew, with all its checkpoints.
    The session must see one state from its first statement to its last.
    """
    # Checkpoints first: one that is added meanwhile could lie beyond the end as read before it.
    anchors = [*_checkpoints(session, key)]
    agreeing = {(anchor.size, anchor.root) for anchor in anchors}
    for where, note in kept:
        _require_signature(note, key, f"the note of {note.size} entries in {where}")
        if (note.size, note.root) not in agreeing:
            agreeing.add((note.size, note.root))
            anchors.append(_Anchor(note.size, note.root, f"the note of {note.size} in {where}"))
    end, beyond = _read_end(session)
    frontier, proved = Frontier(), 0
    entries = read_entries(session, end.size)
    for anchor in sorted([*anchors, end], key=lambda anchor: anchor.size):
        _append(frontier, islice(entries, max(0, anchor.size - frontier.size)))
        _compare(frontier, anchor, proved)
        proved = anchor.size
        if anchor is end and beyond is not None:
            raise LogBroken(f"Entry {beyond} lies beyond the log's end, which counts {end.size}.")
    _compare_nodes(session, frontier)
    return Verified(frontier.size, frontier.root(), len(anchors))


def _checkpoints(session: Session, key: VerifierKey) -> Iterator[_Anchor]:
    try:
        rows = session.execute(select(AuditCheckpoint.size, AuditCheckpoint.note)).all()
    except DBAPIError as error:  # such as a text that is no UTF-8
        raise LogBroken("The checkpoints of the log can't be read.") from error
    for size, text in rows:
        name = f"the checkpoint at {size}"
        note = next(find_notes(str(text)), None)
        if note is None or note.text() != text or note.size != size:
            raise LogBroken(f"{_first_up(name)} was changed: it is not as it was written.")
        _require_signature(note, key, name)
        yield _Anchor(size, note.root, name)


def _require_signature(note: Note, key: VerifierKey, name: str) -> None:
    try:
        signed_at = key.signed_at(note)
    except Refused as error:
        raise LogBroken(f"{_first_up(name)} was changed. {error}") from error
    if signed_at is None or note.origin != key.name:
        raise LogBroken(f"{_first_up(name)} is not signed by the log's key, {key.text()}.")


def _first_up(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"


def _compare_nodes(session: Session, frontier: Frontier) -> None:
    """Hold the nodes that are kept for proofs against those that follow from the entries."""
    kept = {
        (level, place): node
        for level, place, node in session.execute(
            select(AuditNode.level, AuditNode.place, AuditNode.hash)
        )
    }
    true = {(node.level, node.place): node.hash for node in frontier.completed}
    wrong = sorted(each for each in kept.keys() | true.keys() if kept.get(each) != true.get(each))
    if wrong:
        level, place = wrong[0]
        raise LogBroken(
            f"The hash that is kept over entry {place << level} and those after it was changed; "
            "the entries themselves were not."
        )


def _compare(frontier: Frontier, anchor: _Anchor, proved: int) -> None:
    if frontier.size < anchor.size:
        raise LogBroken(
            f"Entry {frontier.size} of the log is missing: {anchor.name} counts {anchor.size}."
        )
    if frontier.root() != anchor.root:
        raise LogBroken(
            f"The first {anchor.size} entries of the log do not have the root that {anchor.name} "
            f"states: entry {proved} or a later one was changed, or that statement was."
        )


def _append(frontier: Frontier, rows: Iterable[_Row]) -> None:
    """Add entries to the tree, each once its place and its hash are found right."""
    for row in rows:
        *columns, leaf_hash = row
        try:
            leaf = leaf_of(columns)
        except (TypeError, ValueError):
            leaf = None  # a column holds what can't be text, so it is not as it was written
        if columns[0] != frontier.size or leaf is None or leaf != leaf_hash:
            raise LogBroken(_why_wrong(frontier.size, columns[0]))
        frontier.append(leaf)


def _why_wrong(expected: int, seq: int) -> str:
    if seq > expected:
        return f"Entry {expected} of the log is missing."
    if seq < expected:
        return f"Entry {seq} has no place in the log, which begins at 0."
    return f"Entry {seq} of the log was changed: its hash does not follow from it."


_EVERYTHING = select(
    AuditEvent.seq,
    # As it lies there: SQLite would read the same time from texts that differ.
    type_coerce(AuditEvent.at, Text),
    *(getattr(AuditEvent, name) for name in COLUMNS[2:]),
    AuditEvent.leaf_hash,
).order_by(AuditEvent.seq)


def _read_end(session: Session) -> tuple[_Anchor, int | None]:
    """Read the end of the log and the first entry beyond it, in one statement and so one state."""
    size = func.coalesce(select(AuditHead.size).scalar_subquery(), 0)
    peaks = select(AuditHead.peaks).scalar_subquery()
    beyond = select(func.min(AuditEvent.seq)).where(AuditEvent.seq >= size).scalar_subquery()
    row = session.execute(select(size, peaks, beyond)).one()
    try:
        frontier = Frontier.unpack(row[0], row[1] or b"")
    except (TypeError, ValueError) as error:
        raise LogBroken(f"The end of the log was changed: {error}.") from error
    return _Anchor(frontier.size, frontier.root(), "the log's end"), row[2]


def read_entries(session: Session, size: int, begin: int | None = None) -> Iterator[_Row]:
    """Read the entries below `size` in order, a page at a time, each with its hash last."""
    query = _EVERYTHING.where(AuditEvent.seq < size)
    page = query if begin is None else query.where(AuditEvent.seq >= begin)
    limit, last = _PAGE, -1
    while True:
        rows = _read_page(session, page.limit(limit))
        if rows is None and limit == 1:
            raise LogBroken(f"Entry {last + 1} of the log can't be read.")
        if rows is None:
            limit = 1  # go through this page one by one, to name the entry
            continue
        yield from rows
        if len(rows) < limit:
            return
        last = rows[-1][0]
        page = query.where(AuditEvent.seq > last)


def _read_page(session: Session, page: Select[Any]) -> Sequence[_Row] | None:
    try:
        rows = session.connection().execute(page).all()
    except DBAPIError:  # such as a text that is no UTF-8
        return None
    if session.get_bind().dialect.name == "sqlite":
        return rows
    return [(row[0], stated_time(row[1]), *row[2:]) for row in rows]
