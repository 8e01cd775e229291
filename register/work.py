"""One piece of work: who does it, when, in which transaction. The only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from register.terms import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine that acts, as the log will name it."""

    name: str
    role: Role
    organisation: str = ""
    user_id: int | None = None


OPERATOR = Actor(name="operator", role=Role.OPERATOR)
"""Acts of the command line."""


def utc_now() -> datetime:
    """Read the clock, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Work:
    """What every verb is handed: the session, the actor, and the time that counts as now."""

    session: Session
    actor: Actor
    now: datetime
    notes: dict[str, object] = field(default_factory=dict)
    """What lower floors remember within this piece of work, by the name of the room."""
    before_commit: list[Callable[["Work"], None]] = field(default_factory=list)
    """What must be done last, such as writing the log; if it fails, nothing is committed."""


@contextmanager
def begin_work(
    engine: Engine,
    actor: Actor = OPERATOR,
    *,
    clock: Callable[[], datetime] = utc_now,
    writes: bool = True,
) -> Iterator[Work]:
    """Run one transaction: committed when the block ends, rolled back when it raises.

    With `writes=False` nothing is kept but what the log must tell of the reading: on SQLite the
    writer's place is then taken for that moment only.
    """
    options = {} if writes else {"sqlite_begin": "DEFERRED"}
    with (
        engine.connect().execution_options(**options) as connection,
        Session(connection) as session,
    ):
        work = Work(session, actor, clock())
        yield work
        if not writes:
            session.rollback()
            connection.execution_options(sqlite_begin="IMMEDIATE")
        for act in work.before_commit:
            act(work)
        session.commit()
