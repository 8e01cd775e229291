"""How old somebody is, and from when no child, by every date of birth that is given. Pure."""

from datetime import date, datetime

from register.records.reconcile import Record
from register.reports.values import age_on, midnight
from register.terms import LONDON, Precision

ADULT = 18


def births_of(record: Record) -> list[date]:
    """Give the dates of birth that the child may have: several where the sources disagree."""
    found = record.values.get("date_of_birth")
    if found is None:
        return []
    values = [found.value] if found.value is not None else [each.value for each in found.origins]
    return sorted({date.fromisoformat(str(value)) for value in values})


def ages_of(record: Record, at: datetime) -> tuple[int, ...]:
    """Give the ages that the child may have at that time: several where the sources disagree."""
    day = at.astimezone(LONDON).date()
    return tuple(sorted({age_on(birth, day) for birth in births_of(record)}))


def is_adult(ages: tuple[int, ...]) -> bool:
    """Tell whether the person is 18 or over by every date of birth that is given."""
    return bool(ages) and min(ages) >= ADULT


def adult_from(birth: date) -> datetime:
    """Give the midnight at which somebody born that day turns 18; on 29 February: 1 March."""
    try:
        return midnight(birth.replace(year=birth.year + ADULT))
    except ValueError:
        return midnight(date(birth.year + ADULT, 3, 1))


def adult_at(record: Record) -> datetime | None:
    """Give when the person is 18 by every date of birth that is given; None where none is.

    None also where a source disputes the age: a child until that is decided (domain 7, D7).
    """
    if record.text("date_of_birth_precision") == Precision.DISPUTED:
        return None
    return max(map(adult_from, births_of(record)), default=None)


def was_adult(record: Record, start: datetime) -> bool:
    """Tell whether somebody was 18 when a going missing began: not counted as a child (7.1, 12)."""
    at = adult_at(record)
    return at is not None and at <= start
