"""The month that is simulated: its days, its nights, and the hour that comes twice."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from register.simulation.chances import Weighted
from register.terms import LONDON

FIRST_DAY = date(2026, 10, 5)
LAST_DAY = date(2026, 11, 4)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
# Summer time ends: between 01:00 and 02:00 the clocks show every minute twice.
REPEATED_HOUR = (
    datetime(2026, 10, 25, 0, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 0, tzinfo=UTC),
)

HOURS: Weighted[int] = Weighted(
    dict(enumerate((3, 2, 1, 1, 1, 1, 1, 2, 4, 3, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 11, 9, 6)))
)  # fmt: skip


def start_of(day: date) -> datetime:
    """Return the local midnight with which this day begins, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the local midnight with which this day ends, in UTC."""
    return start_of(day + timedelta(days=1))


def local_day(moment: datetime) -> date:
    """Return the day that a calendar in London shows."""
    return moment.astimezone(LONDON).date()


def some_time(rng: Random, day: date) -> datetime:
    """Draw a time of this local day, in UTC to the minute; most are of an evening."""
    moment = time(HOURS.draw(rng), rng.randrange(60), fold=rng.randrange(2))
    return datetime.combine(day, moment, LONDON).astimezone(UTC)


def in_repeated_hour(moment: datetime) -> bool:
    """Tell whether the wall clock alone cannot say when this was."""
    return REPEATED_HOUR[0] <= moment < REPEATED_HOUR[1]


def minutes(rng: Random, least: float, most: float) -> timedelta:
    """Draw a span between two numbers of hours, to the minute."""
    return timedelta(minutes=round(rng.uniform(least * 60, most * 60)))
