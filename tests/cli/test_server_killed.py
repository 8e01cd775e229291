"""The whole database server is killed, ever again, under a long import."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import text

from register.db import make_engine, upgrade_database
from tests.cli.conftest import Program
from tests.cli.facts import check_whole, end_of
from tests.cli.killing import Killer, Sendings, prepare, seeded
from tests.conftest import do_without
from tests.postgres import Cluster, PostgresAbsent, as_server, new_cluster
from tests.registers import DRILL

KILLS = 100 if DRILL else 20
PATIENCE = 60  # seconds for the server to come back


@dataclass
class Server:
    """A server with the settings that it comes with, by which it keeps what it acknowledged."""

    cluster: Cluster
    settings: tuple[str, ...] = ()
    recoveries: list[float] = field(default_factory=list)
    refusals: int = 0

    def start(self) -> None:
        """Start it, ever again: as long as processes of the killed one die, it refuses."""
        began = time.monotonic()
        while not self._start_once():
            self.refusals += 1
            assert time.monotonic() - began < PATIENCE, "the server does not come back"
        self.recoveries.append(time.monotonic() - began)

    def _start_once(self) -> bool:
        data, room = self.cluster.data, self.cluster.room
        usual = ("listen_addresses=", "max_connections=10", "recovery_init_sync_method=syncfs")
        options = [f"--{each}" for each in (*usual, *self.settings)]
        self.process = subprocess.Popen(
            [self.cluster.programs / "postgres", "-D", data, "-k", room, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_server(),
        )
        while self.process.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(host=str(room), user="register", dbname="postgres").close()
                return True
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)
        return False

    def kill(self, _run: object = None) -> None:
        """Kill the process that starts the others, held so that it can start no more, and all."""
        first = self.process.pid
        os.kill(first, signal.SIGSTOP)
        for process in (first, *_children_of(first)):
            os.kill(process, signal.SIGKILL)
        self.process.wait()


def _children_of(parent: int) -> list[int]:
    """Ask the system for the processes that one has started."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            _, _, rest = stat.read_text("utf-8", "replace").rpartition(")")
            if int(rest.split()[1]) == parent:
                children.append(int(stat.parent.name))
    return children


@contextmanager
def served(*settings: str) -> Iterator[tuple[Server, Program]]:
    """Start a server of one's own, with an empty register."""
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(new_cluster())
        except PostgresAbsent as absence:
            do_without(absence)
        server = Server(cluster, settings)
        server.start()
        stack.callback(server.kill)
        engine = make_engine(cluster.address)
        upgrade_database(engine)
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CHECKPOINT"))  # the empty register is on the disk, whatever
        engine.dispose()
        folder = stack.enter_context(TemporaryDirectory())
        yield server, Program(cluster.address, Path(folder))


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sendings:
    folder = tmp_path_factory.mktemp("undisturbed")
    return prepare(folder, Program(f"sqlite:///{folder}/register.sqlite3", folder))


def test_with_its_server_killed_ever_again_it_ends_in_the_same_register(sent: Sendings) -> None:
    with served() as (server, register):
        killer = Killer(register, sent, seeded(), strike=server.kill, mend=server.start)
        killer.send_all(KILLS)
        assert killer.strikes == KILLS
        assert end_of(register) == sent.end
        check_whole(register)
        _check_indexes(register)
    back = sorted(server.recoveries)
    told = f"back in {back[len(back) // 2]:.1f} s, at most {back[-1]:.1f} s"
    print(f"{told}; refused to start {server.refusals} times")  # noqa: T201  # figures of the drill


def _check_indexes(register: Program) -> None:
    """Every row of every table is found by every one of its indexes, where the server can tell."""
    engine = register.engine()
    with engine.begin() as connection:
        if connection.scalar(text("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")):
            connection.execute(text("CREATE EXTENSION amcheck"))
            checked = connection.execute(
                text(
                    "SELECT bt_index_check(index.oid, true) FROM pg_class AS index "
                    "JOIN pg_am ON pg_am.oid = index.relam WHERE amname = 'btree' "
                    "AND relkind = 'i' AND relpersistence = 'p'"
                )
            )
            assert len(checked.all()) > 100
    engine.dispose()


def test_control_a_server_that_acknowledges_too_early_is_caught(sent: Sendings) -> None:
    late = ("wal_writer_delay=10s", "wal_writer_flush_after=1GB", "wal_buffers=64MB")
    settings = ("synchronous_commit=off", *late)
    with served(*settings) as (server, register):
        killer = Killer(register, sent, seeded(), strike=server.kill, mend=server.start)
        with pytest.raises(
            AssertionError, match=r"acknowledged versions lost|what was seen is there"
        ):
            killer.send_all(KILLS)
