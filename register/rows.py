"""Many rows at once: asked for, ended and added, by statements that stand written.

A statement that is made anew each time costs more than what it asks; these are compiled once and go
straight to the connection, since no object comes of their rows.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Insert,
    Row,
    Select,
    Text,
    Update,
    bindparam,
    column,
    func,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine, UserDefinedType

from register.db import Base, Derived, Instant, stood

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
BATCH = 900
"""Rows asked for at once: well under the limit on parameters of either database."""
ASKED_AT_ONCE = 5000
"""The same where the numbers are one parameter."""


class _Array(UserDefinedType[str]):
    """Numbers as PostgreSQL writes an array of them."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: object) -> str:
        """Name the type."""
        return "BIGINT[]"


class _Numbers(TypeDecorator[Collection[int]]):
    """Many numbers in one parameter, written down: an array on PostgreSQL, JSON on SQLite.

    The driver would write an array number by number, and look through each for what needs quotes:
    of thousands that takes longer than what is asked of them.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose how the numbers travel."""
        arrays = dialect.name == "postgresql"
        return dialect.type_descriptor(_Array() if arrays else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        """Write the numbers down."""
        form = "{%s}" if dialect.name == "postgresql" else "[%s]"
        return form % ",".join(map(str, value or ()))


class _Among(FunctionElement[Any]):
    """A number is one of many.

    To the library it is no Boolean, else SQLite were asked whether it `= 1`, and used no index.
    """

    type = NullType()
    inherit_cache = True


@compiles(_Among)
def _among_json(element: _Among, compiler: SQLCompiler, **how: object) -> str:
    number, numbers = element.clauses
    listed = compiler.process(numbers, **how)
    column = compiler.process(number, **how)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608  # compiled parts


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **how: object) -> str:
    number, numbers = element.clauses
    return f"{compiler.process(number, **how)} = ANY ({compiler.process(numbers, **how)})"


def asked_once(question: Select[*Ts] | CompoundSelect[*Ts]) -> Select[*Ts]:
    """Have a question answered by itself, once, whatever the question is a part of.

    PostgreSQL reckons what stands in a condition as if it were found anew for each row that an
    index gives, and then rather reads whole tables.
    """
    found = question.cte().prefix_with("MATERIALIZED", dialect="postgresql")
    return select(*found.c)


def among(
    number: InstrumentedAttribute[Any] | ColumnElement[int], numbers: Collection[int]
) -> ColumnElement[bool]:
    """Ask whether a column's number is one of many, in one parameter however many there are.

    A list of thousands of parameters is read anew each time, by both the library and the driver.
    """
    return _Among(number, bindparam(None, numbers, _Numbers()))


class _AmongFound(_Among):
    """A number is one of those that a question finds."""

    inherit_cache = True


@compiles(_AmongFound)
def _among_found(element: _AmongFound, compiler: SQLCompiler, **how: object) -> str:
    return " IN ".join(compiler.process(each, **how) for each in element.clauses)


@compiles(_AmongFound, "postgresql")
def _among_found_array(element: _AmongFound, compiler: SQLCompiler, **how: object) -> str:
    number, question = (compiler.process(each, **how) for each in element.clauses)
    return f"{number} = ANY (ARRAY{question})"


def among_found(
    number: InstrumentedAttribute[Any] | ColumnElement[int], question: Select[int]
) -> ColumnElement[bool]:
    """Ask the same of numbers that a question finds: of a column that an index finds, and then few.

    PostgreSQL looks each up in the index, in order. As a part of the question it would join them,
    in no order, each by itself: three times as long.
    """
    return _AmongFound(number, question.scalar_subquery())


class _Listed(FunctionElement[Any]):
    """Many numbers as a table."""

    name = "listed"
    inherit_cache = True


@compiles(_Listed)
def _listed_json(element: _Listed, compiler: SQLCompiler, **how: object) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Listed, "postgresql")
def _listed_array(element: _Listed, compiler: SQLCompiler, **how: object) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **how)}) AS value)"


ASKED = _Listed(bindparam("numbers", type_=_Numbers())).table_valued(column("value", BigInteger))
"""The numbers that `ask` is given, as a table of one column, `value`, to be joined."""


def is_found(
    number: InstrumentedAttribute[Any] | ColumnElement[int], find: Callable[[], Collection[int]]
) -> ColumnElement[bool]:
    """Ask whether a number is one of those that are found no sooner than it is asked.

    Of however many rows it is asked, and however many they are: `among` is for what an index finds,
    and else PostgreSQL goes through the numbers for each row. The library keeps `find` with the
    first statement of its form, so it may hold no work, and nothing of a child.
    """
    numbers = bindparam(None, type_=_Numbers(), callable_=find)
    listed = _Listed(numbers).table_valued(column("value", BigInteger))
    return number.in_(select(listed.c.value))


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
    session: Session, numbers: Collection[int], *columns: InstrumentedAttribute[Any]
) -> Iterator[dict[str, Any]]:
    """Give the rows of a derived table that stand now and one of whose columns is of these numbers.

    A row may come more than once: of several columns, or of as many numbers as are asked at once.
    """
    names = [each.name for each in columns[0].class_.__table__.columns]
    rows = ask(session, _standing_where(columns), numbers)
    return (dict(zip(names, row, strict=True)) for row in rows)


@cache
def _standing_where(
    columns: tuple[InstrumentedAttribute[Any], ...],
) -> TypedReturnsRows[*tuple[Any, ...]]:
    table = cast("type[Derived]", columns[0].class_)
    row = select(*columns[0].class_.__table__.columns).where(stood(table, None))
    asked = [row.join_from(ASKED, table, each == ASKED.c.value) for each in columns]
    return union_all(*asked) if len(asked) > 1 else asked[0]


def end_standing(
    session: Session, column: InstrumentedAttribute[Any], numbers: Collection[int], at: datetime
) -> None:
    """Say of the rows that stand, and whose column is one of these numbers, that they hold no more.

    This and `add_standing` stand written, as what is asked does: they are the work of every report.
    """
    if numbers:
        rows = [{"row": each, "at": at} for each in sorted(numbers)]
        session.connection().execute(_ending(column), one_or_many(rows))


@cache
def _ending(column: InstrumentedAttribute[Any]) -> Update:
    table = cast("type[Derived]", column.class_)
    ending = update(column.class_.__table__).where(column == bindparam("row"), stood(table, None))
    return ending.values(known_to=bindparam("at", type_=Instant()))


def add_standing(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows of a derived table, each by the names of its columns."""
    if rows:
        session.connection().execute(_adding(table), one_or_many([dict(row) for row in rows]))


@cache
def _adding(table: type[Base]) -> Insert:
    return insert(table.__table__).inline()  # type: ignore[arg-type]  # every table of ours is one


def one_or_many(rows: list[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]]:
    """Give the parameters of a statement: of one row it is no batch, which costs a driver more."""
    return rows[0] if len(rows) == 1 else rows


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
        connection.execute(_adding(table), [dict(zip(names, row, strict=True)) for row in rows])


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
