"""What the tables of an SSDA903 return hold together, loaded once: they are few rows."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from register.reports.ssda903_care import CarePeriod, Episode, find_periods
from register.reports.ssda903_rules import (
    NO_EPISODE,
    NO_HEADER,
    OTHER_DOB,
    Background,
    GoingMissing,
    find_overlaps,
    find_reason_to_reject,
    in_order,
    read_going_missing,
)
from register.reports.ssda903_tables import Line, Table, read_day

_APRIL = 4


@dataclass(frozen=True, slots=True)
class Child:
    """One row of `header.csv`, as sent; `born` is None where no day can be read."""

    line: int
    sex: str
    date_of_birth: str
    born: date | None
    ethnicity: str
    upn: str


class Return:
    """The children, their periods of care and their goings missing, by `CHILD`."""

    def __init__(self, tables: Mapping[str, Table], ends_on: date | None) -> None:
        self.tables = tables
        self.ends_on = ends_on
        self.year = collection_year(ends_on) if ends_on else None
        self.children = _load_children(tables.get("header"))
        self.care = _load_care(tables.get("episodes"))
        self.missing = _load_missing(tables["missing"])
        self.references = make_references(self.missing)
        self.overlapping = {line for rows in self.missing.values() for line in find_overlaps(rows)}
        previous = tables.get("previous")
        self.left_open = {
            child: frozenset(row.start for row in rows if row.is_open)
            for child, rows in (_load_missing(previous).items() if previous else ())
        }

    @property
    def sha256(self) -> str:
        """One fingerprint of all the tables."""
        parts = sorted(f"{name} {table.checked.sha256}" for name, table in self.tables.items())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def background(self, row: GoingMissing) -> Background:
        """Give what the rules hold a row against."""
        child = self.children.get(row.child)
        is_first = self.missing[row.child][0].start == row.start
        return Background(
            overlaps=row.line in self.overlapping,
            care=self.care.get(row.child, ()),
            strays=frozenset(self._strays(row, child)),
            born=child.born if child and child.born else read_day_or_none(row.date_of_birth),
            year=self.year,
            left_open=self.left_open.get(row.child, frozenset()) if is_first else frozenset(),
        )

    def _strays(self, row: GoingMissing, child: Child | None) -> Iterator[str]:
        """Give the rules by which a row's child does not stand in the tables beside it."""
        if "episodes" in self.tables and row.child not in self.care:
            yield NO_EPISODE
        if "header" in self.tables and child is None:
            yield NO_HEADER
        if child and row.date_of_birth and row.date_of_birth != child.date_of_birth:
            yield OTHER_DOB

    def find_forgotten(self) -> list[str]:
        """Give the children whom last year's return left missing and this one doesn't name."""
        return sorted(
            child
            for child, starts in self.left_open.items()
            if starts and child not in self.missing
        )


def collection_year(day: date) -> tuple[date, date]:
    """Give the first and the last day of the year of collection: 1 April to 31 March."""
    first = day.year if day.month >= _APRIL else day.year - 1
    return date(first, _APRIL, 1), date(first + 1, _APRIL - 1, 31)


def make_references(rows: Mapping[str, Iterable[GoingMissing]]) -> dict[int, str]:
    """Name each row by child and start, by line; a second on that day is `/2`, and so on.

    The same row twice has one name. The order within a day is that of the ends, not of the file.
    """
    references: dict[int, str] = {}
    for child, several in rows.items():
        last: GoingMissing | None = None
        number = 1
        for row in several:
            if last is None or last.start != row.start:
                number = 1
            elif not row.says_the_same(last):
                number += 1
            name = f"{child}/{row.start.isoformat()}"
            references[row.line] = name if number == 1 else f"{name}/{number}"
            last = row
    return references


def read_day_or_none(text: str) -> date | None:
    """Read a day of the return; None where it is blank or none."""
    try:
        return read_day(text)
    except ValueError:
        return None


def _load_children(table: Table | None) -> dict[str, Child]:
    """Load the header: the first row of each child counts."""
    children: dict[str, Child] = {}
    for line in table.lines() if table else ():
        name = line.text("CHILD")
        if name and not line.fault and name not in children:
            children[name] = Child(
                line=line.number,
                sex=line.text("SEX"),
                date_of_birth=line.text("DOB"),
                born=read_day_or_none(line.text("DOB")),
                ethnicity=line.text("ETHNIC"),
                upn=line.text("UPN"),
            )
    return children


def _load_missing(table: Table) -> dict[str, list[GoingMissing]]:
    """Load the rows that can be read, those of a child in order."""
    rows: defaultdict[str, list[GoingMissing]] = defaultdict(list)
    for line in table.lines():
        if not line.fault and find_reason_to_reject(line) is None:
            row = read_going_missing(line)
            rows[row.child].append(row)
    return {child: in_order(several) for child, several in rows.items()}


def _load_care(table: Table | None) -> dict[str, list[CarePeriod]]:
    episodes: defaultdict[str, list[Episode]] = defaultdict(list)
    for line in table.lines() if table else ():
        began = None if line.fault else read_day_or_none(line.text("DECOM"))
        if began and line.text("CHILD"):
            episodes[line.text("CHILD")].append(_read_episode(line, began))
    return {child: find_periods(several) for child, several in episodes.items()}


def _read_episode(line: Line, began: date) -> Episode:
    ended = read_day_or_none(line.text("DEC"))
    return Episode(
        line=line.number,
        began=began,
        ended=ended,
        unread_end="" if ended else line.text("DEC"),
        rne=line.text("RNE").upper(),
        legal_status=line.text("LS"),
        placement=line.text("PLACE"),
        rec=line.text("REC").upper(),
        home_postcode=line.text("HOME_POST"),
        placement_postcode=line.text("PL_POST"),
        urn=line.text("URN"),
    )
