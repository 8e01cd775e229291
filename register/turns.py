"""Whose turn it is to write, where a database lets one write at a time and keeps no queue.

SQLite lets those who wait try again after ever longer naps, so that one may wait for seconds while
others pass. Here they stand in line: first come, first served, among the threads of one process.
Between processes SQLite's own way remains.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from register.errors import RegisterError

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


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait for the turn to write; a database that queues its writers itself is left to do so."""
    if engine.dialect.name != "sqlite":
        yield
        return
    with _door:
        line = _lines.setdefault(engine, Line())
    with line.turn():
        yield
