"""Proof that the log is whole: every entry is hashed again, every root computed again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, Text, func, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from register.audit.leaf import leaf_of, stated_time
from register.audit.merkle import Frontier
from register.audit.models import AuditCheckpoint, AuditEvent, AuditHead
from register.audit.note import Note
from register.errors import RegisterError

_PAGE = 10_000

_Row: TypeAlias = "Sequence[Any]"
"""The columns of an entry as `_EVERYTHING` names them."""


class LogBroken(RegisterError):
    """The log does not hold; the sentence names the first entry that doesn't."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved: so many entries under this root, and how many checkpoints agree with it."""

    size: int
    root: bytes
    checkpoints: int


class _Anchor(NamedTuple):
    """A statement that the first `size` entries have `root`, and who makes it."""

    size: int
    root: bytes
    name: str


def verify(session: Session, kept: Sequence[Note] = ()) -> Verified:
    """Prove the log whole, or raise LogBroken naming the first entry that doesn't hold.

    `kept` are notes of checkpoints that lay where nobody here could change them: only they show
    a log whose end was cut off, or that was written anew, together with all its checkpoints.
    """
    # Checkpoints first: one that is added meanwhile could lie beyond the end as read before it.
    anchors = [
        _Anchor(size, root, f"the checkpoint at {size}")
        for size, root in session.execute(select(AuditCheckpoint.size, AuditCheckpoint.root))
    ]
    anchors += [_Anchor(note.size, note.root, f"the kept note of {note.size}") for note in kept]
    end, beyond = _read_end(session)
    frontier, proved = Frontier(), 0
    entries = _read_entries(session, end.size)
    for anchor in sorted([*anchors, end], key=lambda anchor: anchor.size):
        for row in islice(entries, max(0, anchor.size - frontier.size)):
            _append(frontier, row)
        _compare(frontier, anchor, proved)
        proved = anchor.size
        if anchor is end and beyond is not None:
            raise LogBroken(f"Entry {beyond} lies beyond the log's end, which counts {end.size}.")
    return Verified(frontier.size, frontier.root(), len(anchors))


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


def _append(frontier: Frontier, row: _Row) -> None:
    """Add an entry to the tree once its place and its hash are found right."""
    seq, at, leaf_hash = row[0], row[1], row[-1]
    if seq != frontier.size:
        raise LogBroken(
            f"Entry {frontier.size} of the log is missing."
            if seq > frontier.size
            else f"Entry {seq} has no place in the log, which begins at 0."
        )
    columns = dict(zip(_STATED, row, strict=False))
    if isinstance(at, datetime):
        columns["at"] = stated_time(at)
    try:
        leaf = leaf_of(columns)
    except (TypeError, ValueError):
        leaf = None  # a column holds what can't be text, so it is not as it was written
    if leaf is None or leaf != leaf_hash:
        raise LogBroken(
            f"Entry {frontier.size} of the log was changed: its hash does not follow from it."
        )
    frontier.append(leaf)


_STATED = ("seq", "at", "kind", "actor", "role", "organisation", "subject", "detail")
_EVERYTHING = select(
    AuditEvent.seq,
    # As it lies there: SQLite would read the same time from texts that differ.
    type_coerce(AuditEvent.at, Text),
    *(getattr(AuditEvent, name) for name in _STATED[2:]),
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


def _read_entries(session: Session, size: int) -> Iterator[_Row]:
    """Read the entries below `size` in order, a page at a time."""
    query = _EVERYTHING.where(AuditEvent.seq < size)
    page, limit, last = query, _PAGE, -1
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
        return session.connection().execute(page).all()
    except DBAPIError:  # such as a text that is no UTF-8
        return None
