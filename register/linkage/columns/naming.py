"""Comparing the names of many pairs at once: each two names that may be near are compared once."""

from dataclasses import dataclass

import numpy as np

from register.linkage.columns.identities import Identities
from register.linkage.columns.likenesses import Forenames, Surnames
from register.linkage.columns.many import spread
from register.linkage.compare import SWAPPABLE_FORENAMES, SWAPPABLE_SURNAMES
from register.linkage.levels import Level, NamePair
from register.linkage.match import Model
from register.reports.coding import Flags, Ints, side_by_side


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
        self.forenames = Forenames(identities.book, model)
        self.surnames = Surnames(identities.book, model)

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
        forename, surname = side_by_side(
            lambda names: names[0].of(names[1][x], names[1][y]),
            ((self.forenames, who.forename), (self.surnames, who.surname)),
        )
        apart = np.flatnonzero(~self.forenames.have(SWAPPABLE_FORENAMES)[forename])
        called, known = self._called(apart, x, y)
        crossed, first, last = self._crossed(apart, x, y)
        rows = np.concatenate([np.arange(len(x)), called, crossed])
        in_order = np.argsort(rows, kind="stable") if len(rows) > len(x) else rows
        return _Named(
            owner[rows[in_order]],
            np.concatenate([forename, known, first])[in_order],
            np.concatenate([surname, surname[called], last])[in_order],
            in_order >= len(x) + len(called),
        )

    def _called(self, rows: Ints, x: Ints, y: Ints) -> tuple[Ints, Ints]:
        """Compare each's forename with the names that the other is known by."""
        who = self.identities
        theirs, known = spread(who.known_as_names, who.known_as[y[rows]])
        mine, own = spread(who.known_as_names, who.known_as[x[rows]])
        agree = self.forenames.of(
            np.concatenate([who.forename[x[rows[theirs]]], own]),
            np.concatenate([known, who.forename[y[rows[mine]]]]),
        )
        fits = self.forenames.have({Level.EXACT, Level.FIRST})[agree]
        return rows[np.concatenate([theirs, mine])[fits]], self.forenames.as_family()[agree[fits]]

    def _crossed(self, rows: Ints, x: Ints, y: Ints) -> tuple[Ints, Ints, Ints]:
        """Compare names in each other's place; the pair that agrees less must do for a forename."""
        who, forenames, surnames = self.identities, self.forenames, self.surnames
        one = forenames.of(who.forename[x[rows]], who.surname[y[rows]])
        fits = forenames.have(SWAPPABLE_FORENAMES)[one]
        rows, one = rows[fits], one[fits]
        x, y = x[rows], y[rows]
        other = forenames.of(who.surname[x], who.forename[y])
        worse = forenames.ranks[other] > forenames.ranks[one]
        first = np.where(worse, other, one)
        last = np.where(
            worse,
            surnames.of(who.forename[x], who.surname[y]),
            surnames.of(who.surname[x], who.forename[y]),
        )
        fits = forenames.have(SWAPPABLE_FORENAMES)[first] & surnames.have(SWAPPABLE_SURNAMES)[last]
        return rows[fits], first[fits], last[fits]


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
