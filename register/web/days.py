"""Days as people give them: three boxes each, a fourth for a time; and a period of two days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from register.errors import Invalid
from register.reports.boxes import DAY_PARTS, day_of, read_when


def read_day(said: Mapping[str, str], name: str) -> date | None:
    """Read the day typed into three boxes; None where all are blank, ValueError for no day."""
    texts = {part: said.get(f"{name}-{part}", "").strip() for part in DAY_PARTS}
    return day_of(texts) if any(texts.values()) else None


def day_boxes(*names: str) -> list[str]:
    """Give the names of the boxes of these days."""
    return [f"{name}-{part}" for name in names for part in DAY_PARTS]


def read_period(said: Mapping[str, str], ends: Mapping[str, str]) -> tuple[date, ...]:
    """Read the days of these ends, each by what a sentence calls it; raise Invalid."""
    problems: dict[str, str] = {}
    days: list[date] = []
    for end, words in ends.items():
        try:
            day = read_day(said, end)
        except ValueError:
            day = None
        if day is None:
            problems[end] = f"The {words} must be a real date, like 27 3 2026"
        else:
            days.append(day)
    if problems:
        raise Invalid(problems)
    return tuple(days)


def read_time(said: Mapping[str, str], name: str, now: datetime) -> datetime | None:
    """Read the past time typed into boxes; None where all are blank. Raise Invalid, by its box."""
    answer = read_when(name, said, needs_time=True)
    if answer.problem:
        raise Invalid({answer.box: f"The date and time {answer.problem}"})
    if not answer.value:
        return None
    at = datetime.fromisoformat(str(answer.value)).astimezone(UTC)
    if at > now:
        why = "That time is still to come: nobody knows yet what will be known then"
        raise Invalid({f"{name}-day": why})
    return at


def boxes(name: str, day: date) -> dict[str, str]:
    """Give a day as the three boxes hold it."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in DAY_PARTS}
