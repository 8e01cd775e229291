"""What every test may ask for: a fresh database of each kind, a piece of work, a fixed now."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, create_engine, event, make_url, text

from register.audit.private import keep_keys_in
from register.db import make_engine
from register.work import OPERATOR, Work, begin_work
from tests.chromium import ChromiumAbsent, launched_chromium
from tests.keys import known_ring
from tests.postgres import PostgresAbsent, postgres_address
from tests.schema import make_schema

NOW = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)
"""A Monday night, the same in every test that doesn't name its own."""

_numbers = count(1)


def do_without(absence: Exception) -> NoReturn:
    """Skip what needs something that the machine lacks; under CI nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(str(absence))
    pytest.skip(str(absence))


class Postgres:
    """One server for the session: a template with the schema, and a copy of it for each test."""

    def __init__(self, address: str, worker: str) -> None:
        self.address = make_url(address)
        self.prefix = f"register_test_{worker}"
        self.server = create_engine(self.address, isolation_level="AUTOCOMMIT")

    def make(self, name: str, template: str = "template0") -> str:
        """Make a database and give its address."""
        full = f"{self.prefix}_{name}"
        self.drop(name)
        with self.server.connect() as connection:
            command = f'CREATE DATABASE "{full}" TEMPLATE "{template}" STRATEGY file_copy'
            connection.execute(text(command))
        return self.address_of(name)

    def address_of(self, name: str) -> str:
        """Give the address of a database that was made."""
        address = self.address.set(database=f"{self.prefix}_{name}")
        return address.render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        with self.server.connect() as connection:
            command = f'DROP DATABASE IF EXISTS "{self.prefix}_{name}" WITH (FORCE)'
            connection.execute(text(command))


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Iterator[Postgres]:
    """Start or find PostgreSQL; without it the test is skipped, under CI it fails."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(postgres_address())
        except PostgresAbsent as absence:
            do_without(absence)
        server = Postgres(address, worker_id)
        yield server
        server.server.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    """Migrate a PostgreSQL database once; give its name."""
    engine = make_engine(postgres.make("template"))
    make_schema(engine)
    engine.dispose()
    yield f"{postgres.prefix}_template"
    postgres.drop("template")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an SQLite file once; give its path."""
    path = tmp_path_factory.mktemp("template") / "register.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    make_schema(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without any table, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"blank_{next(_numbers)}"
    yield postgres.make(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a migrated, empty register, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "register.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template: str = request.getfixturevalue("postgres_template")
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"copy_{next(_numbers)}"
    yield postgres.make(name, template)
    postgres.drop(name)


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a migrated, empty register, of each kind in turn."""
    engine = make_engine(database_url, known_ring())
    if engine.dialect.name == "sqlite":
        # A test's file need not survive a power cut.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    keep_keys_in(engine, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def now() -> datetime:
    """Give the time that counts as now."""
    return NOW


@pytest.fixture
def work(engine: Engine, now: datetime) -> Iterator[Work]:
    """Give a piece of work of the operator's, committed when the test is done."""
    with begin_work(engine, OPERATOR, clock=lambda: now) as work:
        yield work


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it the test is skipped, under CI it fails."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(launched_chromium())
        except ChromiumAbsent as absence:
            do_without(absence)
        yield browser
