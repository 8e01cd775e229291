"""Comparing the names of many pairs at once: each two names that may be near are compared once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from register.linkage.columns.identities import Identities
from register.linkage.columns.many import distinct_pairs
from register.linkage.compare import SWAPPABLE_FORENAMES, ways_of_naming
from register.linkage.levels import FORENAME_ORDER, SURNAME_ORDER, Level, NamePair
from register.linkage.likeness import compare_forenames, compare_surnames
from register.linkage.match import Model, forename_rarity, surname_rarity
from register.reports.coding import Flags, Ints


@dataclass(slots=True)
class Likenesses:
    """The distinct ways in which two names agree: a level, and how rare the name is."""

    order: tuple[Level, ...]
    rarity: Callable[[NamePair], float]
    listed: list[NamePair] = field(default_factory=list)
    _numbers: dict[tuple[Level, float], int] = field(default_factory=dict)

    def number(self, names: NamePair) -> int:
        """Give the number of a way; the first two names seen stand for it."""
        way = (names.level, self.rarity(names))
        found = self._numbers.setdefault(way, len(self.listed))
        if found == len(self.listed):
            self.listed.append(names)
        return found

    @property
    def ranks(self) -> Ints:
        """The place of each way's level in the order of levels, the best first."""
        return np.array([self.order.index(each.level) for each in self.listed], np.int16)


@dataclass(frozen=True, slots=True)
class _Named:
    """How the names of two identities agree; `owner` is the pair of subjects, in order."""

    owner: Ints
    forename: Ints
    surname: Ints
    swapped: Flags


class Naming:
    """Compares the names of pairs of identities."""

    def __init__(self, identities: Identities, model: Model) -> None:
        self.identities = identities
        self.forenames = Likenesses(FORENAME_ORDER, lambda names: forename_rarity(names, model))
        self.surnames = Likenesses(SURNAME_ORDER, lambda names: surname_rarity(names, model))
        self.forenames.number(NamePair(Level.DIFFERS))
        self.surnames.number(NamePair(Level.DIFFERS))

    def compare(self, owner: Ints, x: Ints, y: Ints, count: int) -> tuple[Ints, Ints, Ints]:
        """Give each pair's best likeness of forenames, of surnames, and whether it is a swap."""
        named = self._every_way(owner, x, y)
        forename_rank, surname_rank = (
            self.forenames.ranks[named.forename],
            self.surnames.ranks[named.surname],
        )
        unknown = (
            self.forenames.number(NamePair(Level.UNKNOWN)),
            self.surnames.number(NamePair(Level.UNKNOWN)),
        )
        family = _firsts(named.owner, surname_rank)
        child = _firsts(named.owner, (forename_rank * 16 + surname_rank) * 2 + named.swapped)
        found = tuple(np.full(count, each, np.int32) for each in (*unknown, 0))
        found[0][named.owner[child]] = named.forename[child]
        found[1][named.owner[family]] = named.surname[family]
        found[2][named.owner[child]] = named.swapped[child]
        return found[0], found[1], found[2]

    def _every_way(self, owner: Ints, x: Ints, y: Ints) -> _Named:
        """Compare names as they stand, and where that fails in every other way."""
        who = self.identities
        forename = self._likeness(
            self.forenames, compare_forenames, who.forename[x], who.forename[y]
        )
        surname = self._likeness(self.surnames, compare_surnames, who.surname[x], who.surname[y])
        fitting = np.array([each.level in SWAPPABLE_FORENAMES for each in self.forenames.listed])
        apart = np.flatnonzero(~fitting[forename])
        called = (who.known_as[x[apart]] > 0) | (who.known_as[y[apart]] > 0)
        crossed = who.book.may_be_near(who.forename[x[apart]], who.surname[y[apart]], by_ear=False)
        rows = np.flatnonzero(crossed)
        crossed[rows] = who.book.may_be_near(
            who.surname[x[apart[rows]]], who.forename[y[apart[rows]]], by_ear=False
        )
        further = [
            (row, *way)
            for row in apart[called | crossed].tolist()
            for way in self._further_ways(who, int(x[row]), int(y[row]))
        ]
        asis = np.zeros(len(x), np.int32)
        if not further:
            return _Named(owner, forename, surname, asis.astype(bool))
        of, more, last, swapped = (np.array(each, np.int32) for each in zip(*further, strict=True))
        owners = np.concatenate([owner, owner[of]])
        in_order = np.argsort(owners, kind="stable")
        return _Named(
            owners[in_order],
            np.concatenate([forename, more])[in_order],
            np.concatenate([surname, last])[in_order],
            np.concatenate([asis, swapped]).astype(bool)[in_order],
        )

    def _further_ways(self, who: Identities, x: int, y: int) -> list[tuple[int, int, bool]]:
        _, *ways = ways_of_naming(who.identity(x), who.identity(y))
        return [
            (self.forenames.number(forename), self.surnames.number(surname), swapped)
            for forename, surname, swapped in ways
        ]

    def _likeness(
        self,
        likenesses: Likenesses,
        compare: Callable[[tuple[str, ...], tuple[str, ...]], NamePair],
        ones: Ints,
        others: Ints,
    ) -> Ints:
        book = self.identities.book
        a, b, places = distinct_pairs(ones, others)
        unknown = likenesses.number(NamePair(Level.UNKNOWN))
        numbers = np.where((a > 0) & (b > 0), 0, unknown).astype(np.int32)
        for row in np.flatnonzero(book.are_near(a, b, by_ear=likenesses is self.surnames)).tolist():
            numbers[row] = likenesses.number(compare(book.names[a[row]], book.names[b[row]]))
        return numbers[places]


def _firsts(owner: Ints, ranks: Ints) -> Ints:
    """Give for each owner the first row that has its least rank; `owner` is in order."""
    if not len(owner):
        return owner
    new = np.r_[True, owner[1:] != owner[:-1]]
    if new.all():
        return np.arange(len(owner))
    begins = np.flatnonzero(new)
    best = np.minimum.reduceat(ranks, begins)
    fits = np.flatnonzero(ranks == np.repeat(best, np.diff(np.r_[begins, len(owner)])))
    whose = owner[fits]
    return fits[np.r_[True, whose[1:] != whose[:-1]]]
