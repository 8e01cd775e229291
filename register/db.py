"""The ground that every table stands on: the declarative base, the engine, aware UTC times."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Engine,
    Insert,
    MetaData,
    Row,
    Select,
    Text,
    Update,
    bindparam,
    column,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    mapped_column,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from register.settings import ROOT

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
BATCH = 900
"""Rows asked for at once: well under the limit on parameters of either database."""
ASKED_AT_ONCE = 5000
"""The same where the numbers are one parameter."""
JsonColumn = JSON().with_variant(JSONB(), "postgresql")
STANDING: dict[str, Any] = {
    "sqlite_where": text("known_to IS NULL"),
    "postgresql_where": text("known_to IS NULL"),
}
"""For a unique index over the rows that stand now, on either database."""


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
        return table.known_to.is_(None)
    return (table.known_from <= at) & (table.known_to.is_(None) | (table.known_to > at))


class _Numbers(TypeDecorator[Collection[int]]):
    """Many numbers in one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose how the numbers travel."""
        arrays = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(BigInteger) if arrays else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> object:
        """Write the numbers down."""
        numbers = list(value or ())
        return numbers if dialect.name == "postgresql" else json.dumps(numbers)


class _Among(FunctionElement[Any]):
    """A number is one of many.

    To the library it is no Boolean, else SQLite were asked whether it `= 1`, and used no index.
    """

    type = NullType()
    inherit_cache = True


@compiles(_Among)
def _among_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  # the compiler's own
    number, numbers = element.clauses
    listed = compiler.process(numbers, **how)
    column = compiler.process(number, **how)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608  # compiled parts


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  # as above
    number, numbers = element.clauses
    return f"{compiler.process(number, **how)} = ANY ({compiler.process(numbers, **how)})"


def among(
    number: InstrumentedAttribute[Any] | ColumnElement[int], numbers: Collection[int]
) -> ColumnElement[bool]:
    """Ask whether a column's number is one of many, in one parameter however many there are.

    A list of thousands of parameters is read anew each time, by both the library and the driver.
    """
    return _Among(number, bindparam(None, numbers, _Numbers()))


class _Listed(FunctionElement[Any]):
    """Many numbers as a table."""

    name = "listed"
    inherit_cache = True


@compiles(_Listed)
def _listed_json(element: _Listed, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  # as above
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Listed, "postgresql")
def _listed_array(element: _Listed, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  # as above
    return f"(SELECT unnest({compiler.process(element.clauses, **how)}) AS value)"


ASKED = _Listed(bindparam("numbers", type_=_Numbers())).table_valued(column("value", BigInteger))
"""The numbers that `ask` is given, as a table of one column, `value`, to be joined."""


def ask(
    session: Session, query: TypedReturnsRows[*Ts], numbers: Collection[int]
) -> Iterator[Row[*Ts]]:
    """Ask a query that joins `ASKED`, for so many numbers at a time.

    For what must be quick: the query stands written in its room, so that it is compiled once, and
    goes straight to the connection, since no object comes of its rows.
    """
    session.flush()
    for part in parts(list(numbers), ASKED_AT_ONCE):
        yield from session.connection().execute(query, {"numbers": part}).all()


def standing_rows(
    session: Session, column: InstrumentedAttribute[Any], numbers: Collection[int]
) -> Iterator[dict[str, Any]]:
    """Give the rows of a derived table that stand now and whose column is one of these numbers."""
    names = [each.name for each in column.class_.__table__.columns]
    rows = ask(session, _standing_where(column), numbers)
    return (dict(zip(names, row, strict=True)) for row in rows)


@cache
def _standing_where(column: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    table = cast("type[Derived]", column.class_)
    rows = select(*column.class_.__table__.columns).join_from(ASKED, table, column == ASKED.c.value)
    return rows.where(stood(table, None))


def end_standing(
    session: Session, column: InstrumentedAttribute[Any], numbers: Collection[int], at: datetime
) -> None:
    """Say of the rows that stand, and whose column is one of these numbers, that they hold no more.

    This and `add_standing` stand written, as what is asked does: they are the work of every report.
    """
    if numbers:
        rows = [{"row": each, "at": at} for each in sorted(numbers)]
        session.connection().execute(_ending(column), rows)


@cache
def _ending(column: InstrumentedAttribute[Any]) -> Update:
    table = cast("type[Derived]", column.class_)
    ending = update(column.class_.__table__).where(column == bindparam("row"), stood(table, None))
    return ending.values(known_to=bindparam("at", type_=Instant()))


def add_standing(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows of a derived table, each by the names of its columns."""
    if rows:
        session.connection().execute(_adding(table), [dict(row) for row in rows])


@cache
def _adding(table: type[Base]) -> Insert:
    return insert(table.__table__)  # type: ignore[arg-type]  # every table of ours is one


def add_rows(session: Session, table: type[Base], rows: Sequence[tuple[object, ...]]) -> None:
    """Insert many rows, their values in the order of the table's columns.

    PostgreSQL is handed each column as one list: its driver would send row after row.
    """
    if not rows:
        return
    connection, names = session.connection(), [each.name for each in table.__table__.columns]
    if connection.dialect.name == "postgresql":
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        connection.execute(_insert_columns(table), columns)
    else:
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


@cache
def _insert_columns(table: type[Base]) -> Insert:
    columns = table.__table__.columns
    names = [each.name for each in columns]
    lists = [bindparam(each.name, type_=ARRAY(each.type)) for each in columns]
    listed = func.unnest(*lists).table_valued(*names).render_derived()
    return insert(table).from_select(names, select(listed))


def parts(items: Sequence[T], size: int = BATCH) -> Iterable[Sequence[T]]:
    """Part a list into lists short enough to ask a database for at once."""
    return (items[start : start + size] for start in range(0, len(items), size))


def make_engine(url: str, **pool: int) -> Engine:
    """Open the database at `url`, SQLite with a write-ahead log that survives power loss.

    `pool` is how many connections are kept, as the library calls it.

    Its errors never tell the values that were sent: they would stand in a log of the machine.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, hide_parameters=True, **pool)
    if address.database and address.database != ":memory:":
        Path(address.database.removeprefix("file:")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


_PRAGMAS = (
    *("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"),
    # What is read here and there in a large register is read where the system keeps it already.
    f"mmap_size={1 << 31}",
)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own type
    # Transactions are begun by us (below), so that a reader sees one state from its first line.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  # as above
    # A transaction that reads and then writes must hold the writer's place from the start, or
    # SQLite may refuse the upgrade without waiting.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def upgrade_database(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = engine
    command.upgrade(config, revision)
