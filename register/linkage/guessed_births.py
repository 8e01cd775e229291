"""Keys for children whose birthday nobody knows: what is as good as one in finding them. Pure.

On 1 January stand so many that a key of it and a name is soon crowded, where a child of another
day is found. So the name is sought within one force's area too; and whoever went missing there on
one day is compared, however their names were heard.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import TypeGuard

from register.reports.organisations import area_of

FIRST_OF_YEAR = (1, 1)
"""What immigration's clerks write for a birthday that nobody knows (domain 2.3)."""
MOST_DAYS = 20
"""Days of going missing from which on they find nobody any more."""
_DAY = timedelta(days=1)


def is_first_of_year(day: date | None) -> TypeGuard[date]:
    """Tell whether a birthday is the one that is written for a guess."""
    return day is not None and (day.month, day.day) == FIRST_OF_YEAR


def guessed_keys(
    organisation: str, said: Iterable[tuple[date, Iterable[str]]], missing_on: Collection[date]
) -> set[tuple[str, ...]]:
    """Give the keys of an organisation's child of whom such birthdays and how names sound are said.

    Days of going missing meet their neighbours: each stands for itself and for the day after.
    """
    keys: set[tuple[str, ...]] = set()
    for born, names in said:
        if area := area_of(organisation):
            year = str(born.year)
            keys |= {("guess", area, year, name) for name in names}
            keys |= {("gone", area, year, day) for day in _near(missing_on)}
    return keys


def _near(missing_on: Collection[date]) -> set[str]:
    if len(missing_on) > MOST_DAYS:
        return set()
    return {each.isoformat() for day in missing_on for each in (day, day + _DAY)}
