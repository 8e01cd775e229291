"""A register of a given size without the wait: what linking stores, put in directly."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from register.linkage.candidates import is_crowded
from register.linkage.identity import Subject, group_subjects, shared_keys, stored_keys
from register.linkage.model import model_in_force
from register.linkage.subjects import Stored, row_of
from register.reports.files import open_source
from register.reports.source import Read
from register.reports.statement import Statement
from register.work import utc_now
from tests.keys import REGISTERS_KEY
from tests.linked import statement_of
from tests.schema import make_schema

Row = tuple[object, ...]
PROBE_ROWS = 1200

TABLES = {
    "subject": ("id", "line", "silent", "judged"),
    "blocking_key": ("key", "subject_id"),
    "crowded_key": ("key",),
}
"""All that finding and judging candidates reads: no report is among it."""


class Population:
    """One side's reports, and among them some of the other's: the probes, stored as on arrival."""

    def __init__(self, stock: Path, probes: Path) -> None:
        """Read all of `stock`, and the first rows of `probes`."""
        now = utc_now()
        statements: dict[int, Statement] = {}
        first_of_probes = 0
        for path, rows in ((stock, None), (probes, PROBE_ROWS)):
            first_of_probes = len(statements) + 1
            for place, item in enumerate(open_source(path, now=now)):
                if rows is not None and place >= rows:
                    break
                if isinstance(item, Read):
                    number = len(statements) + 1
                    statements[number] = statement_of(item.reading, number, now)
        self.subjects: dict[int, Subject] = group_subjects(
            statements.values(), salt=REGISTERS_KEY.salt
        )
        self.keys = sorted(
            (key, number)
            for number, subject in self.subjects.items()
            for key in stored_keys(subject)
        )
        model = model_in_force()
        self.crowded = {
            key
            for key, bearers in groupby(self.keys, itemgetter(0))
            if is_crowded(key, sum(1 for _ in bearers), model)
        }
        self.names = {number: name_of_child(each) for number, each in statements.items()}
        self.probes = [each for each in sorted(self.subjects) if each >= first_of_probes]

    def fill(self, engine: Engine) -> None:
        """Make the tables and put in what is stored for linking."""
        make_schema(engine)
        rows: Mapping[str, Iterable[Row]] = {
            "subject": map(self._stored, self.subjects.values()),
            "blocking_key": self.keys,
            "crowded_key": ((key,) for key in self.crowded),
        }
        for table, columns in TABLES.items():
            put(engine, table, columns, rows[table])
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))

    def _stored(self, subject: Subject) -> Row:
        return row_of(Stored(subject, shared_keys(subject) & self.crowded), REGISTERS_KEY)


def name_of_child(statement: Statement) -> str:
    """Give a child's full name in small letters: what a search by name looks through."""
    return f"{statement.text('forename')} {statement.text('surname')}".strip().lower()


def put(engine: Engine, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Insert rows by each database's fastest way in."""
    named = f"{table} ({', '.join(columns)})"
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    if engine.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        driver.execute("PRAGMA synchronous = OFF")
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("BEGIN")
        driver.executemany(f"INSERT INTO {named} VALUES ({marks})", rows)  # noqa: S608  # our words
        driver.execute("COMMIT")
    else:
        driver.execute("SET timezone = 'UTC'")
        with driver.cursor() as cursor, cursor.copy(f"COPY {named} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        driver.commit()
    raw.invalidate()  # settings made for filling leave with the connection
