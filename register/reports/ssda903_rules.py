"""The rules of the SSDA903 return that touch going missing, by their numbers.

They follow the DfE's validation rules for the return (`Missing` table). Rows that break 564, 565,
566, 1004 or 1006 cannot be read; all others are kept and marked, for the sender to look at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from register.reports.ssda903_care import CarePeriod, period_on
from register.reports.ssda903_tables import Line, read_day

NO_EPISODE, NO_HEADER, OTHER_DOB = "1012", "INT04", "INT13"
"""The last two are the sector's own checks, not the Department's."""
_EIGHTEEN = 18
_LEFT_MISSING_AT_18 = "E8"


@dataclass(frozen=True, slots=True)
class GoingMissing:
    """One row of `missing.csv` that can be read. `unread_end` is an end that is no day."""

    line: int
    child: str
    is_away: bool
    start: date
    end: date | None
    unread_end: str = ""
    date_of_birth: str = ""

    @property
    def is_open(self) -> bool:
        """Whether no end is given."""
        return self.end is None and not self.unread_end

    def says_the_same(self, other: Self) -> bool:
        """Whether two rows of a child are one, written twice."""
        return replace(self, line=0) == replace(other, line=0)


@dataclass(frozen=True, slots=True)
class Background:
    """What the rules hold one row against.

    `overlaps` says that one of the child's rows before it still goes on; `care` are its periods of
    care, none without `episodes.csv`; `strays` are the rules by which the child stands in
    `missing.csv` alone, or with another birthday; `year` the first and last day of the collection
    year, None without an extract; `left_open` the starts that last year's return left open, if
    this row is the child's first.
    """

    overlaps: bool = False
    care: Sequence[CarePeriod] = ()
    strays: frozenset[str] = frozenset()
    born: date | None = None
    year: tuple[date, date] | None = None
    left_open: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that marks: its number, the column it is about, its sentence, and its test."""

    number: str
    column: str
    why: str
    is_broken: Callable[[GoingMissing, Background], bool]


def find_reason_to_reject(line: Line) -> tuple[str, str] | None:
    """Give the column and the reason for which a row cannot be read, None if it can."""
    code, start = line.text("MISSING").upper(), line.text("MIS_START")
    if not line.text("CHILD"):
        return "CHILD", "is blank; a row must say whom it is about"
    if not code and start:
        return "MISSING", "rule 565: is blank though a start is given; write M or A"
    if not code and line.text("MIS_END"):
        return "MISSING", "rule 566: is blank though an end is given; write M or A"
    if code not in {"M", "A"}:
        return "MISSING", "rule 1006: is neither M (missing) nor A (away)"
    if not start:
        return "MIS_START", "rule 564: is blank; write the day as DD/MM/YYYY"
    try:
        read_day(start)
    except ValueError:
        return "MIS_START", "rule 1004: is not a day written DD/MM/YYYY"
    return None


def read_going_missing(line: Line) -> GoingMissing:
    """Read a row that has no reason to be rejected."""
    end_text = line.text("MIS_END")
    try:
        end = read_day(end_text)
        unread_end = ""
    except ValueError:
        end, unread_end = None, end_text
    start = read_day(line.text("MIS_START"))
    if start is None:
        raise ValueError("has no start")
    away = line.text("MISSING").upper() == "A"
    return GoingMissing(
        line=line.number,
        child=line.text("CHILD"),
        is_away=away,
        start=start,
        end=end,
        unread_end=unread_end,
        date_of_birth=line.text("DOB"),
    )


def find_broken(row: GoingMissing, background: Background) -> list[Rule]:
    """Give the rules that a row breaks, in the order of their numbers."""
    return [rule for rule in RULES if rule.is_broken(row, background)]


def in_order(rows: Iterable[GoingMissing]) -> list[GoingMissing]:
    """Sort a child's rows: by start, then by end, those that are open last."""
    return sorted(rows, key=lambda row: (row.start, row.end or date.max, row.is_away, row.line))


def find_overlaps(rows: Iterable[GoingMissing]) -> set[int]:
    """Give the lines of a child's rows that start before one before them has ended.

    The same row twice is one going missing; a new start on the day of an end is no overlap.
    """
    overlapping: set[int] = set()
    latest: date | None = None
    last: GoingMissing | None = None
    for row in in_order(rows):
        if last is not None and row.says_the_same(last):
            if last.line in overlapping:
                overlapping.add(row.line)
            continue
        if latest is not None and latest > row.start:
            overlapping.add(row.line)
        ends = date.max if row.is_open else row.end or row.start
        latest = max(latest or ends, ends)
        last = row
    return overlapping


def eighteenth_birthday(born: date) -> date:
    """Give the day on which somebody comes of age; born on 29 February, on 1 March."""
    try:
        return born.replace(year=born.year + _EIGHTEEN)
    except ValueError:
        return date(born.year + _EIGHTEEN, 3, 1)


def _ends_before_start(row: GoingMissing, _: Background) -> bool:
    return row.end is not None and row.end < row.start


def _starts_after_year(row: GoingMissing, background: Background) -> bool:
    return background.year is not None and row.start > background.year[1]


def _ends_outside_year(row: GoingMissing, background: Background) -> bool:
    if background.year is None or row.end is None:
        return False
    return not background.year[0] <= row.end <= background.year[1]


def _overlaps(_: GoingMissing, background: Background) -> bool:
    return background.overlaps


def _outlasts_placement(row: GoingMissing, background: Background) -> bool:
    period = period_on(background.care, row.start)
    episode = period.episode_on(row.start) if period else None
    if period is None or episode is None or not row.is_open:
        return False
    return (period.placement_ended(episode) or period.ended) is not None


def _does_not_go_on(row: GoingMissing, background: Background) -> bool:
    return bool(background.left_open) and row.start not in background.left_open


def _outlasts_care(row: GoingMissing, background: Background) -> bool:
    """Tell whether the end lies in no period of care; an open one's in one that goes on."""
    care = background.care
    if row.unread_end or not any(period.ended for period in care):
        return False
    if row.end is None:
        return not any(period.ended is None and period.began <= row.start for period in care)
    if row.end < care[0].began:
        return care[0].start_is_known
    return not any(period.holds(row.end) for period in care)


def _starts_after_care(row: GoingMissing, background: Background) -> bool:
    care = background.care
    return period_on(care, row.start) is None and any(
        each.ended is not None and each.ended < row.start for each in care
    )


def _comes_of_age_missing(row: GoingMissing, background: Background) -> bool:
    period = period_on(background.care, row.start)
    if period is None or period.ended is None or background.born is None:
        return False
    if period.ended != eighteenth_birthday(background.born):
        return False
    still_missing = row.is_open or (row.end is not None and row.end >= period.ended)
    return still_missing and period.episodes[-1].rec != _LEFT_MISSING_AT_18


def _starts_before_care(row: GoingMissing, background: Background) -> bool:
    care = background.care
    return bool(care) and care[0].start_is_known and row.start < care[0].began


def _starts_before_birth(row: GoingMissing, background: Background) -> bool:
    return background.born is not None and row.start <= background.born


def _end_is_no_day(row: GoingMissing, _: Background) -> bool:
    return bool(row.unread_end)


def _strays(number: str) -> Callable[[GoingMissing, Background], bool]:
    return lambda _, background: number in background.strays


RULES: tuple[Rule, ...] = (
    Rule("567", "MIS_END", "ends before it starts", _ends_before_start),
    Rule("570", "MIS_START", "starts after the collection year", _starts_after_year),
    Rule("571", "MIS_END", "ends outside the collection year", _ends_outside_year),
    Rule("574", "MIS_START", "starts while the one before goes on", _overlaps),
    Rule(
        "575",
        "MIS_END",
        "has no end though the placement that the child left has ended",
        _outlasts_placement,
    ),
    Rule(
        "576",
        "MIS_START",
        "is the child's first this year, and is not the one that last year's return left open",
        _does_not_go_on,
    ),
    Rule("577", "MIS_END", "goes on after the child ceased to be looked after", _outlasts_care),
    Rule(
        "578", "MIS_START", "starts after the child ceased to be looked after", _starts_after_care
    ),
    Rule(
        "580",
        "REC",
        "care ended at 18 while the child was missing, and its reason is not E8",
        _comes_of_age_missing,
    ),
    Rule("581", "MIS_START", "starts before the child was looked after", _starts_before_care),
    Rule("586", "MIS_START", "starts on or before the day of birth", _starts_before_birth),
    Rule("1005", "MIS_END", "is not a day written DD/MM/YYYY", _end_is_no_day),
    Rule(NO_EPISODE, "CHILD", "has no episode in episodes.csv", _strays(NO_EPISODE)),
    Rule(NO_HEADER, "CHILD", "has no row in header.csv", _strays(NO_HEADER)),
    Rule(OTHER_DOB, "DOB", "differs between missing.csv and header.csv", _strays(OTHER_DOB)),
)
