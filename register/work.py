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


@contextmanager
def begin_work(
    engine: Engine,
    actor: Actor = OPERATOR,
    *,
    clock: Callable[[], datetime] = utc_now,
    writes: bool = True,
) -> Iterator[Work]:
    """Run one transaction: committed when the block ends, rolled back when it raises."""
    options = {} if writes else {"sqlite_begin": "DEFERRED"}
    with engine.connect().execution_options(**options) as connection, Session(connection) as session:
        yield Work(session, actor, clock())
        session.commit()
