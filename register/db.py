"""The ground that every table stands on: the declarative base, the engine, aware UTC times."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Engine,
    MetaData,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
)
from sqlalchemy.types import TypeDecorator

from register.keyring import KeyRing
from register.settings import ROOT

JsonColumn = JSON().with_variant(JSONB(), "postgresql")
STANDING: dict[str, Any] = {
    "sqlite_where": text("known_to IS NULL"),
    "postgresql_where": text("known_to IS NULL"),
}
"""For a unique index over the rows that stand now, on either database."""
HIGHEST_ID = 2**31 - 1
"""No row has a higher number; databases refuse to look for one that is higher still."""


class Base(DeclarativeBase):
    """Every table of the register; constraints get predictable names for migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An aware time, kept in UTC by both databases; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC before it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without an offset cannot be stored"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Derived:
    """A row that follows from the facts: it was known from one time on, perhaps until another.

    It is never changed but to say when it held no longer. So what was known at a time is what
    rows told then (`stands` in work.py), and nothing else has to be kept to see it again.
    """

    known_from: Mapped[datetime] = mapped_column(Instant, sort_order=1)
    known_to: Mapped[datetime | None] = mapped_column(Instant, sort_order=2)


def stood(table: type[Derived], at: datetime | None) -> ColumnElement[bool]:
    """Give the condition that a row stood at a time, for None that it stands now."""
    if at is None:
        return _stands_now(table)  # type: ignore[arg-type]  # a class has a hash of its own
    return (table.known_from <= at) & (table.known_to.is_(None) | (table.known_to > at))


@lru_cache(maxsize=200)
def _stands_now(table: type[Derived]) -> ColumnElement[bool]:
    """Make the condition of nearly every question once for each table."""
    return table.known_to.is_(None)


def make_engine(url: str, field_keys: KeyRing | None = None, **pool: int) -> Engine:
    """Open the database at `url`, SQLite with a write-ahead log that survives power loss.

    `field_keys` opens its protected values: without it, whatever needs one is refused. `pool` is
    how many connections are kept, as the library calls it.

    Its errors never tell the values that were sent: they would stand in a log of the machine.
    """
    address = make_url(url)
    known = {"field_keys": field_keys}
    if address.get_backend_name() != "sqlite":
        engine = create_engine(
            address, pool_pre_ping=True, hide_parameters=True, execution_options=known, **pool
        )
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if address.database and address.database != ":memory:":
        Path(address.database.removeprefix("file:")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True, execution_options=known, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


_PRAGMAS = (
    *("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"),
    # What is read here and there in a large register is read where the system keeps it already.
    f"mmap_size={1 << 31}",
)


_PLANNED = ("jit = off", "random_page_cost = 1.1", "max_parallel_workers_per_gather = 0")
"""Of PostgreSQL: compiling a question takes a second where answering takes a twentieth of one, and
under the row-level policies each would look as if it were long; what is found by index lies in
memory, or where reading here and there costs hardly more than in order; and many ask at once, so
that a question which takes every processor only keeps the others waiting."""


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own type
    """Say how questions are to be planned, for as long as the connection lasts."""
    connection.autocommit = True
    for setting in _PLANNED:
        connection.execute(f"SET {setting}")
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # as above
    # Transactions are begun by us (below), so that a reader sees one state from its first line.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  # as above
    # A transaction that reads and then writes must hold the writer's place from the start, or
    # SQLite may refuse the upgrade without waiting.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def count_rows(engine: Engine) -> None:
    """Let SQLite count its rows again, by which it plans; PostgreSQL does so by itself."""
    if engine.dialect.name == "sqlite":
        own = engine.raw_connection()
        try:
            for statement in ("PRAGMA analysis_limit = 1000", "ANALYZE"):
                own.cursor().execute(statement)
        finally:
            own.close()


def upgrade_database(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = engine
    command.upgrade(config, revision)
