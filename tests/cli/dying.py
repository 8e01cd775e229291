"""The program in processes of its own, to be killed at any point of its work, hundreds of times.

Each is forked off a process that has loaded the program, since to load it takes longer than to
die. It tells what it acknowledged, when it came to the moment that was asked for, and its end.
"""

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from unittest.mock import patch

from sqlalchemy import Engine, event

from register import pipeline
from register.audit.service import write
from register.cli import receiving
from register.reports.schema import Reading
from register.reports.service import receive
from register.settings import ROOT
from register.work import Work
from tests.cli.conftest import Program
from tests.recorded import Acknowledged

PATIENCE = 300  # seconds until a run that tells nothing counts as hanging


@dataclass(frozen=True)
class Moment:
    """The so-manieth statement or commit of a run; 0 never comes."""

    number: int = 0
    of_commits: bool = False


@dataclass(frozen=True)
class Reached:
    """The moment that was asked for has come; the work goes on."""


@dataclass(frozen=True)
class Ended:
    """The program came to its own end, after so many statements and commits."""

    code: int
    output: str
    statements: int
    commits: int


Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@dataclass
class Teller:
    """The running program's voice."""

    connection: Connection
    moment: Moment
    rows: dict[str, int] = field(default_factory=dict)
    statements: int = 0
    commits: int = 0

    def __post_init__(self) -> None:
        self.listeners: list[Callable[[Acknowledged], None]] = [self.connection.send]

    def state(self, *_about: object) -> None:
        self.statements += 1
        if not self.moment.of_commits and self.statements == self.moment.number:
            self.connection.send(Reached())

    def commit(self, *_about: object) -> None:
        self.commits += 1
        if self.moment.of_commits and self.commits == self.moment.number:
            self.connection.send(Reached())

    def acknowledge(self, file: str, rows: int) -> None:
        self.rows[file] = self.rows.get(file, 0) + rows
        for listener in self.listeners:
            listener(Acknowledged(file, self.rows[file]))

    @contextmanager
    def progress(self, title: str, length: int) -> Iterator[Callable[[int], None]]:
        """Stand in for the bar that the program shows on a terminal after each chunk."""
        del length
        yield partial(self.acknowledge, title)

    def stand_in(self, progress: Progress) -> None:
        """Let the program show how far it has come in another way."""
        setattr(receiving, "progress", progress)  # noqa: B010  # a name that it only borrows


Variant = Callable[[Teller], None]


def plain(_teller: Teller) -> None:
    """Run the program as it is."""


def apart(_teller: Teller) -> None:
    """Receive and log, and fold, in two transactions, as the register must not: a control."""

    def submit(work: Work, submission_id: int, readings: Sequence[Reading]) -> pipeline.Outcome:
        pipeline.take_turn(work)
        outcome = pipeline.Outcome(received=receive(work, submission_id, readings))
        write(work)
        work.session.commit()
        if outcome.received.changed:
            pipeline.follow(work, outcome.received.changed, outcome)
        return outcome

    pipeline.submit = submit


def hasty(teller: Teller) -> None:
    """Acknowledge a chunk before it is committed, as the register must not: a control.

    It dies at the worst moment by itself, which from outside is met once in a hundred times.
    """
    really = pipeline.submit
    files: list[str] = []

    def submit(work: Work, submission_id: int, readings: Sequence[Reading]) -> pipeline.Outcome:
        outcome = really(work, submission_id, readings)
        teller.acknowledge(files[-1], len(readings))
        if teller.commits > 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    @contextmanager
    def progress(title: str, length: int) -> Iterator[Callable[[int], None]]:
        del length
        files.append(title)
        yield lambda _count: None

    pipeline.submit = submit
    teller.stand_in(progress)


def no_room(kilobytes: int, _teller: Teller) -> None:
    """Let no file grow past a size, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))


class Run:
    """One run of a command; to be read to its end."""

    def __init__(
        self,
        register: Program,
        *command: object,
        moment: Moment = Moment(),
        variant: Variant = plain,
        chunk: int = 500,
    ) -> None:
        self._told, telling = _context().Pipe(duplex=False)
        given = (telling, register, command, moment, variant, chunk)
        self._process = _context().Process(target=_run, args=given, daemon=True)
        self._process.start()
        telling.close()

    def __iter__(self) -> Iterator[Acknowledged | Reached | Ended]:
        """Give what it tells, until it is gone."""
        with suppress(EOFError, ConnectionResetError), self._told:
            while self._told.poll(PATIENCE):
                yield self._told.recv()
            raise TimeoutError(f"{self._process.pid} tells nothing")

    def kill(self) -> None:
        """Kill it, as nothing can prevent."""
        self._process.kill()

    def end(self) -> Ended:
        """Wait for an end that nobody hastens."""
        *_, last = self
        assert isinstance(last, Ended)
        return last

    @property
    def was_killed(self) -> bool:
        """Whether it was killed in the middle, once it is gone."""
        self._process.join()
        return self._process.exitcode == -signal.SIGKILL


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    with patch.dict(os.environ, PYTHONPATH=str(ROOT)):
        forkserver.ensure_running()
    return context


def _run(
    telling: Connection,
    register: Program,
    command: Sequence[object],
    moment: Moment,
    variant: Variant,
    chunk: int,
) -> None:
    teller = Teller(telling, moment)
    event.listen(Engine, "before_cursor_execute", teller.state)
    event.listen(Engine, "commit", teller.commit)
    teller.stand_in(teller.progress)
    variant(teller)
    result = register.run(*command, REGISTER_CHUNK_ROWS=str(chunk))
    telling.send(Ended(result.exit_code, result.output, teller.statements, teller.commits))
