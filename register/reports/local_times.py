"""Dates and times as a source writes them on its own wall: `DD/MM/YYYY HH:MM`, London time.

Twice a year the wall lies. The hour that comes twice is told apart by a trailing A (summer time)
or B; a time in the hour that is left out is kept as its day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

_TOKENS = (
    ("HH:MM:SS", r"(?P<hour>\\d{1,2}):(?P<minute>\\d{2}):(?P<second>\\d{2})"),
    ("HH:MM", r"(?P<hour>\\d{1,2}):(?P<minute>\\d{2})"),
    ("YYYY", r"(?P<year>\\d{4})"),
    ("MMM", r"(?P<name>[A-Za-z]{3})"),
    ("MM", r"(?P<month>\\d{1,2})"),
    ("DD", r"(?P<day>\\d{1,2})"),
)
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_LETTER = re.compile(r"(?P<time>.*\d)\s*(?P<letter>[ABab])")


@dataclass(frozen=True, slots=True)
class Local:
    """A time read from a wall: in ISO 8601 with its offset, or a bare day, and what is to say."""

    iso: str
    mark: str = ""


def read_local(text: str, formats: Sequence[str], zone: str) -> Local:
    """Read a local time or day in the first of the formats that fits.

    Raises ValueError with a sentence when none does, or when there is no such day.
    """
    lettered = _LETTER.fullmatch(text)
    letter = lettered["letter"].upper() if lettered else ""
    bare = lettered["time"] if lettered else text
    for each in formats:
        found = _pattern(each).fullmatch(bare)
        if found:
            parts = _numbers(found.groupdict())
            try:
                return _placed(parts, letter, zone)
            except (ValueError, OverflowError) as error:
                raise ValueError("is no day or time that there is") from error
    raise ValueError(f"is not written as {' or '.join(formats)}")


def read_local_day(text: str, formats: Sequence[str]) -> Local:
    """Read a day; a time behind it is passed over only where it is midnight, as programs add it."""
    local = read_local(text, formats, "UTC")
    day, _, clock = local.iso.partition("T")
    if clock.strip("0:+"):
        raise ValueError("is a time where only a day is known")
    return Local(day)


def _numbers(parts: dict[str, str]) -> dict[str, int]:
    """Give the parts of a time as numbers; a month may be named, as in `02-Mar-2026`."""
    name = parts.pop("name", "").casefold()
    numbers = {part: int(digits) for part, digits in parts.items()}
    return numbers | ({"month": _MONTHS.get(name, 0)} if name else {})


@cache
def _pattern(written: str) -> re.Pattern[str]:
    pattern = re.escape(written)
    for token, group in _TOKENS:
        pattern = re.sub(token, group, pattern, count=1)
    return re.compile(pattern)


def _placed(parts: dict[str, int], letter: str, zone: str) -> Local:
    day = date(parts["year"], parts["month"], parts["day"])
    if "hour" not in parts:
        if letter:
            raise ValueError("is a day, of which there are no two")
        return Local(day.isoformat())
    place = ZoneInfo(zone)
    clock = time(parts["hour"], parts["minute"], parts.get("second", 0))
    first, second = (datetime.combine(day, clock, place).replace(fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(place).time() != clock:
        why = "names an hour that the change of clocks left out; its day alone is kept"
        return Local(day.isoformat(), why)
    if first.utcoffset() == second.utcoffset():
        return Local(first.isoformat())
    if letter:
        return Local((second if letter == "B" else first).isoformat())
    why = "lies in the hour that came twice; taken as the first, as no A or B stands behind it"
    return Local(first.isoformat(), why)
