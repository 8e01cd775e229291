"""Dates of birth of many pairs: one pair is compared for each way in which two may be near."""

from datetime import date

import numpy as np

from register.linkage.compare import ESTIMATE, MIDDLE_OF_MONTH, compare_births
from register.linkage.guessed_births import is_first_of_year
from register.linkage.identity import Identity
from register.linkage.levels import BIRTH_ORDER
from register.reports.coding import Flags, Ints, first_rows, together

_LAST_YEAR = 9999


class Births:
    """Days, by their places; a birth is twice the place of its day, and 1 where it is doubtful."""

    def __init__(self, days: list[date | None]) -> None:
        self._days = days
        spelled = [(day.year, day.month, day.day) if day else (0, 0, 0) for day in days]
        self._parts: tuple[Ints, ...] = tuple(np.array(spelled, np.int16).T)
        self._number = np.array([day.toordinal() if day else 0 for day in days])
        self._first = np.array([is_first_of_year(day) for day in days])
        digits = ["".join(sorted(f"{number:02}")) for number in range(_LAST_YEAR + 1)]
        self._digits = np.unique(digits, return_inverse=True)[1]

    def levels(self, ones: Ints, others: Ints) -> Ints:
        """Give the place of each pair's level in their order."""
        one, other, doubtful = ones >> 1, others >> 1, (ones | others) % 2 > 0
        years, months, days = ((part[one], part[other]) for part in self._parts)
        ways = together(
            (one > 0) & (other > 0),
            doubtful,
            doubtful | self._first[one] | self._first[other],
            np.minimum(np.abs(years[0] - years[1]), ESTIMATE + 1),
            *(self._apart(*part) for part in (years, months, days)),
            (days[0] == months[1]) & (months[0] == days[1]),
            (days[0] == MIDDLE_OF_MONTH) | (days[1] == MIDDLE_OF_MONTH),
            np.abs(self._number[one] - self._number[other]) == 1,
        )
        levels = [
            BIRTH_ORDER.index(compare_births(self._birth(ones[row]), self._birth(others[row])))
            for row in first_rows(ways).tolist()
        ]
        return np.array(levels, np.int8)[ways]

    def _apart(self, ones: Ints, others: Ints) -> Ints:
        """Tell of one part of two dates: 0 the same, 1 a keystroke apart, 2 further."""
        apart = np.abs(ones - others)
        near: Flags = (apart == 1) | (apart == 10) | (self._digits[ones] == self._digits[others])  # noqa: PLR2004  # a keystroke in the tens
        return np.where(apart == 0, 0, np.where(near, 1, 2))

    def _birth(self, birth: int) -> Identity:
        """Give an identity of which only a birth is known."""
        return Identity((), (), (), self._days[birth // 2], birth % 2 > 0, "", "")
