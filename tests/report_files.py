"""Files of reports for tests: a good row, a file made of rows, and what came of reading it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from register.reports.files import open_source
from register.reports.rejects import RejectsFile
from register.reports.source import Read, Reject

NOW = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)
HEADINGS = "organisation,reference,forename,surname,category,status,missing_at"
GOOD = "E23000001,P{},Ottilie,Quill,missing,open,2026-03-01T21:00:00+00:00"
BIG = 10_000_000
FileMaker = Callable[[bytes | str], Path]


def maker(folder: Path) -> FileMaker:
    """Give what writes a file of these bytes into a folder."""

    def make(content: bytes | str) -> Path:
        path = folder / "reports.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def lines(*rows: str, end: str = "\n") -> str:
    """Write rows under the headings."""
    return "".join(row + end for row in (HEADINGS, *rows))


def items_of(path: Path, **said: str) -> list[Read | Reject]:
    """Read a whole file."""
    return list(open_source(path, now=NOW, **said))  # type: ignore[arg-type]  # names of options


def read_in(items: Iterable[Read | Reject]) -> list[tuple[int, str]]:
    """Give the line and the reference of the rows that were read."""
    return [(each.line, each.reading.reference) for each in items if isinstance(each, Read)]


def rejected_in(items: Iterable[Read | Reject]) -> list[Reject]:
    """Give the rows that were not."""
    return [each for each in items if isinstance(each, Reject)]


def read_with_rejects(path: Path, rejects: RejectsFile) -> list[str]:
    """Read a file as an import does: rejects are written as they come."""
    read = []
    for item in open_source(path, now=NOW):
        if isinstance(item, Reject):
            rejects.add(item)
        else:
            read.append(item.reading.reference)
    return read
