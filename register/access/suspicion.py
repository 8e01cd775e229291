"""Which accesses a privacy officer should ask about: what nothing explains, the oddest first. Pure.

What the data explains (a child given to somebody, a report of one's own, a mismatch or a review
that waits) is not asked about, but for looks at one's own family. Of the rest each sign adds to a
score, and as many are shown as a person can look into: a typed reason detects nobody (safety 0, 5).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from register.terms import LONDON

SHARE = 0.02
"""Of all accesses, at most so many are sent to review."""
LEAST = 3
"""A lower score is not worth asking about."""
_NIGHT = (range(6), range(22, 24))
MANY_LOOKERS = 4
"""People of one organisation or more who look at one child on one day, with nothing to explain."""
MANY_CHILDREN = 12
"""Children without explanation that one person looks at on one day."""
MANY_IN_A_WEEK = 18
SEARCHES = 8
"""Searches that found nobody, by one person on one day."""
AGAIN = 4
"""Days on which one person looks at one child, with nothing to explain it."""
LONG_QUIET = 365
"""Days without news of a child after which hardly anybody's work leads to it."""
AWAY = 60
"""Days without any access after which somebody's account should be quiet."""


@dataclass(frozen=True, slots=True)
class Access:
    """One look at a child, or a search that found none (`child` 0).

    `explained` says what explains it, blank for nothing. `namesake`: reader and child share a
    surname. `reaches`: the reader's organisation has to do with the child. `quiet` are the days
    since anything was reported of the child, `how` is `page`, `check` or `glass`.
    """

    number: int
    who: str
    organisation: str
    child: int
    at: datetime
    how: str
    explained: str = ""
    namesake: bool = False
    reaches: bool = True
    quiet: int = 0

    @property
    def day(self) -> date:
        """England's."""
        return self.at.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """An access to ask about, and the signs that speak for asking."""

    access: Access
    score: int
    signs: tuple[str, ...]


SIGNS: Mapping[str, tuple[str, int]] = {
    "namesake": ("The child has the reader's surname", 6),
    "night": ("By night, when this person does not work", 3),
    "crowd": ("Many people looked at this child that day", 4),
    "again": ("The same person looked on several days", 4),
    "sweep": ("Many children were opened that day", 5),
    "slow_sweep": ("Many children were opened in a week", 4),
    "fishing": ("Many searches that day found nobody", 5),
    "quiet": ("Nothing was reported of the child for a year", 3),
    "afar": ("The reader's organisation has nothing to do with the child", 2),
    "glass": ("Opened by breaking the glass", 3),
    "returned": ("The account had not been used for months", 4),
}
"""Each sign, in words, and what it adds."""


def suspicions(accesses: Sequence[Access], share: float = SHARE) -> list[Suspicion]:
    """Give the accesses to ask about, the oddest first: never more than a share of them all."""
    signs = _Signs(accesses)
    found = [
        Suspicion(each, sum(SIGNS[name][1] for name in names), tuple(names))
        for each in accesses
        if (names := list(signs.of(each)))
    ]
    worth = sorted(
        (each for each in found if each.score >= LEAST),
        key=lambda each: (-each.score, each.access.at, each.access.number),
    )
    return worth[: max(1, int(len(accesses) * share))]


class _Signs:
    """What is counted over all accesses once, and asked of each."""

    def __init__(self, accesses: Sequence[Access]) -> None:
        bare = [each for each in accesses if not each.explained]
        opened = [each for each in bare if each.child]
        self.lookers = _several((each.child, each.day, each.who) for each in opened)
        self.children = _several((each.who, each.day, each.child) for each in opened)
        self.weeks = _several((each.who, each.day.isocalendar()[:2], each.child) for each in opened)
        self.days = _several((each.who, each.child, each.day) for each in opened)
        self.searches = Counter((each.who, each.day) for each in bare if not each.child)
        self.nights = _share_by_night(accesses)
        self.returned = dict(_returned(accesses))

    def of(self, access: Access) -> Iterator[str]:
        if access.namesake:
            yield "namesake"
        if access.explained:
            return
        if not access.child:
            if self.searches[access.who, access.day] >= SEARCHES:
                yield "fishing"
            return
        yield from self._of_time(access)
        yield from self._of_child(access)
        if len(self.children[access.who, access.day]) >= MANY_CHILDREN:
            yield "sweep"
        elif len(self.weeks[access.who, access.day.isocalendar()[:2]]) >= MANY_IN_A_WEEK:
            yield "slow_sweep"

    def _of_time(self, access: Access) -> Iterator[str]:
        if _is_night(access.at) and self.nights[access.who] < 1 / 10:
            yield "night"
        if access.day in self.returned.get(access.who, ()):
            yield "returned"

    def _of_child(self, access: Access) -> Iterator[str]:
        if len(self.lookers[access.child, access.day]) >= MANY_LOOKERS:
            yield "crowd"
        if len(self.days[access.who, access.child]) >= AGAIN:
            yield "again"
        if access.quiet >= LONG_QUIET:
            yield "quiet"
        if access.how == "glass":
            yield "glass"
        if not access.reaches:
            yield "afar"


def _several(
    rows: Iterable[tuple[object, object, object]],
) -> Mapping[tuple[object, object], set[object]]:
    found: dict[tuple[object, object], set[object]] = defaultdict(set)
    for one, other, counted in rows:
        found[one, other].add(counted)
    return found


def _is_night(at: datetime) -> bool:
    hour = at.astimezone(LONDON).hour
    return any(hour in hours for hours in _NIGHT)


def _share_by_night(accesses: Iterable[Access]) -> dict[str, float]:
    every: Counter[str] = Counter()
    by_night: Counter[str] = Counter()
    for each in accesses:
        every[each.who] += 1
        by_night[each.who] += _is_night(each.at)
    return {who: by_night[who] / count for who, count in every.items()}


def _returned(accesses: Iterable[Access]) -> Iterator[tuple[str, set[date]]]:
    """Give the days on which somebody was back after having been away for long."""
    days: dict[str, set[date]] = defaultdict(set)
    for each in accesses:
        days[each.who].add(each.day)
    for who, seen in days.items():
        ordered = sorted(seen)
        back = {
            after for before, after in pairwise(ordered) if after - before >= timedelta(days=AWAY)
        }
        if back:
            yield who, back
