"""How like two names are, many at once: each distinct way is put to the comparison of two once.

What a comparison asks of two names is told for whole columns; of all pairs of which it asks
nothing else, one is compared by `likeness.py`, and stands for the others.
"""

from abc import ABC, abstractmethod
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from register.linkage.columns.many import Many, any_of, distinct_pairs, products
from register.linkage.columns.names import NameBook
from register.linkage.identity import Names
from register.linkage.levels import FORENAME_ORDER, SURNAME_ORDER, Level, NamePair
from register.linkage.likeness import SHORT_NAME, compare_forenames, compare_surnames, own_names
from register.linkage.match import (
    Model,
    forename_rarity,
    rare_forename,
    rare_surname,
    surname_rarity,
)
from register.reports.coding import Codes, Flags, Ints, first_rows, numbered, together


class Likenesses(ABC):
    """The distinct ways in which two names agree, numbered: a level, and how rare the name is."""

    order: tuple[Level, ...]

    def __init__(self, book: NameBook, model: Model) -> None:
        self.book, self.model = book, model
        self.listed: list[NamePair] = []
        self._numbers: dict[tuple[Level, float], int] = {}
        rarities = [self.rare(word, model) for word in book.words.listed]
        self._rare = np.unique(rarities, return_inverse=True)[1]

    @staticmethod
    @abstractmethod
    def rare(name: str, model: Model) -> float:
        """Give how rare a word is as such a name."""

    @abstractmethod
    def rarity(self, names: NamePair) -> float:
        """Give how rare the commoner of two names is."""

    @abstractmethod
    def compare(self, a: Names, b: Names) -> NamePair:
        """Compare two names."""

    @property
    @abstractmethod
    def heads(self) -> Ints:
        """Give of each name the word by which it is compared, and by which it is rare."""

    @abstractmethod
    def marks(self, a: Ints, b: Ints) -> tuple[list[Codes], Flags]:
        """Give what else the comparison asks; and which pairs it must see themselves."""

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

    def have(self, levels: AbstractSet[Level]) -> Flags:
        """Tell which ways are of these levels."""
        return np.array([each.level in levels for each in self.listed], bool)

    def as_family(self) -> Ints:
        """Give for each way the number of one as rare, by another form of the name."""
        family = [replace(each, level=Level.FAMILY) for each in self.listed]
        return np.array([self.number(each) for each in family], np.int32)

    def of(self, ones: Ints, others: Ints) -> Ints:
        """Give the number of the way in which each two names agree."""
        a, b, places = _distinct_names(ones, others)
        one, other = self.heads[a], self.heads[b]
        marks, alone = self.marks(a, b)
        rare = np.minimum(self._rare[one], self._rare[other])
        ways = together(self.book.words.facts(one, other), rare, *marks) + 1
        ways[(a == 0) | (b == 0)] = 0
        odd = np.flatnonzero(alone & (ways > 0))
        ways[odd] = np.arange(len(odd)) + int(ways.max(initial=0)) + 1
        ways, names = together(ways), self.book.names
        numbers = [
            self.number(self.compare(names[a[row]], names[b[row]]))
            for row in first_rows(ways).tolist()
        ]
        return np.array(numbers, np.int32)[ways][places]

    def _share_a_word(self, words: Many, a: Ints, b: Ints) -> Flags:
        """Tell which two have one of these words in common, where either has several words."""
        several = self.book.parts.counts > 1
        rows = np.flatnonzero(several[a] | several[b])
        owner, one, other = products(words, words, a[rows], b[rows])
        found = np.zeros(len(a), bool)
        found[rows] = any_of(owner, one == other, len(rows))
        return found


def _distinct_names(ones: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
    """Give distinct pairs, and each row's place; most are one name twice, found by that name."""
    same = ones == others
    apart = np.flatnonzero(~same)
    a, b, found = distinct_pairs(ones[apart], others[apart])
    number, names = numbered(ones[same])
    places = np.empty(len(ones), np.int32)
    places[apart], places[same] = found, number + len(a)
    return np.concatenate([a, names]), np.concatenate([b, names]), places


class Forenames(Likenesses):
    """Forenames: by the first of a child's own, which is not one that brothers share."""

    order = FORENAME_ORDER
    rare = staticmethod(rare_forename)

    def __init__(self, book: NameBook, model: Model) -> None:
        super().__init__(book, model)
        own = [own_names(name) for name in book.names]
        self._own = book.numbered(own)
        heads = [name[0] if name else "" for name in own]
        firsts = [name[0] if name else "" for name in book.names]
        self._heads, self._firsts = (
            np.array([book.words.numbers[word] for word in words]) for words in (heads, firsts)
        )
        numbers: dict[Names, int] = {}
        self._whole = np.array([numbers.setdefault(name, len(numbers)) for name in own])
        self._shared = self._own.counts < np.array([len(name) for name in book.names])
        self._single = np.array([len(name) == 1 for name in book.names])

    def rarity(self, names: NamePair) -> float:
        """Give how rare the commoner of two forenames is."""
        return forename_rarity(names, self.model)

    def compare(self, a: Names, b: Names) -> NamePair:
        """Compare two forenames."""
        return compare_forenames(a, b)

    @property
    def heads(self) -> Ints:
        """Give of each name the first of a child's own."""
        return self._heads

    def marks(self, a: Ints, b: Ints) -> tuple[list[Codes], Flags]:
        """Give how further names agree, and names that brothers share; not a slip in one."""
        same = self._whole[a] == self._whole[b]
        joined = self.book.joined
        marks: list[Codes] = [
            same,
            joined[a] == joined[b],
            self._share_a_word(self._own, a, b),
            self._shared[a],
            self._shared[b],
            self._single[a] | self._single[b],
            self.book.words.are_kin(self._firsts[a], self._firsts[b]),
        ]
        further = ~same & (self._heads[a] == self._heads[b])
        return marks, further | self.book.odd[a] | self.book.odd[b]


class Surnames(Likenesses):
    """Surnames: by all their words written as one."""

    order = SURNAME_ORDER
    rare = staticmethod(rare_surname)

    def __init__(self, book: NameBook, model: Model) -> None:
        super().__init__(book, model)
        numbers: dict[Names, int] = {}
        in_turn = (name if len(name) < 2 else tuple(sorted(name)) for name in book.names)  # noqa: PLR2004  # one word
        self._sorted = np.array([numbers.setdefault(name, len(numbers)) for name in in_turn])
        self._long = book.numbered(
            [[word for word in name if len(word) >= SHORT_NAME] for name in book.names]
        )

    def rarity(self, names: NamePair) -> float:
        """Give how rare the commoner of two surnames is."""
        return surname_rarity(names, self.model)

    def compare(self, a: Names, b: Names) -> NamePair:
        """Compare two surnames."""
        return compare_surnames(a, b)

    @property
    def heads(self) -> Ints:
        """Give of each name its words as one."""
        return self.book.joined

    def marks(self, a: Ints, b: Ints) -> tuple[list[Codes], Flags]:
        """Give whether only the order differs; not how rare a part is that two have in common."""
        shared = self._share_a_word(self._long, a, b)
        return [self._sorted[a] == self._sorted[b]], shared | self.book.odd[a] | self.book.odd[b]
