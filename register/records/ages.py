"""How old a child is on a day, by every date of birth that the sources give. Pure."""

from datetime import date, datetime

from register.records.reconcile import Record
from register.reports.values import LONDON

ADULT = 18


def age_on(birth: date, day: date) -> int:
    """Give whole years; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def ages_of(record: Record, at: datetime) -> tuple[int, ...]:
    """Give the ages that the child may have at that time: several where the sources disagree."""
    found = record.values.get("date_of_birth")
    if found is None:
        return ()
    day = at.astimezone(LONDON).date()
    values = [found.value] if found.value is not None else [each.value for each in found.origins]
    return tuple(sorted({age_on(date.fromisoformat(str(value)), day) for value in values}))


def is_adult(ages: tuple[int, ...]) -> bool:
    """Tell whether the person is 18 or over by every date of birth that is given."""
    return bool(ages) and min(ages) >= ADULT
