"""Rows that could not go in, mended in a table on the page and sent again."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from register.errors import Refused
from register.reports.source import REJECT_COLUMNS
from register.web.uploading import Taken, rejects_file, take_upload

MOST_ROWS = 50
"""Rows that one page lets mend; the others go along as they are, and come back."""
LONGEST = 1000
MOST_BYTES = 5_000_000
"""A file beyond this is mended where it was made."""
PREFIX = 17
"""Characters that stand before a file's own name, so that no two are called the same."""
_ABOUT = len(REJECT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: the name of its box, its heading, what stands in it, whether it is bad."""

    box: str
    heading: str
    text: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row with the reason why it could not go in."""

    line: str
    reason: str
    cells: Sequence[Cell]

    @property
    def bad(self) -> list[Cell]:
        """Give the cells to mend first; all of them where none is named."""
        return [cell for cell in self.cells if cell.is_bad] or list(self.cells)

    @property
    def rest(self) -> list[Cell]:
        """Give the other cells."""
        bad = self.bad
        return [cell for cell in self.cells if cell not in bad]


@dataclass(frozen=True, slots=True)
class ToMend:
    """A file of rejected rows: the rows that are shown, and how many there are."""

    name: str
    shown: str
    rows: Sequence[BadRow]
    total: int


def rows_to_mend(name: str, said: Mapping[str, str] | None = None) -> ToMend:
    """Read one's own file of rejected rows, with what was typed over it.

    Raises NotFound; Refused where it is too large for a page.
    """
    headings, lines = _read(name)
    typed = said or {}
    rows = [_row(place, headings, cells, typed) for place, cells in enumerate(lines[:MOST_ROWS])]
    return ToMend(name, name[PREFIX:], rows, len(lines))


def send_mended(name: str, said: Mapping[str, str]) -> list[Taken]:
    """Send all rows again, those that were mended with what was typed; raise as an upload does."""
    headings, lines = _read(name)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*REJECT_COLUMNS, *headings])
    for place, cells in enumerate(lines):
        values = _padded(cells, headings)
        mended = [said.get(_box(place, at), value) for at, value in enumerate(values)]
        writer.writerow([*cells[:_ABOUT], *mended])
    stream = io.BytesIO(text.getvalue().encode())
    return take_upload([FileStorage(stream, filename=name[PREFIX:])], None)


def _read(name: str) -> tuple[list[str], list[list[str]]]:
    content = rejects_file(name)
    too_large = Refused(
        "These rows are too large for a page. Download the file, mend it and upload it again."
    )
    if len(content) > MOST_BYTES:
        raise too_large
    # A file that the register wrote itself.
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    if any(len(cell) > LONGEST for cells in lines for cell in cells):
        raise too_large
    return lines[0][_ABOUT:], lines[1:]


def _row(
    place: int, headings: Sequence[str], cells: Sequence[str], typed: Mapping[str, str]
) -> BadRow:
    line, fields, reason = cells[:_ABOUT]
    named = set(fields.split(";"))
    values = _padded(cells, headings)
    return BadRow(
        line,
        reason,
        [
            Cell(_box(place, at), heading, typed.get(_box(place, at), value), heading in named)
            for at, (heading, value) in enumerate(zip(headings, values, strict=True))
        ],
    )


def _padded(cells: Sequence[str], headings: Sequence[str]) -> list[str]:
    """Give a row's own cells, as many as there are headings."""
    values = list(cells[_ABOUT:])[: len(headings)]
    return values + [""] * (len(headings) - len(values))


def _box(row: int, column: int) -> str:
    return f"cell-{row}-{column}"
