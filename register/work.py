"""One piece of work: who does it, when, in which transaction. The only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, event, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, SessionTransaction

from register.db import Derived, stood
from register.errors import Refused
from register.terms import Role
from register.turns import turn_to_write
from register.underneath.roles import ALL_SEEN, KNOWN, SEES_ALL, Asks, stand_as


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine that acts, as the log will name it."""

    name: str
    role: Role
    organisation: str = ""
    user_id: int | None = None
    scopes: frozenset[str] | None = None
    """The permissions that a system was given of those of its role; None: all of them."""


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
    known: dict[str, object] = field(default_factory=dict)
    """What they have read and may read again; forgotten when a turn was waited for, and when more
    is seen than was."""
    before_commit: list[Callable[["Work"], None]] = field(default_factory=list)
    """What must be done last, such as writing the log; if it fails, nothing is committed."""
    as_at: datetime | None = None
    """Everything is read as it was known then, and nothing may be changed; None: as known now."""
    reads: bool = False
    """It only reads, and sees one state from its first line to its last."""

    def known_in(self, room: str) -> dict[Any, Any]:
        """Give what a room knows, as at the time this work looks at; a copy may look at another."""
        return cast("dict[Any, Any]", self.known.setdefault(f"{room} {self.as_at}", {}))

    @property
    def moment(self) -> datetime:
        """The time that counts as now for whoever reads: what is due, how old a child is."""
        return self.as_at or self.now


def stands(work: Work, table: type[Derived]) -> ColumnElement[bool]:
    """Give the condition that a row of what follows from the facts stands, as the work sees it."""
    return stood(table, work.as_at)


def was_known(work: Work, at: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Give the condition that a fact, which came in at that time, was known to this work."""
    return true() if work.as_at is None else at <= work.as_at


class Whether:
    """Whether a table holds anything at all, so that what looks into it may be left out.

    `asked` is the question, to be put together with others; `note` keeps what came of it.
    """

    def __init__(self, number: InstrumentedAttribute[int]) -> None:
        self.asked = select(exists().where(number > 0)).scalar_subquery()
        self._alone = select(self.asked)
        self._room = f"whether {number}"

    def is_any(self, work: Work) -> bool:
        """Tell whether there is any; asked once for all who ask in one turn."""
        if self._room not in work.known:
            self.note(work, found=bool(work.session.connection().scalar(self._alone)))
        return bool(work.known[self._room])

    def note(self, work: Work, *, found: bool) -> None:
        """Note whether there is any, so that it need not be asked."""
        work.known[self._room] = found


_ASKS = "asks"
_ONE_STATE: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": "DEFERRED"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
_TO_WRITE: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": "IMMEDIATE"},
    "postgresql": {"isolation_level": "READ COMMITTED", "postgresql_readonly": False},
}


@contextmanager
def begin_work(
    engine: Engine,
    actor: Actor = OPERATOR,
    *,
    clock: Callable[[], datetime] = utc_now,
    writes: bool = True,
    as_at: datetime | None = None,
) -> Iterator[Work]:
    """Run one transaction: committed when the block ends, rolled back when it raises.

    With `writes=False` nothing is kept but what the log must tell of the reading: on SQLite the
    writer's place is then taken for that moment only. With `as_at` everything is read as it was
    known then; raises Refused for a time to come, and nothing may be changed.
    """
    now = clock()
    if as_at is not None and as_at > now:
        raise Refused(f"{as_at.isoformat()} is still to come: nobody knows what is known then.")
    writes = writes and as_at is None
    with ExitStack() as stack:
        if writes:
            stack.enter_context(turn_to_write(engine))
        # A reader sees one state from its first line to its last, on either database.
        options = {} if writes else _ONE_STATE[engine.dialect.name]
        connection = stack.enter_context(engine.connect().execution_options(**options))
        asks = Asks(actor.name, actor.role, actor.organisation, now, as_at)
        session = stack.enter_context(_Asked(connection, info={_ASKS: asks}))
        work = Work(session, actor, now, as_at=as_at, reads=not writes)
        session.info[KNOWN] = work.known
        yield work
        if not writes:
            _end_reading(session, engine)
            session.info[_ASKS] = replace(session.info[_ASKS], role=Role.NOBODY, organisation="")
            if not work.before_commit:
                return
            stack.enter_context(turn_to_write(engine))
            connection.execution_options(**_TO_WRITE[engine.dialect.name])
        for act in work.before_commit:
            act(work)
        session.commit()


def _end_reading(session: Session, engine: Engine) -> None:
    """End a transaction in which nothing is to be kept.

    PostgreSQL let it write nothing. There it is committed: after a rollback the driver forgets the
    statements that it had prepared, and every page would be planned anew.
    """
    session.expunge_all()
    if engine.dialect.name == "postgresql":
        session.commit()
    else:
        session.rollback()


class _Asked(Session):
    """A session each of whose transactions says who asks before it asks anything."""


@event.listens_for(_Asked, "after_begin")
def _say_who_asks(session: Session, begun: SessionTransaction, connection: Connection) -> None:
    if not begun.nested:  # a savepoint stands on what its transaction stands on
        asks = session.info[_ASKS]
        session.info[ALL_SEEN] = asks.role in SEES_ALL
        stand_as(connection, asks)
