"""What a file gave, written down by the process that read it, for the one that asked.

Text is ASCII JSON, one item a line, so that whatever stood in the file cannot break out of it.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from register.errors import RegisterError
from register.reports.fields import BY_NAME
from register.reports.schema import Reading
from register.reports.source import Read, Reject, SourceReader
from register.terms import Kind

_TOLD, _ITEMS, _WHOLE = "told.json", "items.jsonl", "whole-{}"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a file as a whole; with `refused` or `failed`, nothing else is."""

    refused: str = ""
    """The sentence with which it was refused."""
    failed: str = ""
    """Where in the register its reading failed."""
    layout: str = ""
    sha256: str = ""
    rows: int = 0
    carries: Sequence[str] = ()
    mended: bool = False
    organisations: Sequence[str] = ()
    remarks: Sequence[str] = ()


def hand_over(source: SourceReader, folder: Path) -> Told:
    """Write down every item that the file gives; tell of it as a whole."""
    headings: Sequence[str] = ()
    with (folder / _ITEMS).open("w", encoding="ascii") as file:
        for number, item in enumerate(source):
            if isinstance(item, Reject) and item.headings != headings:
                headings = item.headings
                file.write(json.dumps(["headings", *headings]) + "\n")
            file.write(json.dumps(_written(item, number, folder)) + "\n")
    return Told(
        layout=source.layout,
        sha256=source.sha256,
        rows=source.rows,
        carries=sorted(source.carries),
        mended=source.mended,
        organisations=sorted(source.organisations),
        remarks=source.remarks,
    )


def _written(item: Read | Reject, number: int, folder: Path) -> list[object]:
    if isinstance(item, Read):
        said = item.reading
        values = (said.content, said.doubtful, said.marks)
        return ["read", item.line, said.organisation, said.reference, said.kind.value, *values]
    if item.whole is not None:
        item.whole.seek(0)
        path = folder / _WHOLE.format(number)
        with path.open("w", encoding="utf-8", newline="") as file:
            shutil.copyfileobj(item.whole, file)
    place = number if item.whole is not None else None
    about = (item.field, item.reason, item.mended, item.table, item.file)
    return ["reject", item.line, place, *about, *item.row]


def tell(told: Told, folder: Path) -> None:
    """Write down what is told of the file as a whole: the last word of who read it."""
    (folder / _TOLD).write_text(json.dumps(asdict(told)), "ascii")


def read_told(folder: Path) -> Told:
    """Read what is told of the file as a whole; raise RegisterError where that cannot be read."""
    try:
        return Told(**json.loads((folder / _TOLD).read_text("ascii")))
    except (OSError, ValueError, TypeError) as error:
        raise RegisterError("What was read of the file was not told to its end.") from error


class HandedOver:
    """A file that another process has read: it can be read from what that wrote down."""

    def __init__(self, told: Told, folder: Path) -> None:
        self.layout, self.sha256, self.rows = told.layout, told.sha256, told.rows
        self.carries, self.mended = frozenset(told.carries), told.mended
        self.organisations, self.remarks = {*told.organisations}, [*told.remarks]
        self._folder = folder

    def __iter__(self) -> Iterator[Read | Reject]:
        """Give every row in order, read or rejected."""
        headings: Sequence[str] = ()
        with (self._folder / _ITEMS).open(encoding="ascii") as file:
            for line in file:
                kind, *values = json.loads(line)
                if kind == "headings":
                    headings = values
                elif kind == "read":
                    yield _read(*values)
                else:
                    with ExitStack() as stack:
                        yield self._reject(stack, headings, values)

    def _reject(self, stack: ExitStack, headings: Sequence[str], values: list[object]) -> Reject:
        line, place, field, reason, mended, table, name, *row = values
        whole: IO[str] | None = None
        if place is not None:
            path = self._folder / _WHOLE.format(int(str(place)))
            whole = stack.enter_context(path.open(encoding="utf-8", newline=""))
        return Reject(
            line=int(str(line)),
            field=str(field),
            reason=str(reason),
            headings=headings,
            row=[str(cell) for cell in row],
            whole=whole,
            mended=bool(mended),
            table=str(table),
            file=str(name),
        )


def _read(line: int, organisation: str, reference: str, kind: str, *said: dict[str, str]) -> Read:
    content, doubtful, marks = said
    if not BY_NAME.keys() >= {*content, *doubtful, *marks}:
        raise RegisterError("What was read of the file names a field that no report has.")
    return Read(line, Reading(organisation, reference, Kind(kind), {**content}, doubtful, marks))
