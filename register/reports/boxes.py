"""A report as a person types it: days in three boxes, times as a clock in England shows them.

From what stands in the boxes of a page to a value for the one validator, and back to fill them in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from register.reports import values
from register.reports.fields import Field, OneOf, Parser
from register.reports.local_times import read_local
from register.reports.statement import Value
from register.reports.values import YEARS, read_moment
from register.terms import LONDON

Typed = Mapping[str, str]
"""What stands in each box, by the box's name; the choices of a list are joined by `;`."""
DAY_PARTS = ("day", "month", "year")
WHEN_PARTS = (*DAY_PARTS, "time", "hour")
"""Of a day and time; the last tells which hour is meant of the two when the clocks go back."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?\s*(?:m\.?)?", re.IGNORECASE)
_NOON = 12


class Box(StrEnum):
    """How a field is asked for."""

    WORDS = "words"
    DAY = "day"
    MOMENT = "moment"
    ONE = "one"
    SEVERAL = "several"
    AUTHORITY = "authority"
    FORCE = "force"


_BOXES: dict[Parser, Box] = {
    values.day: Box.DAY,
    values.moment: Box.MOMENT,
    values.authority: Box.AUTHORITY,
    values.force: Box.FORCE,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read of one field: its value, blank for none; else what is wrong, and where."""

    value: Value = ""
    problem: str = ""
    box: str = ""
    """The name of the box that a link of the error summary leads to."""


def box_of(field: Field) -> Box:
    """Tell how a field is asked for."""
    if isinstance(field.parse, OneOf):
        return Box.SEVERAL if field.many else Box.ONE
    return _BOXES.get(field.parse, Box.WORDS)


def box_names(field: Field) -> tuple[str, ...]:
    """Give the names of a field's boxes, the first one first."""
    parts = {Box.DAY: DAY_PARTS, Box.MOMENT: WHEN_PARTS}.get(box_of(field))
    return tuple(f"{field.name}-{part}" for part in parts) if parts else (field.name,)


def when_boxes(name: str) -> tuple[str, ...]:
    """Give the names of the boxes of a day and time, the first one first."""
    return tuple(f"{name}-{part}" for part in WHEN_PARTS)


def fill(field: Field, value: Value) -> dict[str, str]:
    """Give what stands in a field's boxes for a value; what fits into none leaves them blank."""
    names = box_names(field)
    blank = dict.fromkeys(names, "")
    if not value:
        return blank
    if len(names) == 1:
        return {field.name: value if isinstance(value, str) else ";".join(value)}
    return blank | fill_when(field.name, str(value))


def fill_when(name: str, iso: str) -> dict[str, str]:
    """Give what stands in the boxes of a day, or of a day and time; nothing for what fits none."""
    try:
        return {f"{name}-{part}": text for part, text in _parts(iso).items()}
    except (ValueError, OverflowError):
        return {}


def read(field: Field, typed: Typed) -> Answer:
    """Read a field from its boxes."""
    said = {name: typed.get(name, "").strip() for name in box_names(field)}
    if not any(said.values()):
        return Answer()
    if len(said) > 1:
        return read_when(field.name, said)
    text = said[field.name]
    if field.many:
        return Answer([part.strip() for part in text.split(";") if part.strip()])
    return Answer(text)


def read_when(name: str, typed: Typed, *, needs_time: bool = False) -> Answer:
    """Read a day, or a day and time, from the boxes of this name; an empty answer for blanks."""
    said = _said(name, typed)
    if not any(said.values()):
        return Answer()
    blank = [part for part in DAY_PARTS if not said[part]]
    if blank:
        blanks = " and ".join(f"a {part}" for part in blank)
        return Answer(problem=f"must include {blanks}", box=f"{name}-{blank[0]}")
    try:
        day = _day(said)
    except ValueError as error:
        return Answer(problem=str(error), box=f"{name}-day")
    return _at(name, day, said, needs_time=needs_time)


def came_twice(name: str, typed: Typed) -> bool:
    """Tell whether a time lies in the hour that comes twice when the clocks go back."""
    said = _said(name, typed)
    try:
        day, clock = _day(said), _clock(said["time"])
    except ValueError:
        return False
    if not clock:
        return False
    local = read_local(f"{day:%d/%m/%Y} {clock}", ("DD/MM/YYYY HH:MM",), LONDON.key)
    return bool(local.mark) and "T" in local.iso


def _said(name: str, typed: Typed) -> dict[str, str]:
    return {part: typed.get(f"{name}-{part}", "").strip() for part in WHEN_PARTS}


def _parts(iso: str) -> dict[str, str]:
    moment = read_moment(iso)
    day = moment.day
    parts = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    if moment.day_only:
        return parts
    at = moment.earliest.astimezone(LONDON)
    parts["time"] = f"{at:%H:%M}"
    if at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset():
        # The first of the two is summer time.
        parts["hour"] = "B" if at.fold else "A"
    return parts


def _at(name: str, day: date, said: Mapping[str, str], *, needs_time: bool) -> Answer:
    try:
        clock = _clock(said["time"])
    except ValueError as error:
        return Answer(problem=f"{error}{'' if needs_time else ', or none'}", box=f"{name}-time")
    if clock:
        return _placed(name, day, clock, said["hour"])
    if needs_time:
        return Answer(problem="must include a time, like 22:40 or 10:40pm", box=f"{name}-time")
    return Answer(day.isoformat())


def _placed(name: str, day: date, clock: str, letter: str) -> Answer:
    letter = letter if letter in {"A", "B"} else ""
    local = read_local(f"{day:%d/%m/%Y} {clock}{letter}", ("DD/MM/YYYY HH:MM",), LONDON.key)
    if not local.mark:
        return Answer(local.iso)
    if "T" in local.iso:
        why = "came twice that night, when the clocks went back: say whether it was BST or GMT"
        return Answer(problem=why, box=f"{name}-hour")
    why = "was left out that night, when the clocks went forward: check the time"
    return Answer(problem=why, box=f"{name}-time")


def day_of(said: Mapping[str, str]) -> date:
    """Read a day by its three parts; raise ValueError with what is wrong."""
    try:
        return date(*(int(said[part]) for part in reversed(DAY_PARTS)))
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a real date, like 27 3 2026") from error


def _day(said: Mapping[str, str]) -> date:
    day = day_of(said)
    if day.year not in YEARS:
        raise ValueError("must have a year of four digits, like 2026")
    return day


def _clock(text: str) -> str:
    """Read a time of day as people write it: 22:40, 2240, 10.40pm, 10pm."""
    if not text:
        return ""
    found = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    half = (found[3] or "").lower() if found else ""
    if half and 1 <= hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    elif half or (found and not found[2]):
        hour = 24
    try:
        return f"{time(hour, minute):%H:%M}"
    except ValueError as error:
        raise ValueError("must have a time like 22:40 or 10:40pm") from error
