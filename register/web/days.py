"""Days as people give them: three boxes each, and a period of two days."""

from collections.abc import Mapping
from datetime import date

PARTS = ("year", "month", "day")


def read_day(said: Mapping[str, str], name: str) -> date | None:
    """Read the day typed into three boxes; None where all are blank, ValueError for no day."""
    texts = [said.get(f"{name}-{part}", "").strip() for part in PARTS]
    if not any(texts):
        return None
    try:
        return date(*(int(text) for text in texts))
    except OverflowError as error:
        raise ValueError(str(error)) from error


def boxes(name: str, day: date) -> dict[str, str]:
    """Give a day as the three boxes hold it."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in PARTS}


def year_before(day: date) -> date:
    """Give the first day of the twelve months that end with a day."""
    following = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=following)
