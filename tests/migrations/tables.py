"""What the migration tests look at: a database's tables in words, and rows of any kind in them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    inspect,
    text,
)

OWN_OF_ALEMBIC = "alembic_version"
SPECIAL: dict[tuple[str, str], object] = {
    ("judgement", "verdict"): "same",
    ("judgement", "report_b"): 4,
    ("change", "sender"): None,
}
"""Values for the columns that a check holds to something."""
ROWS = {"audit_head": 1, "report": 4}
"""Tables that a check holds to a number of rows."""


def described(engine: Engine) -> dict[str, Any]:
    """Each table with columns, keys, checks and indexes, as the database itself tells them."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": [_words(column) for column in inspector.get_columns(table)],
            "key": _words(inspector.get_pk_constraint(table)),
            "foreign": sorted(_words(key) for key in inspector.get_foreign_keys(table)),
            "unique": sorted(_words(key) for key in inspector.get_unique_constraints(table)),
            "checks": sorted(_words(check) for check in inspector.get_check_constraints(table)),
            "indexes": sorted(_words(index) for index in inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != OWN_OF_ALEMBIC
    }


def _words(told: Any) -> str:  # noqa: ANN401  # the inspector's dictionaries differ by kind
    if isinstance(told, dict):
        return "; ".join(f"{name}={_words(told[name])}" for name in sorted(told))
    return str(told)


def things(engine: Engine) -> list[str]:
    """The names of all that is in a database, triggers and roles too, besides Alembic's own."""
    if engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"
    else:
        query = """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
            UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT polname FROM pg_policy
            """
    with engine.connect() as connection:
        names = list(connection.scalars(text(query)))
    return sorted(name for name in names if OWN_OF_ALEMBIC not in name)


def fill(engine: Engine) -> dict[str, int]:
    """Put rows into every table, as the database has it now; give the counts by table."""
    tables = MetaData()
    tables.reflect(engine)
    referred = {key.column.table for table in tables.sorted_tables for key in table.foreign_keys}
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name != OWN_OF_ALEMBIC:
                rows = ROWS.get(table.name, 3 if table in referred else 2)
                for number in range(1, rows + 1):
                    _add_row(connection, table, number)
    return counts(engine)


def counts(engine: Engine) -> dict[str, int]:
    """The number of rows in each table."""
    with engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()  # noqa: S608  # names told by the database
            for table in inspect(engine).get_table_names()
            if table != OWN_OF_ALEMBIC
        }


def _add_row(connection: Connection, table: Table, number: int) -> None:
    row = {column.name: _value(column, number) for column in table.columns}
    connection.execute(insert(table).values(**row))


def _value(column: Column[Any], number: int) -> object:
    place = (column.table.name, column.name)
    if place in SPECIAL:
        return SPECIAL[place]
    kinds: list[tuple[type | tuple[type, ...], object]] = [
        (Boolean, number == 1),
        ((Integer, BigInteger), number),
        (Float, 0.5),
        (DateTime, datetime(2026, 3, number, 2, 10, tzinfo=UTC)),
        (Date, date(2026, 3, number)),
        (JSON, {"number": number}),
        (LargeBinary, bytes([number])),
    ]
    return next((value for kind, value in kinds if isinstance(column.type, kind)), str(number))
