"""Reports in columns: what linking reads of millions of reports at once.

Every value is read by the parser of its field, once for each distinct text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from register.reports import values
from register.reports.coding import (
    Coded,
    Flags,
    Ints,
    code,
    letters_of,
    none_is_plain,
    side_by_side,
)
from register.reports.fields import BY_NAME, Parser
from register.reports.statement import Value
from register.reports.times import Moments, read_moments
from register.terms import Kind

KINDS = tuple(Kind)
CODED = (
    *("organisation", "reference", "child_reference", "forename", "middle_names", "surname"),
    *("known_as", "date_of_birth", "date_of_birth_precision", "sex", "nhs_number", "upn"),
    *("home_office_reference", "home_postcode", "category", "status"),
)
TIMED = ("missing_at", "found_at", "returned_at", "closed_at")
READ = (*CODED, "updated_at", *TIMED)
"""The fields that linking and aligning read; the others cannot change what they come to."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Reports in columns, in the order in which they came; `kind` gives places in `KINDS`."""

    coded: dict[str, Coded]
    timed: dict[str, Moments]
    kind: Ints
    updated_at: pa.ChunkedArray

    def __len__(self) -> int:
        return len(self.kind)

    def text(self, field: str, row: int) -> str:
        """Give one value as text, blank where it is not known."""
        return self.coded[field].text(row)

    def take(self, rows: Ints) -> "Columns":
        """Give some of the rows."""
        return Columns(
            {name: each.take(rows) for name, each in self.coded.items()},
            {name: each.take(rows) for name, each in self.timed.items()},
            self.kind[rows],
            self.updated_at.take(pa.array(rows)),
        )

    def followed_by(self, other: "Columns") -> "Columns":
        """Give these rows and, behind them, the other ones."""
        return Columns(
            {name: each.followed_by(other.coded[name]) for name, each in self.coded.items()},
            {name: each.followed_by(other.timed[name]) for name, each in self.timed.items()},
            np.concatenate([self.kind, other.kind]),
            pa.chunked_array([*self.updated_at.chunks, *other.updated_at.chunks], pa.string()),
        )


def read_table(texts: dict[str, pa.ChunkedArray], kind: Ints) -> Columns:
    """Number the values of the columns `READ`, each by its parser; `texts` is emptied."""
    coded: dict[str, Coded] = {}
    timed: dict[str, Moments] = {}

    def read(name: str) -> None:
        if name in TIMED:
            timed[name] = read_moments(texts.pop(name))
        else:
            coded[name] = _coded(name, texts.pop(name))

    side_by_side(read, (*CODED, *TIMED))
    return Columns(coded, timed, kind, texts.pop("updated_at"))


def columns_of(contents: Sequence[tuple[str, str, Kind, Mapping[str, Value]]]) -> Columns:
    """Make columns of what was read: organisation, reference, kind, and the usable values."""
    texts = {
        "organisation": [each[0] for each in contents],
        "reference": [each[1] for each in contents],
    }
    for name in READ:
        if name not in texts:
            texts[name] = [_text(each[3].get(name, "")) for each in contents]
    table = {name: pa.chunked_array([each], pa.string()) for name, each in texts.items()}
    return read_table(table, np.array([KINDS.index(each[2]) for each in contents], np.int8))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ";".join(value)


def _coded(name: str, column: pa.ChunkedArray) -> Coded:
    field = BY_NAME[name]
    parse = _several(field.parse) if field.many else field.parse
    return code(column, parse, _PLAIN.get(name, none_is_plain))


def _several(parse: Parser) -> Parser:
    def read(text: str) -> str:
        good = []
        for part in text.split(";"):
            try:
                good += [parse(part.strip())] if part.strip() else []
            except ValueError:
                continue
        return ";".join(dict.fromkeys(good))

    return read


def _plain_reference(texts: pa.Array) -> Flags:
    """Letters, digits and signs without a blank, that no reading would change."""
    letters = letters_of(texts)
    if len(letters) and ord("!") <= letters.min() <= letters.max() <= ord("~"):
        lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
        plain: Flags = (lengths > 0) & (lengths <= 64)  # noqa: PLR2004  # as below
        return plain
    return _flags(pc.match_substring_regex(texts, r"^[!-~]{1,64}$"))


def _plain_words(texts: pa.Array) -> Flags:
    """Plain letters with single blanks."""
    return _flags(pc.match_substring_regex(texts, r"^[!-~]{1,64}( [!-~]{1,64}){0,5}$"))


def _plain_postcode(texts: pa.Array) -> Flags:
    return _flags(pc.match_substring_regex(texts, r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"))


def _plain_nhs_number(texts: pa.Array) -> Flags:
    """Ten digits of which the last checks the others (weights 10 to 2, modulus 11)."""
    shaped = _flags(pc.match_substring_regex(texts, "^[0-9]{10}$"))
    digits = _digits(texts, shaped, 10)
    check = (11 - digits[:, :9] @ np.arange(10, 1, -1) % 11) % 11
    shaped[shaped] = (check == digits[:, 9]) & (digits.any(axis=1))
    return shaped


def _plain_upn(texts: pa.Array) -> Flags:
    """A letter that checks the twelve digits behind it (DfE's guide to pupil numbers)."""
    shaped = _flags(pc.match_substring_regex(texts, "^[A-Z][0-9]{12}$"))
    digits = _digits(texts, shaped, 13)
    letters = np.frombuffer(values.UPN_LETTERS.encode(), np.uint8).astype(np.int64) - ord("0")
    check = letters[digits[:, 1:] @ np.arange(2, 14) % 23]
    shaped[shaped] = check == digits[:, 0]
    return shaped


_PLAIN = {
    "reference": _plain_reference,
    "child_reference": _plain_reference,
    "forename": _plain_words,
    "surname": _plain_words,
    "home_postcode": _plain_postcode,
    "nhs_number": _plain_nhs_number,
    "upn": _plain_upn,
}
"""Which texts of a field are in normal form as they stand; the parser reads only the others."""


def _flags(found: pa.BooleanArray) -> Flags:
    flags: Flags = found.to_numpy(zero_copy_only=False).copy()
    return flags


def _digits(texts: pa.Array, chosen: Flags, width: int) -> NDArray[np.int64]:
    some = texts.filter(pa.array(chosen))
    return letters_of(some).reshape(len(some), width).astype(np.int64) - ord("0")
