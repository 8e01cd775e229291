"""The tables of an SSDA903 return as they lie in a folder, recognised by their columns."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from register.errors import Refused
from register.reports.checking import Checked, check_file
from register.reports.local_times import read_local_day
from register.reports.reading import Row, read_rows, shown
from register.reports.source import REJECT_COLUMNS, Reject, is_handed_back

FORMATS = ("DD/MM/YYYY",)
COLUMNS: dict[str, tuple[str, ...]] = {
    "missing": ("CHILD", "MISSING", "MIS_START", "MIS_END"),
    "episodes": ("CHILD", "DECOM", "RNE", "LS", "DEC", "REC"),
    "header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN"),
}
"""The columns without which a table is not that table; it may have more."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, by column; `fault` says why it could not be split into columns."""

    row: Row
    cells: dict[str, str]
    fault: str = ""

    @property
    def number(self) -> int:
        """The line of the file on which it begins."""
        return self.row.line

    def text(self, column: str) -> str:
        """Give a cell without the space around it; blank where there is no such column."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the return, checked to its end."""

    name: str
    checked: Checked

    def lines(self) -> Iterator[Line]:
        """Give its rows in order, one at a time."""
        headings = [heading.upper() for heading in self.checked.headings]
        with closing(read_rows(self.checked.path)) as rows:
            next(rows, None)
            for row in rows:
                fault = row.fault
                if not fault and len(row.cells) != len(headings):
                    fault = f"has {len(row.cells)} columns where the headings are {len(headings)}"
                yield Line(row, dict(zip(headings, row.cells, strict=False)), fault)

    def reject(self, line: Line, column: str, reason: str) -> Reject:
        """Make the reject of one of its rows."""
        headings = self.checked.headings
        kept = [place for place, each in enumerate(headings) if each not in REJECT_COLUMNS]
        cells = [line.row.cells[place] for place in kept if place < len(line.row.cells)]
        return Reject(
            line=line.number,
            field=column,
            reason=reason,
            headings=[headings[place] for place in kept],
            row=[*cells, *line.row.cells[len(headings) :]],
            whole=line.row.whole,
            mended=is_handed_back(headings),
            table="" if self.name == "missing" else self.name,
            file=shown(self.checked.path),
        )

    def reject_faulty(self, line: Line) -> Reject:
        """Make the reject of a row that could not be split into its columns."""
        place = line.row.column
        headings = self.checked.headings
        column = headings[place] if place is not None and place < len(headings) else ""
        return self.reject(line, column, line.fault)


def recognise(headings: Sequence[str]) -> str:
    """Give the name of the table that has such headings, blank if it is none of the return."""
    present = {heading.upper() for heading in headings}
    for name, columns in COLUMNS.items():
        if present >= set(columns):
            return name
    return ""


def find_table(folder: Path, name: str) -> Path | None:
    """Find `<name>.csv` in a folder, however its capitals are written."""
    try:
        found = [path for path in folder.iterdir() if path.name.casefold() == f"{name}.csv"]
    except OSError:
        return None
    if len(found) > 1:
        names = " and ".join(sorted(shown(path) for path in found))
        raise Refused(f"{names} are both there, and it cannot be told which is meant.")
    return found[0] if found else None


def open_tables(given: Checked) -> dict[str, Table]:
    """Check the table given and those that lie beside it, by name; `missing` must be there.

    `previous` is last year's `missing.csv`, in a folder of that name.
    """
    folder = given.path.parent
    tables = {recognise(given.headings): given}
    for name in COLUMNS:
        path = None if name in tables else find_table(folder, name)
        if path:
            tables[name] = _check_table(path, name)
    if "missing" not in tables:
        raise Refused(
            f"There is no missing.csv beside {shown(given.path)}: the children's goings missing "
            "stand in it. Send it too, with its headings alone if there were none."
        )
    previous = find_table(folder / "previous", "missing")
    if previous:
        tables["previous"] = _check_table(previous, "missing")
    return {name: Table(name, checked) for name, checked in tables.items()}


def read_day(text: str) -> date | None:
    """Read a day of the return; None where it is blank. Raises ValueError with a sentence."""
    return date.fromisoformat(read_local_day(text, FORMATS).iso) if text else None


def _check_table(path: Path, name: str) -> Checked:
    checked = check_file(path)
    absent = [each for each in COLUMNS[name] if each not in map(str.upper, checked.headings)]
    if absent:
        raise Refused(
            f"{shown(path)} has no column {absent[0]}, as {name}.csv of an SSDA903 return has."
        )
    return checked
