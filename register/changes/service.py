"""Noting that children and feeds changed: in the transaction of the change itself, once each."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import insert

from register.changes.models import Change
from register.work import Work

_ROOM = "changes"
_ADD = insert(Change.__table__)  # type: ignore[arg-type]  # every table of ours is one
_Whose = tuple[int | None, str | None]


def note_changed(work: Work, children: Iterable[int]) -> None:
    """Note that what follows for these children changed in this piece of work."""
    _note(work, {(child, None) for child in children})


def note_feed(work: Work, sender: str) -> None:
    """Note that what is amiss with a sender's feed changed in this piece of work."""
    _note(work, {(None, sender)})


def _note(work: Work, found: set[_Whose]) -> None:
    if not found:
        return
    if _ROOM not in work.notes:
        work.notes[_ROOM] = set()
        work.before_commit.append(_write)
    cast("set[_Whose]", work.notes[_ROOM]).update(found)


def _write(work: Work) -> None:
    noted = cast("set[_Whose]", work.notes.pop(_ROOM))
    order = sorted(noted, key=lambda whose: (whose[0] or 0, whose[1] or ""))
    rows = [{"child": child, "sender": sender, "at": work.now} for child, sender in order]
    work.session.connection().execute(_ADD, rows)
