"""Clocks: how long somebody has, in elapsed hours or in working days of England.

Hours are elapsed, in UTC, so a change of the clocks neither gives nor takes one. A period of
working days ends at the same London time of day as it began. One that begins on a day that is no
working day has the whole of its working days: it ends at the midnight that closes the last.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from register.reports.values import midnight
from register.terms import LONDON

Holidays = frozenset[date]
"""Bank holidays of England; week-ends go without saying."""

_WRITTEN = re.compile(r"(\d+) (hour|working day)s?")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """A period to act in: elapsed hours, or working days."""

    hours: int = 0
    working_days: int = 0

    def __str__(self) -> str:
        """Write the period as a page and `config/rules.toml` do."""
        count, unit = (
            (self.working_days, "working day") if self.working_days else (self.hours, "hour")
        )
        return f"{count} {unit}{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a clock started, and when it runs out."""

    started_at: datetime
    due_at: datetime


def read_clock(text: str) -> Clock:
    """Read a period written as `4 hours` or `3 working days`; raise ValueError with a sentence."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"{text!r} is no period: write for example '4 hours' or '1 working day'")
    count = int(found[1])
    return Clock(hours=count) if found[2] == "hour" else Clock(working_days=count)


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Tell whether offices in England work on this day."""
    return day.weekday() < _SATURDAY and day not in holidays


def ends(clock: Clock, start: datetime, holidays: Holidays) -> datetime:
    """Give when a clock that starts at `start` (aware) runs out, in UTC."""
    if not clock.working_days:
        return start.astimezone(UTC) + timedelta(hours=clock.hours)
    local = start.astimezone(LONDON)
    last = local.date()
    for _ in range(clock.working_days):
        last = _next_working_day(last, holidays)
    if is_working_day(local.date(), holidays):
        return datetime.combine(last, local.time(), LONDON).astimezone(UTC)
    return midnight(last + timedelta(days=1))


def deadline(
    clock: Clock, told_at: datetime, asked_from: datetime | None, holidays: Holidays
) -> Deadline:
    """Give the response clock of a mismatch (domain 7.1, 5).

    It runs from when its owner was told. Where the event itself (`asked_from`) is so recent that
    its period has not run out by then, it runs from the event; a backload is never born overdue.
    """
    if asked_from is not None:
        due_at = ends(clock, asked_from, holidays)
        if due_at > told_at:
            return Deadline(asked_from, due_at)
    return Deadline(told_at, ends(clock, told_at, holidays))


def _next_working_day(day: date, holidays: Holidays) -> date:
    day += timedelta(days=1)
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day
