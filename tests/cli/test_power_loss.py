"""The power is cut at any moment: what was acknowledged is on the disk."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from register import db
from tests.cli.conftest import Program
from tests.cli.dying import Run, Teller
from tests.cli.facts import Facts, Version, check_whole, end_of
from tests.cli.killing import Sendings, Size, commands, prepare, seeded
from tests.lossy_disk import Disk
from tests.recorded import NAME, Recorder, events_in
from tests.registers import DRILL

CUTS = 1000 if DRILL else 200
RESUMED = 50
"""After one cut of so many the work is done again to its end."""
SIZE = Size(120, 3, 4)
FILE = "register.sqlite3"
Recording = Callable[[Path, Teller], None]


def recorded(record: Path, teller: Teller) -> None:
    """Note what SQLite does to its files, and when the program acknowledged what."""
    recorder = Recorder(record)
    teller.listeners.append(recorder.note)


def at_normal(record: Path, teller: Teller) -> None:
    """The same without waiting for the disk at each commit: a control."""
    recorded(record, teller)
    usual = db._prepare_sqlite

    def prepare(connection: sqlite3.Connection, about: object) -> None:
        usual(connection, about)
        connection.execute("PRAGMA synchronous=NORMAL")

    setattr(db, "_prepare_sqlite", prepare)  # noqa: B010  # for this process only


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sendings:
    """Send all to a register whose disk nobody watches."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return prepare(folder, Program(f"sqlite:///{folder}/{FILE}", folder), SIZE)


class Cuts:
    """The power is cut so many times at moments of one recorded import."""

    def __init__(self, sent: Sendings, folder: Path, variant: Recording) -> None:
        self.sent, self.rng, self.image = sent, seeded(), folder / "image"
        self.register = Program(f"sqlite:///{self.image}/{FILE}", folder)
        record, self.watched = folder / "record", folder / "watched"
        self.watched.mkdir()
        register = Program(f"sqlite:///file:{self.watched}/{FILE}?vfs={NAME}&uri=true", folder)
        for command in commands(sent.batches):
            noting = partial(variant, record)
            assert not Run(register, *command, chunk=sent.size.chunk, variant=noting).end().code
        self.events = list(events_in(record))

    def __iter__(self) -> Iterator[set[Version]]:
        """Give for each cut, when its files lie there, what was acknowledged before."""
        moments = set(self.rng.sample(range(len(self.events) + 1), CUTS))
        disk = Disk()
        for moment, event in enumerate([*self.events, None]):
            if moment in moments:
                shutil.rmtree(self.image, ignore_errors=True)
                self.image.mkdir()
                disk.cut(self.image, self.rng)
                yield self.sent.said_in(disk.acknowledged)
            if event is not None:
                disk.follow(event)
        seen = {name: file.as_seen() for name, file in disk.names.items()}
        there = {file.name: file.read_bytes() for file in self.watched.iterdir()}
        assert seen == there, "all that SQLite did was noted"

    def versions_kept(self) -> set[Version]:
        """Open what was left as anybody would; it must be sound, whatever it lacks."""
        with closing(sqlite3.connect(self.image / FILE)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if not connection.execute("SELECT * FROM sqlite_master").fetchall():
                return set()
        facts = Facts()
        facts.check(self.register, ())
        return facts.versions


def test_with_the_power_cut_nothing_acknowledged_is_lost(sent: Sendings, tmp_path: Path) -> None:
    cuts = Cuts(sent, tmp_path, recorded)
    for number, acknowledged in enumerate(cuts):
        assert acknowledged <= cuts.versions_kept()
        if number % RESUMED == 0:
            for command in commands(sent.batches):
                cuts.register.do(*command)
            assert end_of(cuts.register) == sent.end
            check_whole(cuts.register)


def test_control_without_waiting_for_the_disk_acknowledged_reports_are_lost(
    sent: Sendings, tmp_path: Path
) -> None:
    cuts = Cuts(sent, tmp_path, at_normal)
    lossy = sum(not acknowledged <= cuts.versions_kept() for acknowledged in cuts)
    print(f"{lossy} of {CUTS} cuts lost something")  # noqa: T201  # a figure of the drill
    assert lossy >= CUTS / 2
