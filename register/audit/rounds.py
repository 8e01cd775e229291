"""A round of the log's keeper: sign what was added, and hand it to every witness."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from register.audit.checkpoints import (
    MOST,
    checkpoint,
    count_unsigned,
    last_checkpoint,
    remember,
    remembered,
)
from register.audit.keys import log_signer
from register.audit.note import Note, VerifierKey
from register.audit.verification import Kept
from register.audit.witness import hand_over, last_handed, notes_in
from register.errors import Refused
from register.work import begin_work, utc_now


@dataclass(frozen=True, slots=True)
class Round:
    """What came of a round: the note that was signed, if any, and which witnesses lack it."""

    note: Note | None
    problems: tuple[str, ...]


def go_round(
    engine: Engine,
    instance: Path,
    witnesses: Sequence[Path],
    clock: Callable[[], datetime] = utc_now,
) -> Round:
    """Sign a checkpoint if the log grew, and hand the last one to every witness that lacks it.

    Raises LogBroken, and signs nothing, where the log is no continuation of what was signed, as
    remembered here or by any witness.
    """
    with _alone(instance):
        return _go(engine, instance, witnesses, clock)


@contextmanager
def _alone(instance: Path) -> Iterator[None]:
    """Wait for another round to end: what two hand over at once could come in the wrong order."""
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "log.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _go(
    engine: Engine, instance: Path, witnesses: Sequence[Path], clock: Callable[[], datetime]
) -> Round:
    signer = log_signer(instance)
    signed, problems = remembered(instance), dict[Path, str]()
    for folder in witnesses:
        try:
            signed += filter(None, [last_handed(folder, signer.key)])
        except (OSError, Refused) as error:
            problems[folder] = _told(folder, error)
    with begin_work(engine, clock=clock) as work:
        note = checkpoint(work, signer, signed)
    # What was committed is remembered before it is handed out, so that nothing else can be signed.
    with begin_work(engine, clock=clock, writes=False) as work:
        last = last_checkpoint(work.session)
        if last is not None:
            remember(instance, last)
            left = [folder for folder in witnesses if folder not in problems]
            problems |= _hand_to_each(work.session, left, last, (signer.key, work.now))
    return Round(note, tuple(problems.values()))


def is_due(engine: Engine) -> bool:
    """Tell whether so much was added that a checkpoint is due before its time."""
    with begin_work(engine, writes=False) as work:
        return count_unsigned(work.session) >= MOST


def notes_of_witnesses(witnesses: Sequence[Path]) -> tuple[list[Kept], list[str]]:
    """Give every note that lies with the witnesses, and which of them cannot be read."""
    kept: list[Kept] = []
    problems = []
    for folder in witnesses:
        try:
            kept += (Kept(str(path), note) for path, note in notes_in(folder))
        except OSError as error:
            problems.append(_told(folder, error))
    return kept, problems


def _hand_to_each(
    session: Session, folders: Sequence[Path], note: Note, by: tuple[VerifierKey, datetime]
) -> dict[Path, str]:
    problems = {}
    for folder in folders:
        try:
            hand_over(session, folder, note, *by)
        except (OSError, Refused) as error:
            problems[folder] = _told(folder, error)
    return problems


def _told(folder: Path, error: Exception) -> str:
    why = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
    return f"The witness's folder {folder} does not take the checkpoint: {why.rstrip('.')}."
