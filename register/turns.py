"""Whose turn it is to change what follows: one at a time, first come, first served.

SQLite lets those who wait try again after ever longer naps, and whoever waits on PostgreSQL for a
row that is written each time is passed by those who come later: one may wait for seconds. On
PostgreSQL an advisory lock keeps the queue; on SQLite the threads of one process stand in line
here, and between processes its own way remains.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, literal, select
from sqlalchemy.orm import Session

from register.errors import RegisterError
from register.underneath.roles import ALL_SEEN, KNOWN, MATCHER

LONGEST = 60
"""Seconds after which whoever waits is told so."""


class Line:
    """A lock that is handed on in the order in which it was asked for."""

    def __init__(self) -> None:
        self._door = Lock()
        self._waiting: deque[Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and hand it on when done."""
        mine = Event()
        with self._door:
            if self._taken:
                self._waiting.append(mine)
            else:
                self._taken = True
                mine.set()
        self._wait(mine)
        try:
            yield
        finally:
            with self._door:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._taken = False

    def _wait(self, mine: Event) -> None:
        if mine.wait(LONGEST):
            return
        with self._door:
            if mine.is_set():
                return
            self._waiting.remove(mine)
        raise RegisterError("The register is busy: nothing was changed. Try again in a minute.")


_lines: WeakKeyDictionary[Engine, Line] = WeakKeyDictionary()
_door = Lock()


_NEXT = select(
    func.pg_advisory_xact_lock(0x72656769), func.set_config("role", MATCHER, literal(value=True))
)


def wait_for_turn(session: Session) -> None:
    """Wait until nobody else changes what follows; what was read before counts no more.

    The turn ends with the transaction.

    Whose turn it is sees all, on PostgreSQL as the matcher: what follows does so from all reports.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_NEXT)
        session.info[ALL_SEEN] = True
    session.info.get(KNOWN, {}).clear()


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait for the turn to write to SQLite at all; PostgreSQL lets many write."""
    if engine.dialect.name != "sqlite":
        yield
        return
    with _door:
        line = _lines.setdefault(engine, Line())
    with line.turn():
        yield
