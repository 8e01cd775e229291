"""The program as its users run it: on a register of its own, in this process or as a real one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from csv import DictReader, DictWriter
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from register.cli.program import program
from register.db import make_engine, upgrade_database
from register.keyring import KeyRing
from register.settings import ROOT
from tests.conftest import Postgres

COMMAND = (sys.executable, "-c", "from register.cli.program import main; main()")
_numbers = count(1)
Row = dict[str, str]
ADA: Mapping[str, str] = {
    "reference": "R1",
    "forename": "Ada",
    "surname": "Byron",
    "date_of_birth": "2010-05-04",
    "category": "missing",
    "status": "closed",
    "missing_at": "2026-03-02T22:40:00+00:00",
    "returned_at": "2026-03-03T09:00:00+00:00",
    "updated_at": "2026-03-03T10:00:00+00:00",
}
FORCE, AUTHORITY = "E23000010", "E08000035"


@dataclass(frozen=True)
class Program:
    """The program on one register; `run` in this process, `start` as one of its own."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What tells the program where its register lies."""
        return {"REGISTER_DATABASE_URL": self.url, "REGISTER_INSTANCE_DIR": str(self.folder)}

    def run(self, *arguments: object, stdin: str = "", **environment: str) -> Result:
        """Run a command; whatever it meets, no traceback may reach the user."""
        result = CliRunner().invoke(
            program,
            [str(argument) for argument in arguments],
            env=self.environment | environment,
            input=stdin,
        )
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    def do(self, *arguments: object, **environment: str) -> str:
        """Run a command that must succeed; give what it prints."""
        result = self.run(*arguments, **environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refuse(self, *arguments: object, **environment: str) -> str:
        """Run a command that must fail; give its sentence, which stands on standard error."""
        result = self.run(*arguments, **environment)
        assert result.exit_code == 1, result.output
        assert result.stderr.startswith("Error: ")
        assert result.stderr.rstrip().endswith((".", "?"))
        return result.stderr

    def rows(self, *arguments: object) -> list[Row]:
        """Export something and give its rows."""
        return list(DictReader(self.do("export", *arguments).splitlines()))

    def start(self, *arguments: object, **options: object) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        environment = os.environ | self.environment | {"PYTHONPATH": str(ROOT)}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process: subprocess.Popen[str] = subprocess.Popen(
            [*COMMAND, *(str(argument) for argument in arguments)],
            env=environment,
            text=True,
            **streams,  # type: ignore[call-overload]  # passed on as they came
        )
        return process

    def engine(self) -> Engine:
        """Look behind the program."""
        return make_engine(self.url, KeyRing(self.folder / "field.keys"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty register as the migrations make it, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "register.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """Give the name of an empty register as the migrations make it, to be copied."""
    _migrate(postgres.make("migrated"))
    return f"{postgres.prefix}_migrated"


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade_database(engine)
    engine.dispose()


MakeProgram = Callable[[], Program]


@pytest.fixture(params=["sqlite", "postgresql"])
def make_program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeProgram]:
    """Give what makes new registers, of each kind in turn."""
    made: list[str] = []

    def make() -> Program:
        number = next(_numbers)
        folder = tmp_path / f"instance-{number}"
        folder.mkdir()
        if request.param == "sqlite":
            path = folder / "register.sqlite3"
            shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
            return Program(f"sqlite:///{path}", folder)
        postgres: Postgres = request.getfixturevalue("postgres")
        made.append(f"cli_{number}")
        return Program(
            postgres.make(made[-1], request.getfixturevalue("migrated_postgres")), folder
        )

    yield make
    for name in made:
        request.getfixturevalue("postgres").drop(name)


@pytest.fixture
def register(make_program: MakeProgram) -> Program:
    """Give the program on an empty register, of each kind in turn."""
    return make_program()


@pytest.fixture
def embedded(tmp_path: Path, migrated_sqlite: Path) -> Program:
    """Give the program on an embedded register, for what does not depend on the database."""
    shutil.copyfile(migrated_sqlite, tmp_path / "register.sqlite3")
    return Program(f"sqlite:///{tmp_path / 'register.sqlite3'}", tmp_path)


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give what writes a CSV of reports; what a row does not say, Ada's does."""

    def make(*rows: Mapping[str, str], name: str = "reports.csv", usual: bool = True) -> Path:
        path = tmp_path / name
        full: Iterable[Mapping[str, str]] = (
            [{"organisation": FORCE, **ADA, **row} for row in rows] if usual else rows
        )
        columns = list(dict.fromkeys(column for row in full for column in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(full)
        return path

    return make
