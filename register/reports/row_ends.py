"""Where the rows of a file of commas end, told from its bytes, without reading any of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from register.reports.coding import Ints
from register.reports.values import VALUE_LENGTH

_BLOCK = 1 << 23
_BOM = b"\xef\xbb\xbf"
_END, _RETURN, _COMMA, _QUOTE = b'\n\r,"'
_FIRST_LINE = 2
"""Of rows: the headings stand on line 1."""


@dataclass(frozen=True, slots=True)
class RowEnds:
    """How many rows follow the headings, and the line on which each begins.

    `begins` is None where every line is a row.
    """

    rows: int
    begins: Ints | None = None

    def lines_of(self, rows: Ints) -> frozenset[int]:
        """Give the lines on which these rows begin."""
        lines = rows + _FIRST_LINE if self.begins is None else self.begins[rows]
        return frozenset(lines.tolist())

    def row_on(self, line: int) -> int:
        """Give the row that begins on a line."""
        if self.begins is None:
            return line - _FIRST_LINE
        return int(np.searchsorted(self.begins, line))


def headings_of(line: str) -> tuple[str, ...]:
    """Give the headings on a file's first line; none where they go on behind it."""
    if line.count('"') % 2:
        return ()
    return tuple(next(csv.reader([line.rstrip("\r\n")]), ()))


def find_row_ends(path: Path) -> RowEnds | None:
    """Find where rows end; None where that takes a reader.

    It does where a lone CR may end a line, where a row is longer than is held, and where a quote
    stands where none may: behind other text of its cell, or before some.
    """
    finder = _Finder()
    with path.open("rb") as file:
        block = file.read(_BLOCK).removeprefix(_BOM)
        while block:
            if not finder.take(block):
                return None
            block = file.read(_BLOCK)
    return finder.found()


class _Finder:
    """What is known at the end of a block."""

    def __init__(self) -> None:
        self.last = b"\n"
        """The last byte: a file begins as a row does, behind the end of a line."""
        self.quoted = False
        self.lines, self.length = 1, 0
        """The line that is read, and how much of its row was in the blocks before."""
        self.begins = [np.ones(1, np.int64)]

    def take(self, block: bytes) -> bool:
        """Take the next block; tell whether all is well."""
        seen = self.last + block
        letters = np.frombuffer(seen, np.uint8)
        if b"\r" in seen and not _are_returns_ended(letters):
            return False
        ends = np.flatnonzero(letters[1:] == _END) + 1
        lines = self.lines + np.arange(1, len(ends) + 1)
        self.lines += len(ends)
        if self.quoted or b'"' in seen:
            quotes = np.flatnonzero(letters[1:] == _QUOTE) + 1
            if not self._are_in_place(letters, quotes):
                return False
            outside = (np.searchsorted(quotes, ends) + self.quoted) % 2 == 0
            ends, lines = ends[outside], lines[outside]
            self.quoted ^= bool(len(quotes) % 2)
        self.last = block[-1:]
        self.begins.append(lines)
        return self._are_short(ends, len(block))

    def _are_short(self, ends: Ints, length: int) -> bool:
        """Tell whether no row is longer than is held."""
        borders = np.r_[-self.length, ends, length]
        self.length = length - int(ends[-1]) if len(ends) else self.length + length
        return int(np.diff(borders).max()) <= VALUE_LENGTH

    def _are_in_place(self, letters: NDArray[np.uint8], quotes: Ints) -> bool:
        """Tell whether each quote opens a cell, ends one, or is one of two inside it."""
        opening = np.arange(len(quotes)) % 2 == int(self.quoted)
        closing = quotes[~opening]
        if self.last == b'"' and not self.quoted:
            closing = np.r_[0, closing]
        before = letters[quotes[opening] - 1]
        behind = letters[closing[closing < len(letters) - 1] + 1]
        return bool(
            np.isin(before, (_COMMA, _END, _QUOTE)).all()
            and np.isin(behind, (_COMMA, _END, _RETURN, _QUOTE)).all()
        )

    def found(self) -> RowEnds | None:
        """Give what was found, once all was taken."""
        if self.quoted or self.last == b"\r":
            return None
        begins = np.concatenate(self.begins)
        if self.last == b"\n":  # behind it no row begins
            begins = begins[:-1]
        is_plain = len(begins) == 0 or int(begins[-1]) == len(begins)
        return RowEnds(len(begins) - 1, None if is_plain else begins[1:])


def _are_returns_ended(letters: NDArray[np.uint8]) -> bool:
    """Tell whether each CR, but one that is the very last, stands before an LF."""
    returns = np.flatnonzero(letters[:-1] == _RETURN)
    return bool((letters[returns + 1] == _END).all())
