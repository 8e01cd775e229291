"""Columns of text as numbers: each distinct text is read once, by the one parser of its field.

Column-wise reading for what works on millions of rows at once; needs the extra `bulk`.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Codes = NDArray[Any]
"""Integers or flags."""
Item = TypeVar("Item")
Result = TypeVar("Result")
THREADS = 2
# One pool of memory with NumPy's: what the one is done with, the other takes.
pa.set_memory_pool(pa.system_memory_pool())
Plain = Callable[[pa.Array], Flags]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: for each row the place of its value among `values`; place 0 is the blank."""

    codes: Ints
    values: pa.Array

    def text(self, row: int) -> str:
        """Give the value of one row."""
        return str(self.values[int(self.codes[row])])

    def which(self, suits: Callable[[str], bool]) -> Flags:
        """Tell which rows have a value that suits."""
        flags: Flags = np.array([suits(text) for text in self.listed()])[self.codes]
        return flags

    def take(self, rows: Ints) -> "Coded":
        """Give some of the rows."""
        return Coded(self.codes[rows], self.values)

    def followed_by(self, other: "Coded") -> "Coded":
        """Give these rows and, behind them, the other ones."""
        both = pa.concat_arrays([self.values, other.values]).dictionary_encode()
        places = both.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        mine, theirs = places[: len(self.values)], places[len(self.values) :]
        return Coded(np.concatenate([mine[self.codes], theirs[other.codes]]), both.dictionary)

    def listed(self) -> list[str]:
        """Give every value, the blank first."""
        found: list[str] = self.values.to_pylist()
        return found


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Do work on several items at once: what works on whole columns lets other threads go on."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))


def none_is_plain(texts: pa.Array) -> Flags:
    """Have every distinct text read by its parser."""
    return np.zeros(len(texts), bool)


def code(column: pa.ChunkedArray, parse: Callable[[str], str], is_plain: Plain) -> Coded:
    """Number the values of a column in their normal form; what cannot be used counts as blank.

    `is_plain` tells which texts are in normal form as they stand; `parse` reads the others, and
    raises ValueError for what cannot be used.
    """
    if pa.types.is_dictionary(column.type):
        whole = column.unify_dictionaries().combine_chunks()
    else:
        whole = column.combine_chunks().dictionary_encode()
    del column
    texts = whole.dictionary
    indices = whole.indices.to_numpy(zero_copy_only=False)
    odd = np.flatnonzero(~is_plain(texts))
    if not len(odd):
        return Coded(indices + np.int32(1), pa.concat_arrays([pa.array([""]), texts]))
    place = np.arange(1, len(texts) + 1, dtype=np.int32)
    read = [_read(text, parse) for text in texts.take(pa.array(odd)).to_pylist()]
    known = dict(zip(read, _places(pa.array(read, pa.string()), texts, odd), strict=True))
    fresh: dict[str, int] = {}
    for at, text in zip(odd.tolist(), read, strict=True):
        found = known[text]
        if not text:
            place[at] = 0
        elif found >= 0:
            place[at] = found + 1
        else:
            place[at] = fresh.setdefault(text, len(texts) + 1 + len(fresh))
    stale = place != np.arange(1, len(texts) + 1)
    if stale.any():
        texts = pc.if_else(pa.array(stale), "", texts)
    values = pa.concat_arrays([pa.array([""]), texts, pa.array(list(fresh), pa.string())])
    return Coded(place[indices], values)


def letters_of(texts: pa.Array) -> NDArray[np.uint8]:
    """Give the bytes of all texts, one behind the other."""
    _, offsets, letters = texts.buffers()
    if not len(texts) or letters is None:
        return np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)
    first, last = ends[texts.offset], ends[texts.offset + len(texts)]
    return np.frombuffer(letters, np.uint8)[first:last]


def _read(text: str, parse: Callable[[str], str]) -> str:
    try:
        return parse(text.strip()) if text.strip() else ""
    except ValueError:
        return ""


def _places(read: pa.Array, texts: pa.Array, odd: Ints) -> list[int]:
    """Give where each text that was read stands already in its normal form, -1 for nowhere."""
    if not len(odd):
        return []
    found = pc.fill_null(pc.index_in(read, texts), -1)
    places: list[int] = found.to_pylist()
    return places


def together(*codes: Codes) -> Ints:
    """Number the distinct combinations of codes, none of them below 0, as they are met first."""
    whole = codes[0].astype(np.int64)
    limit = int(whole.max(initial=0)) + 1
    for each in codes[1:]:
        width = int(each.max(initial=0)) + 1
        if limit * width >= 1 << 62:
            whole = numbered(whole)[0].astype(np.int64)
            limit = int(whole.max(initial=0)) + 1
        whole = whole * width + each
        limit *= width
    return numbered(whole)[0]


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """Number distinct values as they are met first; give each one's number, and the values.

    Through a table where the values lie close, else by looking each up.
    """
    limit = int(values.max(initial=0)) + 1
    if limit > len(values):
        coded = pa.array(values).dictionary_encode()
        return coded.indices.to_numpy(), coded.dictionary.to_numpy()
    first = np.full(limit, len(values))
    first[values[::-1]] = np.arange(len(values))[::-1]
    met = np.flatnonzero(first < len(values))
    listed = met[np.argsort(first[met])]
    numbers = np.zeros(limit, np.int32)
    numbers[listed] = np.arange(len(listed))
    return numbers[values], listed


def first_rows(numbers: Ints) -> Ints:
    """Give the first row of each number, of numbers given as they were met first."""
    highest = np.maximum.accumulate(numbers)
    return np.flatnonzero(np.diff(highest, prepend=-1) > 0)
