"""In which order a column of a file writes its dates: what its rows show, and never a guess."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DATE = re.compile(r"(\d{1,4})([-/. ])(\d{1,2}|[A-Za-z]{3,9})\2(\d{1,4})(?:[T ]+\d.*)?")
_MONTHS, _DAYS = 12, 31
_YEAR_DIGITS = 4


@dataclass(slots=True)
class Orders:
    """How many cells of a column can be read in which order of day, month and year.

    `open` ones can be read both ways, day first or month first.
    """

    cells: int = 0
    day_first: int = 0
    month_first: int = 0
    year_first: int = 0
    named: int = 0
    open: int = 0
    short_year: int = 0
    example: str = ""

    def take(self, text: str) -> None:
        """Take one cell that is filled in."""
        self.cells += 1
        found = _DATE.fullmatch(text)
        if found is None:
            return
        self.example = self.example or text
        first, _, middle, last = found.groups()
        if not middle.isdigit():
            self.named += 1
        elif len(first) == _YEAR_DIGITS:
            self.year_first += 1
        else:
            self._take_numbers(int(first), int(middle))
        self.short_year += len(first) < _YEAR_DIGITS and len(last) < _YEAR_DIGITS

    def _take_numbers(self, first: int, middle: int) -> None:
        if first == middle and first <= _MONTHS:
            # The same day either way: it speaks for neither.
            self.open += 1
        elif _MONTHS < first <= _DAYS and middle <= _MONTHS:
            self.day_first += 1
        elif _MONTHS < middle <= _DAYS and first <= _MONTHS:
            self.month_first += 1
        elif first <= _MONTHS and middle <= _MONTHS:
            self.open += 1

    @property
    def dates(self) -> int:
        """How many cells are shaped like a date."""
        return self.day_first + self.month_first + self.year_first + self.named + self.open

    @property
    def are_dates(self) -> bool:
        """Whether the column holds dates, a few slips apart."""
        return self.dates * 10 >= self.cells * 9 > 0

    def told(self) -> str:
        """Say what the rows show by themselves."""
        if self.day_first and self.month_first:
            return (
                f"two orders in one column: {_rows(self.day_first)} can only be day first, "
                f"{_rows(self.month_first)} only month first"
            )
        if self.short_year:
            return f"{_rows(self.short_year)} with a year of two digits, which no layout reads"
        if self.day_first:
            return f"day first: {_rows(self.day_first)} can be read in no other way"
        if self.month_first:
            return f"month first: {_rows(self.month_first)} can be read in no other way"
        if self.open:
            return (
                "OPEN: no day is over 12, so the file does not tell day from month; nothing is "
                "guessed, ask who sends it"
            )
        if self.named:
            return "the month is named, so there is nothing to guess"
        return "year first" if self.year_first else "no date in it"

    def contradicts(self, formats: Sequence[str]) -> bool:
        """Tell whether a row cannot be read in the order that a layout states; blank is ISO."""
        stated = formats or ("YYYY-MM-DD",)
        ours = any(each.startswith("DD") for each in stated)
        theirs = any(each.startswith(("MM/", "MM-")) for each in stated)
        against = self.month_first * (not theirs) + self.day_first * (not ours)
        return bool(against or self.short_year)

    def held_against(self, formats: Sequence[str]) -> str:
        """Say how the rows bear out the order that a layout states."""
        if self.contradicts(formats):
            return f"CONTRADICTED: {self.told()}"
        if self.open and not (self.day_first or self.month_first):
            return "the layout's word alone: no day is over 12, so the file does not bear it out"
        sure = self.day_first or self.month_first
        return f"{_rows(sure)} can be read in no other way" if sure else "nothing to guess"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
