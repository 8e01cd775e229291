"""The one door into the log: entries are noted while work is done and written before it commits.

They stand in the same transaction as what they tell of, so neither is kept without the other.
Where the log cannot be written the work fails, and its answer never leaves.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, cast

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from register.audit.kinds import OPERATIONS, Operation
from register.audit.leaf import canonical, leaf_of, stated_time
from register.audit.merkle import Frontier
from register.audit.models import AuditEvent, AuditHead, AuditNode
from register.audit.private import PRIVATE, close, destroy_key, place_of, subjects_of
from register.errors import Unavailable
from register.numbers import child_number
from register.rows import add_rows
from register.work import Actor, Work

Detail: TypeAlias = "str | int | Sequence[Detail] | None"
"""What may stand in an entry's detail: ids, counts, codes. Nothing that describes a child."""

_ROOM = "audit"
_END = select(AuditHead.size, AuditHead.peaks)
_LOCKED = _END.with_for_update()
_MOVE = update(AuditHead)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says beyond who and when: its kind, a reference, ids and counts."""

    kind: str
    subject: str = ""
    detail: Mapping[str, Detail] = field(default_factory=dict)
    children: Collection[int] = ()
    """Whom it showed or gave out, each told by an entry of its own after this one."""
    private: Mapping[str, str] = field(default_factory=dict)
    """What must be said in words, such as a reason: encrypted, and erased with its key."""
    whose: str = ""
    """Whose key closes the words; blank for the subject's where that is a child, else the entry's
    own, called `entry 17`."""


def record(
    work: Work,
    kind: str,
    subject: str = "",
    *,
    children: Iterable[int] = (),
    private: Mapping[str, str] | None = None,
    whose: str = "",
    **detail: Detail,
) -> None:
    """Note one entry, to be written before the work commits.

    `kind` is one of `kinds.OPERATIONS`, `subject` a reference such as `child_reference` gives. Each
    of `children` that was shown has an entry more. `private` is what must be said in words, closed
    by the key of `whose` (see `Entry`). A refusal that ends its own work with an error is recorded
    in another piece of work, or it is lost.
    """
    shown = sorted(set(children))
    record_many(work, [Entry(kind, subject, detail, shown, private or {}, whose)])


def child_reference(child: int) -> str:
    """Give the one reference by which every entry names a child."""
    return f"child {child_number(child)}"


def record_many(work: Work, entries: Iterable[Entry]) -> None:
    """Note many entries in their order.

    Of what was looked at as it was known at an earlier time, the entry says as at which.
    """
    pending = _pending(work)
    then = {} if work.as_at is None else {"as_at": work.as_at.isoformat()}
    for entry in entries:
        if entry.kind not in OPERATIONS:
            raise ValueError(f"{entry.kind!r} is no kind of entry: name it in register/audit/kinds")
        many = {"children": len(entry.children)} if entry.children else {}
        told = replace(entry, detail={**entry.detail, **many, **then})
        pending.append((work.actor, told))
        pending += ((work.actor, each) for each in _of_each_child(entry, then))


def _of_each_child(entry: Entry, then: Mapping[str, Detail]) -> Iterator[Entry]:
    given = OPERATIONS[entry.kind] is Operation.DISCLOSURE
    kind = "child:disclosed" if given else "child:shown"
    detail = {"by": f"{entry.kind} {entry.subject}".strip(), **then}
    for child in entry.children:
        yield Entry(kind, child_reference(child), detail)


def erase_words(work: Work, subject: str) -> None:
    """Erase what the log says of a subject in words, for good; raise NotFound where it says none.

    The entries stand, and every proof of them.
    """
    write(work)
    record(work, "log:erased", subject, key=destroy_key(work.session, subject))


def undone_erasures(session: Session) -> list[str]:
    """Give the subjects of whom words were erased that can be read again, as from an old backup."""
    erased = session.scalars(select(AuditEvent.detail).where(AuditEvent.kind == "log:erased"))
    return subjects_of(session, [json.loads(detail)["key"] for detail in erased])


def write(work: Work) -> None:
    """Write what was noted; from here to the commit no one else can add to the log."""
    pending = _pending(work)
    if not pending:
        return
    # All else is sent first, so that the end is locked for the log's own rows only.
    work.session.flush()
    frontier = end_of_log(work.session)
    rows = []
    stated = stated_time(work.now)
    for seq, (actor, entry) in enumerate(pending, frontier.size):
        told = _told(work, actor, entry, seq)
        leaf = leaf_of((seq, stated, *told))
        rows.append((seq, work.now, *told, leaf))
        frontier.append(leaf)
    pending.clear()
    add_rows(work.session, AuditEvent, rows)
    connection = work.session.connection()
    if frontier.completed:
        connection.execute(insert(AuditNode), [each._asdict() for each in frontier.completed])
    connection.execute(_MOVE, {"size": frontier.size, "peaks": frontier.pack()})


def _pending(work: Work) -> list[tuple[Actor, Entry]]:
    """Give what was noted, each with who acted then: signing in changes the actor of a work."""
    if _ROOM not in work.notes:
        work.notes[_ROOM] = []
        work.before_commit.append(write)
    return cast("list[tuple[Actor, Entry]]", work.notes[_ROOM])


def _told(work: Work, actor: Actor, entry: Entry, seq: int) -> tuple[str, ...]:
    """Give what an entry says, in the order of `COLUMNS`, without its number and its time."""
    said = {**entry.detail, **_closed(work, entry, seq)}
    who = (actor.name, actor.role.value, actor.organisation)
    return (entry.kind, *who, entry.subject, canonical(said))


def _closed(work: Work, entry: Entry, seq: int) -> dict[str, Detail]:
    said = {name: words for name, words in entry.private.items() if words}
    if not said:
        return {}
    of_child = entry.subject if entry.subject.startswith("child ") else ""
    whose = entry.whose or of_child or f"entry {seq}"
    return {PRIVATE: close(work.session, whose, place_of(seq, entry.kind), said)}


def end_of_log(session: Session, *, lock: bool = True) -> Frontier:
    """Give the tree as it is, with `lock` once it is our turn to write."""
    end = _LOCKED if lock else _END
    row = session.execute(end).one_or_none()
    if row is None and not lock:
        return Frontier()
    if row is None:
        # The first entry ever. Of two that come at once, the second waits here for the first.
        first = text("INSERT INTO audit_head VALUES (1, 0, :peaks) ON CONFLICT DO NOTHING")
        session.execute(first, {"peaks": b""})
        row = session.execute(end).one()
    try:
        return Frontier.unpack(row.size, row.peaks)
    except ValueError as error:
        raise Unavailable(
            f"The register cannot write its log, whose end was tampered with: {error}."
        ) from error
