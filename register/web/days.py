"""Days as people give them: three boxes each, and a period of two days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from register.errors import Invalid
from register.reports.boxes import DAY_PARTS, day_of
from register.terms import LONDON


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


def read_time(text: str) -> datetime | None:
    """Read a time of a form, London's where it bears no offset; None for blank, ValueError."""
    text = text.strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def boxes(name: str, day: date) -> dict[str, str]:
    """Give a day as the three boxes hold it."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in DAY_PARTS}
