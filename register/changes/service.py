"""Noting that children changed: written in the transaction of the change itself, once a child."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import insert

from register.changes.models import Change
from register.work import Work

_ROOM = "changes"
_ADD = insert(Change.__table__)  # type: ignore[arg-type]  # every table of ours is one


def note_changed(work: Work, children: Iterable[int]) -> None:
    """Note that what follows for these children changed in this piece of work."""
    found = set(children)
    if not found:
        return
    if _ROOM not in work.notes:
        work.notes[_ROOM] = set()
        work.before_commit.append(_write)
    cast("set[int]", work.notes[_ROOM]).update(found)


def _write(work: Work) -> None:
    noted = cast("set[int]", work.notes.pop(_ROOM))
    rows = [{"child": child, "at": work.now} for child in sorted(noted)]
    work.session.connection().execute(_ADD, rows)
