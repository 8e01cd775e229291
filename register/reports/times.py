"""Columns of moments as numbers: seconds since 1970 and days in London, read many at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from register.reports.coding import Flags, Ints, letters_of
from register.reports.values import YEARS, Moment, midnight, moment, read_moment
from register.terms import LONDON

NEVER = np.iinfo(np.int64).min
"""Stands for a moment that is not known."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = _EPOCH.date()
_HOUR = 3600
_FIXED = "dddd-dd-ddTdd:dd:ddsdd:dd"
_WITHOUT_SECONDS = "dddd-dd-ddTdd:ddsdd:dd"
_DAY = "dddd-dd-dd"
_LENGTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of moments: seconds since 1970 at which each begins, and its day since then.

    `day_only` tells which are days of which no time is known; NEVER stands for no moment.
    """

    earliest: Ints
    day: Ints
    day_only: Flags

    def take(self, rows: Ints) -> "Moments":
        """Give some of the rows."""
        return Moments(self.earliest[rows], self.day[rows], self.day_only[rows])

    def followed_by(self, other: "Moments") -> "Moments":
        """Give these rows and, behind them, the other ones."""
        return Moments(
            np.concatenate([self.earliest, other.earliest]),
            np.concatenate([self.day, other.day]),
            np.concatenate([self.day_only, other.day_only]),
        )

    @property
    def known(self) -> Flags:
        """Which of them are known."""
        flags: Flags = self.earliest != NEVER
        return flags

    @property
    def latest(self) -> Ints:
        """When each is over: a time at once, a day with the next midnight."""
        ends = self.earliest.copy()
        ends[self.day_only] = midnights(self.day[self.day_only] + 1)
        return ends


def read_moments(column: pa.ChunkedArray) -> Moments:
    """Read a column of moments; what cannot be used is not known."""
    if pa.types.is_dictionary(column.type):
        whole = column.unify_dictionaries().combine_chunks()
        texts, places = whole.dictionary, whole.indices.to_numpy(zero_copy_only=False)
        return _read_texts(texts).take(places)
    return _read_texts(column.combine_chunks())


def _read_texts(texts: pa.Array) -> Moments:
    count = len(texts)
    found = Moments(np.full(count, NEVER), np.zeros(count, np.int32), np.zeros(count, bool))
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    done = lengths == 0
    for shape in (_DAY, _WITHOUT_SECONDS, _FIXED):
        rows = np.flatnonzero(lengths == len(shape))
        if len(rows):
            _read_shape(texts, rows, shape, found, done)
    for row in np.flatnonzero(~done).tolist():
        _read_one(str(texts[row]).strip(), row, found)
    return found


def _read_shape(texts: pa.Array, rows: Ints, shape: str, found: Moments, done: Flags) -> None:
    """Read the texts of one shape; those that are of another, or on no calendar, stay undone."""
    letters = _letters(texts, rows, len(shape))
    digit = {place: letters[place] - ord("0") for place, sign in enumerate(shape) if sign == "d"}
    fits = np.ones(len(rows), bool)
    for place, sign in enumerate(shape):
        if sign == "d":
            fits &= digit[place] <= 9  # noqa: PLR2004  # a digit; below 0 wraps to above
        elif sign == "s":
            fits &= (letters[place] == ord("+")) | (letters[place] == ord("-"))
        else:
            fits &= letters[place] == ord(sign)

    def number(at: int) -> NDArray[np.int32]:
        found: NDArray[np.int32] = digit[at].astype(np.int32) * 10 + digit[at + 1]
        return found

    year = number(0) * 100 + number(2)
    day, on_calendar = _days(year, number(5), number(8))
    fits &= on_calendar & (year >= YEARS[0]) & (year <= YEARS[-1])
    if shape == _DAY:
        good = rows[fits]
        found.earliest[good] = midnights(day[fits])
        found.day[good], found.day_only[good] = day[fits], True
    else:
        hour, minute, signed = number(11), number(14), shape.index("s")
        second = number(17) if shape == _FIXED else np.zeros_like(hour)
        east, west = number(signed + 1), number(signed + 4)
        fits &= (hour < 24) & (minute < 60) & (second < 60) & (east < 24) & (west < 60)  # noqa: PLR2004  # a clock
        ahead = np.where(letters[signed] == ord("-"), -1, 1) * (east * 60 + west) * 60
        at = day * 86400 + hour * _HOUR + minute * 60 + second - ahead
        good = rows[fits]
        found.earliest[good] = at[fits]
        found.day[good] = london_days(at[fits])
    done[good] = True


def _letters(texts: pa.Array, rows: Ints, width: int) -> NDArray[np.uint8]:
    """Give a row for each place within the texts."""
    chosen = texts if len(rows) == len(texts) else texts.take(pa.array(rows))
    return np.ascontiguousarray(letters_of(chosen).reshape(len(rows), width).T)


def _days(year: Ints, month: Ints, day: Ints) -> tuple[Ints, Flags]:
    """Give days since 1970, and which dates stand on the calendar."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (month >= 1) & (month <= 12)  # noqa: PLR2004  # months
    safe = np.where(in_year, month, 1)
    length = _LENGTHS[safe - 1] + (leap & (safe == 2))  # noqa: PLR2004  # February
    months = (np.clip(year, 1, None) - 1970) * 12 + safe - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + day - 1, in_year & (day >= 1) & (day <= length)


def london_days(seconds: Ints) -> Ints:
    """Give the day in London of instants; its clock changes on the hour, and nowhere else."""
    return (seconds + _of_each(seconds // _HOUR, _ahead_of_utc)) // 86400


def _of_each(numbers: Ints, found: Callable[[int], int]) -> Ints:
    """Ask of each distinct number once, of numbers that lie close."""
    if not len(numbers):
        return numbers
    least = int(numbers.min())
    table = np.zeros(int(numbers.max()) - least + 1, np.int64)
    table[numbers - least] = 1
    met = np.flatnonzero(table)
    table[met] = [found(number + least) for number in met.tolist()]
    return table[numbers - least]


def _ahead_of_utc(hour: int) -> int:
    offset = (_EPOCH + timedelta(hours=hour)).astimezone(LONDON).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def midnights(days: Ints) -> Ints:
    """Give the instants, in seconds, at which days begin in London."""
    return _of_each(days, _midnight)


def _midnight(day: int) -> int:
    return int(midnight(_FIRST_DAY + timedelta(days=day)).timestamp())


def _read_one(text: str, row: int, found: Moments) -> None:
    try:
        read: Moment = read_moment(moment(text))
    except ValueError:
        return
    found.earliest[row] = int(read.earliest.timestamp())
    found.day[row], found.day_only[row] = (read.day - _FIRST_DAY).days, read.day_only
