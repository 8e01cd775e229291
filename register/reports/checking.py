"""The first pass over a file: what must be refused whole is refused before any row is applied."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from register.errors import Refused
from register.reports.reading import Row, read_rows, shown

_FIRST_BYTES = 4096
_SAVE_AS = 'save the sheet as "CSV UTF-8" and send that'
_EMPTY = "{} is empty: not even its headings are there. Send it again."
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", f"is an Excel workbook or another zip archive, not a CSV: {_SAVE_AS}"),
    (b"PK\x05\x06", "is an empty zip archive, not a CSV: send the CSV itself"),
    (b"\xd0\xcf\x11\xe0", f"is an old Excel workbook, not a CSV: {_SAVE_AS}"),
    (b"%PDF", "is a PDF, not a CSV: ask the system it comes from for its export as CSV"),
    (b"\x1f\x8b", "is a gzip archive, not a CSV: unpack it first"),
    (b"\xff\xfe", f"is UTF-16, not UTF-8: {_SAVE_AS}"),
    (b"\xfe\xff", f"is UTF-16, not UTF-8: {_SAVE_AS}"),
)
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be read to its end: its headings, how many rows follow, its fingerprint.

    `read` gives its rows, the headings first.
    """

    path: Path
    headings: tuple[str, ...]
    rows: int
    sha256: str
    read: Callable[[Path], Generator[Row]] = read_rows


def check_file(path: Path) -> Checked:
    """Pass over a whole file and give its shape.

    Raises Refused with a sentence if it cannot be opened, is no CSV in UTF-8, or is cut off.
    """
    try:
        check_first_bytes(path)
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        rows = read_rows(path)
        headings = _headings(path, rows)
        return Checked(path, headings, _count(path, rows, len(headings)), fingerprint)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise Refused(f"{shown(path)} cannot be read: {why.lower()}.") from error


def check_first_bytes(path: Path) -> None:
    """Refuse what is no file of text by its first bytes, with a sentence."""
    if path.is_dir():
        raise Refused(f"{shown(path)} is a folder: name the file in it that is to be read.")
    if not path.exists():
        raise Refused(f"There is no file {shown(path)}: check its name and its folder.")
    if not path.is_file():
        raise Refused(f"{shown(path)} is not an ordinary file: save what it gives, and send that.")
    with path.open("rb") as file:
        start = file.read(_FIRST_BYTES)
    is_blank = not start.strip(b"\xef\xbb\xbf \r\n\t")
    if is_blank and path.stat().st_size <= _FIRST_BYTES:
        raise Refused(_EMPTY.format(shown(path)))
    for sign, why in _SIGNS:
        if start.startswith(sign):
            raise Refused(f"{shown(path)} {why}.")
    first_line = re.split(rb"[\r\n]", start, maxsplit=1)[0]
    if first_line.count(0) * 3 > len(first_line):
        raise Refused(f"{shown(path)} is UTF-16 or no text at all, not UTF-8: {_SAVE_AS}.")


def _headings(path: Path, rows: Iterator[Row]) -> tuple[str, ...]:
    first = next(rows, None)
    if first is None:
        raise Refused(_EMPTY.format(shown(path)))
    if first.fault:
        raise Refused(f"{shown(path)} has no headings: its first line {first.fault}.")
    headings = tuple(heading.strip() for heading in first.cells)
    if len(headings) == 1:
        for separator, name in _SEPARATORS.items():
            if separator in headings[0]:
                raise Refused(f"{shown(path)} parts its columns by {name}: save it with commas.")
    if "" in headings:
        place = headings.index("") + 1
        raise Refused(f"Column {place} of {shown(path)} has no heading: give it one or remove it.")
    counts = Counter(heading.casefold() for heading in headings)
    twice = [heading for heading in headings if counts[heading.casefold()] > 1]
    if twice:
        raise Refused(
            f"{shown(path)} has the column {twice[0][:64]!r} twice: remove one of the two."
        )
    return headings


def _count(path: Path, rows: Iterator[Row], columns: int) -> int:
    """Count the rows; a last one that breaks off shows that the file was cut."""
    count = 0
    last: Row | None = None
    for row in rows:
        last = row
        count += 1
    if last is not None and not last.ended and len(last.cells) < columns:
        raise Refused(
            f"{shown(path)} is cut off: line {last.line}, its last, has {len(last.cells)} of "
            f"{columns} columns. Send the whole file."
        )
    return count


def list_names(names: Sequence[str]) -> str:
    """Write names into a sentence, each in quotes and none too long."""
    return ", ".join(repr(name[:64]) for name in names)
