"""The one door into the log: entries are noted while work is done and written before it commits.

They stand in the same transaction as what they tell of, so neither is kept without the other.
Where the log cannot be written the work fails, and its answer never leaves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, cast

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from register.audit.kinds import OPERATIONS
from register.audit.leaf import canonical, leaf_of, stated_time
from register.audit.merkle import Frontier
from register.audit.models import AuditCheckpoint, AuditEvent, AuditHead
from register.audit.note import Note
from register.errors import RegisterError
from register.work import Actor, Work

Detail: TypeAlias = "str | int | Sequence[Detail] | None"
"""What may stand in an entry's detail: ids, counts, codes. Nothing that describes a child."""

ORIGIN = "register/log"
"""What the log calls itself in its checkpoints."""

_ROOM = "audit"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says beyond who and when: its kind, a reference, ids and counts."""

    kind: str
    subject: str = ""
    detail: Mapping[str, Detail] = field(default_factory=dict)


def record(work: Work, kind: str, subject: str = "", **detail: Detail) -> None:
    """Note one entry, to be written before the work commits.

    `kind` is one of `kinds.OPERATIONS`, `subject` a reference such as `child 4K7Q`. A refusal
    that ends its own work with an error is recorded in another piece of work, or it is lost.
    """
    record_many(work, [Entry(kind, subject, detail)])


def record_many(work: Work, entries: Iterable[Entry]) -> None:
    """Note many entries in their order, for example one for each child of a list that is shown.

    Of what was looked at as it was known at an earlier time, the entry says as at which.
    """
    pending = _pending(work)
    then = {} if work.as_at is None else {"as_at": work.as_at.isoformat()}
    for entry in entries:
        if entry.kind not in OPERATIONS:
            raise ValueError(f"{entry.kind!r} is no kind of entry: name it in register/audit/kinds")
        told = replace(entry, detail={**entry.detail, **then}) if then else entry
        pending.append((work.actor, told))


def checkpoint(work: Work, origin: str = ORIGIN) -> Note | None:
    """Keep the root of the log if it grew since the last time; the last act of its work.

    Returns the note to be kept where nobody here can change it; None when nothing was added.
    """
    write(work)
    frontier = _lock_end(work.session)
    last = work.session.scalar(select(func.max(AuditCheckpoint.size))) or 0
    if frontier.size <= last:
        return None
    note = Note(origin, frontier.size, frontier.root())
    work.session.add(
        AuditCheckpoint(size=note.size, root=note.root, at=work.now, origin=note.origin)
    )
    return note


def end_of_log(work: Work) -> Note:
    """Give what the log is now, before what this work adds to it: for a paper that refers to it."""
    row = work.session.execute(select(AuditHead.size, AuditHead.peaks)).one_or_none()
    frontier = Frontier.unpack(row.size, row.peaks) if row else Frontier()
    return Note(ORIGIN, frontier.size, frontier.root())


def write(work: Work) -> None:
    """Write what was noted; from here to the commit no one else can add to the log."""
    pending = _pending(work)
    if not pending:
        return
    # All else is sent first, so that the end is locked for the log's own rows only.
    work.session.flush()
    frontier = _lock_end(work.session)
    rows = [
        _row(work, actor, entry, seq) for seq, (actor, entry) in enumerate(pending, frontier.size)
    ]
    pending.clear()
    for row in rows:
        row["leaf_hash"] = leaf = leaf_of(row)
        row["at"] = work.now
        frontier.append(leaf)
    connection = work.session.connection()
    connection.execute(insert(AuditEvent), rows)
    connection.execute(update(AuditHead).values(size=frontier.size, peaks=frontier.pack()))


def _pending(work: Work) -> list[tuple[Actor, Entry]]:
    """Give what was noted, each with who acted then: signing in changes the actor of a work."""
    if _ROOM not in work.notes:
        work.notes[_ROOM] = []
        work.before_commit.append(write)
    return cast("list[tuple[Actor, Entry]]", work.notes[_ROOM])


def _row(work: Work, actor: Actor, entry: Entry, seq: int) -> dict[str, object]:
    return {
        "seq": seq,
        "at": stated_time(work.now),
        "kind": entry.kind,
        "actor": actor.name,
        "role": actor.role.value,
        "organisation": actor.organisation,
        "subject": entry.subject,
        "detail": canonical(entry.detail),
    }


def _lock_end(session: Session) -> Frontier:
    """Wait for our turn to write and give the tree as it is then."""
    end = select(AuditHead.size, AuditHead.peaks).with_for_update()
    row = session.execute(end).one_or_none()
    if row is None:
        # The first entry ever. Of two that come at once, the second waits here for the first.
        first = text("INSERT INTO audit_head VALUES (1, 0, :peaks) ON CONFLICT DO NOTHING")
        session.execute(first, {"peaks": b""})
        row = session.execute(end).one()
    try:
        return Frontier.unpack(row.size, row.peaks)
    except ValueError as error:
        raise RegisterError(f"The end of the log was tampered with: {error}.") from error
