"""A file of rows as it lies on disk: decoded strictly, split into cells, in little memory.

Lines may end in CR, LF or both. A row that nobody should hold in memory (a field of megabytes)
goes to a temporary file, so that it can still be handed back whole.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from register.errors import Refused
from register.reports.values import VALUE_LENGTH

MOST_COLUMNS = 1_000
MOST_BLANK = 1 << 20
"""Blank rows of one file: a sheet has no more rows at all."""
_NOTHING = ", \t\n"
_QUOTED_TEXT = re.compile(r'[^"]*(?:""[^"]*)*')
_CELL_END = re.compile(r"[,\n]")
_QUOTE_OR_END = re.compile(r',(?=")|\n')
_NEW_LINE = re.compile(rb"\r\n|\r|\n")
_HALF_CHARACTER = re.compile(rb"\xed[\xa0-\xbf]")
_SAVE_AS = 'save it as "CSV UTF-8" and send it again'


@dataclass(slots=True)
class Row:
    """One row: the line on which it begins, its cells, and what keeps it from being read.

    `column` is the index of the cell at fault, None where it is the row. A row too long to hold
    has its cells cut, and `whole` gives its text, until the next row is asked for. `ended` is
    False for a last row without the end of its line.
    """

    line: int
    cells: list[str]
    fault: str = ""
    column: int | None = None
    whole: IO[str] | None = None
    ended: bool = True

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it, as at the end of many a file."""
        return not self.fault and not any(cell and not cell.isspace() for cell in self.cells)


def read_rows(path: Path) -> Generator[Row]:
    """Give the rows of a file in order, the headings first; blank rows are passed over.

    Raises Refused for what spoils the whole file: its encoding, or a quote that never ends.
    """
    with path.open(encoding="utf-8-sig", newline=None) as stream:
        line = 1
        blank = 0
        building: _LongRow | None = None
        for piece in _pieces(stream):
            if building is None and (
                piece == "\n" or (not piece.strip(_NOTHING) and _is_whole(piece))
            ):
                line += 1
                blank += 1
                if blank > MOST_BLANK:
                    raise Refused(f"{shown(path)} has over a million blank rows: leave them out.")
                continue
            if building is None and '"' not in piece and _is_whole(piece):
                row = Row(line, piece.rstrip("\n").split(","), ended=piece.endswith("\n"))
                line += 1
                if not row.is_blank:
                    yield row
                continue
            building = building or _LongRow(line)
            line += piece.endswith("\n")
            if building.take(piece):
                yield from _finished(building)
                building = None
            elif line - building.row.line > VALUE_LENGTH:
                raise Refused(building.unclosed(shown(path)))
        if building is not None:
            building.check_ended(shown(path))
            yield from _finished(building)


def pick_rows(path: Path, lines: Iterable[int]) -> Iterator[Row]:
    """Give the rows that begin on these lines of a file of short rows, each quote in place."""
    read = 0
    with path.open("rb") as file:
        for line in sorted(lines):
            text = next(islice(file, line - read - 1, None))
            read = line
            if b'"' not in text:
                row = Row(line, text.decode().rstrip("\r\n").split(","))
                if not row.is_blank:
                    yield row
                continue
            building = _LongRow(line)
            while text and not building.take(text.decode().replace("\r\n", "\n")):
                text = file.readline()
                read += 1
            if not text:
                building.check_ended(shown(path))
            yield from _finished(building)


def shown(path: Path) -> str:
    """Give the name of a file as it can be written in a sentence, whatever bytes it is made of."""
    return path.name.encode("utf-8", "backslashreplace").decode()


def _finished(building: "_LongRow") -> Iterator[Row]:
    row = building.row
    try:
        if not row.is_blank:
            yield row
    finally:
        if row.whole is not None:
            row.whole.close()


def _is_whole(piece: str) -> bool:
    return piece.endswith("\n") or len(piece) < VALUE_LENGTH


def _pieces(stream: IO[str]) -> Iterator[str]:
    """Give lines, the long ones in pieces; tell of a wrong encoding with its line."""
    lines = 0
    while True:
        try:
            piece = stream.readline(VALUE_LENGTH)
        except UnicodeDecodeError as error:
            before = len(_NEW_LINE.findall(error.object[: error.start]))
            raise Refused(_encoding(error, lines + before + 1)) from error
        if not piece:
            return
        lines += piece.endswith("\n")
        yield piece


def _encoding(error: UnicodeDecodeError, line: int) -> str:
    wrong = error.object[error.start : error.start + 2]
    if _HALF_CHARACTER.match(wrong):
        what = "holds half a character (a lone surrogate)"
        return f"Line {line} {what}: the program that wrote the file cut a character in two."
    try:
        read_as = f", {wrong[:1].decode('cp1252')!r} in Windows-1252"
    except UnicodeDecodeError:
        read_as = ""
    return f"Line {line} is not UTF-8 (byte {wrong[:1].hex().upper()}{read_as}): {_SAVE_AS}."


class _State(Enum):
    """Where in a cell the reading stands."""

    BEGIN = auto()
    PLAIN = auto()
    QUOTED = auto()
    QUOTE = auto()
    """Behind a quote inside a quoted cell: it ends the cell, or is the first of two."""


class _LongRow:
    """A row with quotes, or with more than one piece, put together piece by piece."""

    def __init__(self, line: int) -> None:
        self.row = Row(line, [], ended=False)
        self.state = _State.BEGIN
        self.parts: list[str] = []
        self.size = 0
        self.kept: list[str] = []
        self.kept_size = 0

    def take(self, piece: str) -> bool:
        """Take the next piece; tell whether the row is whole with it."""
        self._keep(piece)
        at = 0
        while at < len(piece):
            at = self._step(piece, at)
        return self.row.ended

    def check_ended(self, name: str) -> None:
        """Close a row that the end of the file closes; refuse one that is still quoted."""
        if self.state is _State.QUOTED:
            raise Refused(self.unclosed(name))
        self._close_cell()
        if self.row.whole is not None:
            self.row.whole.write("\n")

    def unclosed(self, name: str) -> str:
        """Say that a quote opens and no end of it is found."""
        return (
            f"{name} is cut off, or a quote is missing: the quote that opens in the row "
            f"beginning on line {self.row.line} is never closed. Send the whole file."
        )

    def _step(self, piece: str, at: int) -> int:
        if self.state is _State.QUOTED:
            return self._step_quoted(piece, at)
        if self.state is _State.BEGIN and piece[at] == '"':
            self.state = _State.QUOTED
            return at + 1
        if self.state is _State.QUOTE:
            if piece[at] == '"':
                self._add('"')
                self.state = _State.QUOTED
                return at + 1
            if piece[at] not in ",\n":
                self._blame("has text behind a closing quote; write a quote inside a field twice")
        if len(self.row.cells) == MOST_COLUMNS:
            return self._pass_over(piece, at)
        found = _CELL_END.search(piece, at)
        end = found.start() if found else len(piece)
        self._add(piece[at:end])
        self.state = _State.PLAIN
        if found:
            self._close_cell()
            self.row.ended = found[0] == "\n"
        return end + 1

    def _step_quoted(self, piece: str, at: int) -> int:
        # Two quotes stand for one; all of them up to the last are passed in one step.
        found = _QUOTED_TEXT.match(piece, at)
        end = found.end() if found else at
        self._add(piece[at:end].replace('""', '"'))
        if end < len(piece):
            self.state = _State.QUOTE
        return end + 1

    def _pass_over(self, piece: str, at: int) -> int:
        """Pass over columns that nobody will read, up to the next quote or the row's end."""
        self._blame(f"is beyond column {MOST_COLUMNS:,}, and no layout has so many")
        found = _QUOTE_OR_END.search(piece, at)
        opens = found[0] == "," if found else piece.endswith(",")
        self.state = _State.BEGIN if opens else _State.PLAIN
        self.row.ended = found is not None and not opens
        return found.end() if found else len(piece)

    def _add(self, text: str) -> None:
        self.size += len(text)
        if self.size <= VALUE_LENGTH:
            self.parts.append(text)
        else:
            self._blame(f"is longer than {VALUE_LENGTH:,} characters; shorten it")

    def _blame(self, why: str) -> None:
        if not self.row.fault:
            self.row.fault, self.row.column = why, len(self.row.cells)

    def _close_cell(self) -> None:
        if len(self.row.cells) < MOST_COLUMNS:
            self.row.cells.append("".join(self.parts))
        self.parts.clear()
        self.size = 0
        self.state = _State.BEGIN

    def _keep(self, piece: str) -> None:
        """Keep the text as sent, on disk once it is long."""
        if self.row.whole is not None:
            self.row.whole.write(piece)
            return
        self.kept.append(piece)
        self.kept_size += len(piece)
        if self.kept_size > VALUE_LENGTH:
            spool = SpooledTemporaryFile(  # noqa: SIM115  # closed when the next row is asked for
                max_size=1 << 20, mode="w+", encoding="utf-8", newline=""
            )
            spool.writelines(self.kept)
            self.row.whole = spool
            self.kept.clear()
