"""The few things that figures ask for and that the two databases write differently."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, cast, column, literal_column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias


class _Seconds(FunctionElement[int]):
    """Whole seconds from the one time to the other."""

    type = BigInteger()
    inherit_cache = True


@compiles(_Seconds)
def _seconds_sqlite(element: _Seconds, compiler: SQLCompiler, **how: object) -> str:
    start, end = (compiler.process(each, **how) for each in element.clauses)
    return f"(unixepoch({end}) - unixepoch({start}))"


@compiles(_Seconds, "postgresql")
def _seconds_postgresql(element: _Seconds, compiler: SQLCompiler, **how: object) -> str:
    start, end = (compiler.process(each, **how) for each in element.clauses)
    return f"(floor(extract(epoch from {end})) - floor(extract(epoch from {start})))"


Time = ColumnElement[Any] | InstrumentedAttribute[Any]


def seconds_between(start: Time, end: Time) -> ColumnElement[int]:
    """Give the whole seconds from one time to another, NULL where either is."""
    return _Seconds(start, end)


class _Elements(FunctionElement[Any]):
    """The elements of a list that is kept as JSON, as a table."""

    name = "elements"
    inherit_cache = True


@compiles(_Elements)
def _elements_sqlite(element: _Elements, compiler: SQLCompiler, **how: object) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Elements, "postgresql")
def _elements_postgresql(element: _Elements, compiler: SQLCompiler, **how: object) -> str:
    return f"jsonb_array_elements({compiler.process(element.clauses, **how)})"


def elements_of(listed: InstrumentedAttribute[Any], name: str) -> TableValuedAlias:
    """Give a JSON list's elements as a table, `name`, of one column: `value`."""
    return _Elements(listed).table_valued(column("value", JSONB)).alias(name)


def part_of(listed: ColumnElement[Any], place: int) -> ColumnElement[str]:
    """Give the element at a place, from 0, of a list that is an element itself, as text."""
    return listed.op("->>", return_type=Text())(literal_column(str(place)))


def number_of(listed: ColumnElement[Any], place: int) -> ColumnElement[int]:
    """Give the same as a number."""
    return cast(part_of(listed, place), BigInteger)
