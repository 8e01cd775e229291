"""Whole files as columns: what can be vouched for at once, and the rest row by row.

A row of the register's own layouts of which all that must be known can be used as it stands needs
no more than its columns. Every other row, and every file of another shape, goes through the one
reader of rows, which rejects it or gives its reading.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from register.reports.checking import Checked, check_first_bytes
from register.reports.coding import Flags, Ints, side_by_side, together
from register.reports.columns import CODED, KINDS, READ, TIMED, Columns, columns_of, read_table
from register.reports.contradictions import OLDEST
from register.reports.digest import digest
from register.reports.fields import IDENTITY_FIELDS
from register.reports.files import open_source
from register.reports.layouts import Layout, check_headings, own_layouts, plain
from register.reports.organisations import find_organisation
from register.reports.row_ends import RowEnds, find_row_ends, headings_of
from register.reports.schema import Reading
from register.reports.source import Read, Reject
from register.reports.table import TableReader
from register.reports.values import VALUE_LENGTH, read_moment
from register.terms import Kind, Sector

_OWN_TEXT = frozenset(
    {*("reference", "child_reference", "nhs_number", "upn", "home_postcode", "updated_at"), *TIMED}
)
"""Fields of which nearly every row has a value of its own."""
_BLOCK = 1 << 23
_FIRST_DAY = date(1970, 1, 1)
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One file of one of the register's own layouts."""

    path: Path
    ends: RowEnds
    tables: list[pa.Table]
    """Its table of texts, until it is taken."""
    layout: Layout
    headings: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows follow the headings."""
        return self.ends.rows

    @property
    def kind(self) -> int:
        """The place of its kind among `KINDS`."""
        return KINDS.index(self.layout.kind)

    def reader(self, now: datetime) -> TableReader:
        """Give what reads single rows of it."""
        checked = Checked(self.path, self.headings, self.rows, "")
        return TableReader(checked, self.layout, organisation=None, ends_on=None, now=now)


def read_sheets(paths: Iterable[Path], now: datetime, reject: Callable[[Reject], None]) -> Columns:
    """Read files of reports in columns, one behind the other, of each the version that counts.

    Every row that is rejected is handed to `reject`. Raises Refused for a file that cannot be read
    at all.
    """
    readings: list[Reading] = []
    sheets: list[_Sheet] = []
    paths = list(paths)
    for path in paths:
        check_first_bytes(path)
    for path, sheet in zip(paths, side_by_side(_open, paths), strict=True):
        if sheet is None:
            readings += _sorted(open_source(path, now=now), reject)
        else:
            sheets.append(sheet)
    columns = _read(sheets)
    out = _check(columns, sheets, reject, now)
    fast = len(columns)
    if readings:
        others = columns_of([(r.organisation, r.reference, r.kind, r.content) for r in readings])
        columns = columns.followed_by(others)
    several = _of_one_name(columns, out)
    out |= _superseded(several, _again(several, sheets, readings, fast, now), now)
    if out:
        columns = columns.take(np.setdiff1d(np.arange(len(columns)), list(out)))
    pa.default_memory_pool().release_unused()
    return columns


def _of_one_name(columns: Columns, out: set[int]) -> Ints:
    """Give the rows of which others bear the name: several versions of one report."""
    reference, organisation = (columns.coded[name].codes for name in ("reference", "organisation"))
    rows = np.setdiff1d(np.flatnonzero(np.bincount(reference)[reference] > 1), list(out))
    name = together(organisation[rows], columns.kind[rows], reference[rows])
    several: Ints = rows[np.bincount(name)[name] > 1]
    return several


def _again(
    rows: Ints, sheets: list[_Sheet], readings: list[Reading], fast: int, now: datetime
) -> dict[int, Reading]:
    """Read some rows once more, whole."""
    found = {int(row): readings[row - fast] for row in rows[rows >= fast]}
    begin = 0
    for sheet in sheets:
        mine = rows[(rows >= begin) & (rows < begin + sheet.rows)]
        lines = sheet.ends.lines_of(mine - begin)
        for item in sheet.reader(now).read_lines(lines) if lines else ():
            if isinstance(item, Read):
                found[begin + sheet.ends.row_on(item.line)] = item.reading
        begin += sheet.rows
    return found


def _superseded(rows: Ints, readings: Mapping[int, Reading], now: datetime) -> set[int]:
    """Give of each report all versions but the latest."""
    best: dict[tuple[str, Kind, str], tuple[datetime, str, int]] = {}
    for row in rows.tolist():
        reading = readings[row]
        name = (reading.organisation, reading.kind, reading.reference)
        changed_at = reading.content.get("updated_at")
        at = read_moment(str(changed_at)).latest if changed_at else now
        version = (at, digest(reading), -row)
        best[name] = max(best.get(name, version), version)
    return set(rows.tolist()) - {-row for _, _, row in best.values()}


def _read(sheets: list[_Sheet]) -> Columns:
    if not sheets:
        return columns_of([])
    counts = [sheet.rows for sheet in sheets]
    table = pa.concat_tables([sheet.tables.pop() for sheet in sheets])
    texts = {name: table[name] for name in READ}
    del table
    return read_table(texts, np.repeat(np.array([s.kind for s in sheets], np.int8), counts))


def _check(
    columns: Columns, sheets: list[_Sheet], reject: Callable[[Reject], None], now: datetime
) -> set[int]:
    """Have the rows that cannot be vouched for read by the reader of rows.

    Gives those that it rejects, or passes over since nothing stands in them.
    """
    vouched = _vouched(columns, now)
    out = {*np.flatnonzero(~vouched).tolist()}
    begin = 0
    for sheet in sheets:
        rows = np.flatnonzero(~vouched[begin : begin + sheet.rows])
        items = sheet.reader(now).read_lines(sheet.ends.lines_of(rows)) if len(rows) else ()
        for item in items:
            row = begin + sheet.ends.row_on(item.line)
            if isinstance(item, Reject):
                reject(item)
            else:
                _blank(columns, row, item.reading)
                out.remove(row)
        begin += sheet.rows
    return out


def _blank(columns: Columns, row: int, reading: Reading) -> None:
    """Blank what the one validator sets aside though it can be read."""
    for name in set(CODED) - {"organisation", "reference"}:
        if not reading.content.get(name):
            columns.coded[name].codes[row] = 0


def _sorted(items: Iterable[Read | Reject], reject: Callable[[Reject], None]) -> Iterator[Reading]:
    for item in items:
        if isinstance(item, Read):
            yield item.reading
        else:
            reject(item)


def _open(path: Path) -> _Sheet | None:
    """Read a file whole, None where only the reader of rows can tell what it holds."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline(VALUE_LENGTH)
        except UnicodeDecodeError:
            return None
    headings = headings_of(first)
    layout = next((each for each in own_layouts() if _is_of(each, headings)), None)
    ends = find_row_ends(path) if layout else None
    if layout is None or ends is None:
        return None
    names = [layout.by_heading[plain(each)] for each in headings]
    read = [name for name in names if name in READ]
    try:
        table = csv.read_csv(
            path,
            read_options=csv.ReadOptions(column_names=names, skip_rows=1, block_size=_BLOCK),
            parse_options=csv.ParseOptions(newlines_in_values=ends.begins is not None),
            convert_options=csv.ConvertOptions(
                include_columns=read, column_types={name: _type(name) for name in read}
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != ends.rows:
        return None
    for name in READ:
        if name not in read:
            nothing = pa.DictionaryArray.from_arrays(np.zeros(len(table), np.int32), [""])
            table = table.append_column(name, nothing.cast(_type(name)))
    return _Sheet(path, ends, [table.select(READ)], layout, headings)


def _is_of(layout: Layout, headings: tuple[str, ...]) -> bool:
    known = len({plain(each) for each in headings}) == len(headings)
    return known and not check_headings(layout, headings, None)


def _type(name: str) -> pa.DataType:
    return pa.string() if name in _OWN_TEXT else pa.dictionary(pa.int32(), pa.string())


def _vouched(columns: Columns, now: datetime) -> Flags:
    """Tell which rows the one validator would take as they stand."""
    senders = columns.coded["organisation"].which(_sends)
    authorities = columns.coded["organisation"].which(_is_authority)
    roster = columns.kind == KINDS.index(Kind.ROSTER)
    named = np.zeros(len(columns), bool)
    for name in IDENTITY_FIELDS:
        named |= columns.coded[name].codes > 0
    known = columns.timed["missing_at"].known
    for name in ("reference", "category", "status"):
        known = known & (columns.coded[name].codes > 0)
    own = columns.coded["child_reference"].codes > 0
    taken = np.where(roster, authorities & own, senders & named & known)
    flags: Flags = taken & ~_may_be_impossible(columns, now)
    return flags


def _sends(code: str) -> bool:
    found = find_organisation(code)
    return found is not None and found.sector is not Sector.OTHER


def _is_authority(code: str) -> bool:
    found = find_organisation(code)
    return found is not None and found.sector is Sector.AUTHORITY


def _may_be_impossible(columns: Columns, now: datetime) -> Flags:
    """Tell which dates of birth may be out of the question on the day that a report is about."""
    born = columns.coded["date_of_birth"]
    births = np.array([_day_number(text) for text in born.listed()])[born.codes]
    today = (now.astimezone(UTC).date() - _FIRST_DAY).days
    missing = columns.timed["missing_at"]
    about = np.where(missing.known, missing.day, births)
    likely = (births <= about) & (births < today) & (about - births < _YEAR * OLDEST - 2)
    flags: Flags = (born.codes > 0) & ~(likely & missing.known)
    return flags


def _day_number(text: str) -> int:
    return (date.fromisoformat(text) - _FIRST_DAY).days if text else 0
