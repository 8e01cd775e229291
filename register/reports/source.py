"""What a file gives when it is read: rows that say something, and rows that cannot be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, NamedTuple, Protocol

from register.reports.schema import Reading

REJECT_COLUMNS = ("rejected_line", "rejected_field", "rejected_reason")
"""What a rejects file has in front; passed over when it is mended and sent again."""


class Read(NamedTuple):
    """A row that was read: the line on which it begins, and what it says."""

    line: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not read: its line, its field by the heading sent, and the reason.

    `row` holds its cells as sent under `headings`. Those of a row too long to hold are cut; then
    `whole` gives all of its text, until the next row is asked for; `mended` says that this text
    begins with the columns of a rejects file. `table` is blank, or names the file beside the main
    one that the row stands in. `file` is the name of the file that was read.
    """

    line: int
    field: str
    reason: str
    headings: Sequence[str]
    row: Sequence[str]
    whole: IO[str] | None = None
    mended: bool = False
    table: str = ""
    file: str = ""

    def __str__(self) -> str:
        place = f"{self.table} line {self.line}" if self.table else f"line {self.line}"
        return f"{place}, {self.field}: {self.reason}" if self.field else f"{place} {self.reason}"


class SourceReader(Protocol):
    """A file that was checked to its end and can be read, once or again.

    `rows` is how many rows it has, for a progress bar; `carries` the fields that such a file can
    hold; `mended` that its rows were handed back: it holds only those. `organisations` and
    `remarks` (sentences about the file as a whole) are full at the end.
    """

    layout: str
    sha256: str
    rows: int
    carries: frozenset[str]
    mended: bool
    organisations: set[str]
    remarks: list[str]

    def __iter__(self) -> Iterator[Read | Reject]:
        """Give every row in order, read or rejected, holding one at a time."""


def is_handed_back(headings: Sequence[str]) -> bool:
    """Tell whether these are the headings of a rejects file, mended and sent again."""
    return tuple(headings[: len(REJECT_COLUMNS)]) == REJECT_COLUMNS


def problems_of(problems: dict[str, str], headings: dict[str, str]) -> tuple[str, str]:
    """Give the fields of refused values, by their headings as sent, and one reason for all."""
    named = {headings.get(field, field): why for field, why in problems.items()}
    if len(named) == 1:
        return next(iter(named.items()))
    return ";".join(named), "; ".join(f"{heading}: {why}" for heading, why in named.items())
