"""Checkpoints: the log's root, signed from time to time, and never against what was signed before.

A note that was signed is remembered beside the database too, so that neither an older copy of the
database nor one whose log was written anew is signed for.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from register.audit.models import AuditCheckpoint
from register.audit.nodes import LogBroken, root_at
from register.audit.note import Note, Signer, find_notes, read_note
from register.audit.service import end_of_log, write
from register.work import Work

MOST = 1000
"""So many entries are added at most before a checkpoint is due."""
EVERY = 60
"""A checkpoint is due after so many seconds, if anything was added."""


def checkpoint(work: Work, signer: Signer, signed: Iterable[Note] = ()) -> Note | None:
    """Sign the root of the log if it grew since the last time; the last act of its work.

    `signed` are notes that were signed before, as others keep them. Raises LogBroken where the log
    is no continuation of each of them. Returns the note, or None when nothing was added.
    """
    write(work)
    frontier = end_of_log(work.session)
    last = last_checkpoint(work.session)
    _refuse_unlike(work.session, Note(signer.name, frontier.size, frontier.root()), frontier.size)
    for note in (*signed, *filter(None, [last])):
        _refuse_unlike(work.session, note, frontier.size)
    if frontier.size <= (last.size if last else 0):
        return None
    note = signer.sign(Note(signer.name, frontier.size, frontier.root()))
    work.session.add(AuditCheckpoint(size=note.size, note=note.text()))
    return note


def last_checkpoint(session: Session) -> Note | None:
    """Give the note of the last checkpoint."""
    last = select(AuditCheckpoint.note).order_by(AuditCheckpoint.size.desc()).limit(1)
    text = session.scalar(last)
    return None if text is None else read_note(text)


def checkpoint_at(session: Session, size: int) -> Note | None:
    """Give the note of the checkpoint at a size."""
    text = session.scalar(select(AuditCheckpoint.note).where(AuditCheckpoint.size == size))
    return None if text is None else read_note(text)


def count_unsigned(session: Session) -> int:
    """Count the entries that were added since the last checkpoint."""
    last = session.scalar(select(func.max(AuditCheckpoint.size))) or 0
    return end_of_log(session, lock=False).size - last


def remembered(instance: Path) -> list[Note]:
    """Give the last note that was signed, as remembered beside the database."""
    path = instance / _MEMORY
    return list(find_notes(path.read_text("utf-8"))) if path.exists() else []


def remember(instance: Path, note: Note) -> None:
    """Remember a note as the last that was signed."""
    replace_file(instance / _MEMORY, note.text())


def replace_file(path: Path, text: str) -> None:
    """Write a small file whole: a reader, and whoever starts after a power cut, finds one state."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


_MEMORY = "log.signed"


def _refuse_unlike(session: Session, note: Note, size: int) -> None:
    if note.size > size:
        raise LogBroken(
            f"Nothing is signed: the log has {size} entries, and {note.size} were signed for. Was "
            "an older copy of the database restored? Restore the newest one."
        )
    if root_at(session, note.size) != note.root:
        raise LogBroken(
            f"Nothing is signed: the first {note.size} entries of the log are not those that were "
            "signed for. See `register audit verify`."
        )
