"""The names of many children as numbers: each distinct name is read, heard and split once."""

from functools import cached_property

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from register.linkage.columns.many import Many, any_of, distinct_pairs, many, products, spread
from register.linkage.identity import Names
from register.linkage.likeness import LONG_NAME, SIMILAR
from register.linkage.names import family_of, is_particle
from register.linkage.sounds import sounds
from register.reports.coding import Flags, Ints

THREADS = 2
MAY_SLIP = 2
"""Letters in which two long names may differ that are a slip of each other; others in one."""


class NameBook:
    """Every distinct name, numbered; number 0 is the name of which nothing is known."""

    def __init__(self) -> None:
        self.names: list[Names] = [()]
        self._numbers: dict[Names, int] = {(): 0}

    def number(self, names: Names) -> int:
        """Give the number of a name."""
        found = self._numbers.setdefault(names, len(self.names))
        if found == len(self.names):
            self.names.append(names)
        return found

    @cached_property
    def words(self) -> list[str]:
        """Every distinct word of a name, and the words of each written as one."""
        return list(dict.fromkeys(word for name in self.names for word in _parts(name)))

    @cached_property
    def parts(self) -> Many:
        """The words of each name, and all of them written as one."""
        numbers = {word: number for number, word in enumerate(self.words)}
        return _listed([[numbers[word] for word in _parts(name)] for name in self.names])

    def words_of(self, names: Ints) -> tuple[Ints, Ints]:
        """Give every word of each of these names, and all of them as one; and the name's place."""
        return spread(self.parts, names)

    @cached_property
    def sounds(self) -> Many:
        """How each word of each name sounds, as numbers."""
        numbers: dict[str, int] = {}
        return _listed(
            [
                [numbers.setdefault(sounds(word), len(numbers)) for word in name]
                for name in self.names
            ]
        )

    @cached_property
    def joined_length(self) -> Ints:
        """How many letters each name has."""
        return np.array([len("".join(name)) for name in self.names], np.int32)

    @cached_property
    def _odd(self) -> Flags:
        """Initials, remnants of names, other scripts: only the comparison itself can tell."""
        return np.array([_is_odd(name) for name in self.names])

    def may_be_near(self, ones: Ints, others: Ints, *, by_ear: bool) -> Flags:
        """Tell which pairs of names may be anything but different names."""
        a, b, places = distinct_pairs(ones, others)
        return self.are_near(a, b, by_ear=by_ear)[places]

    def are_near(self, a: Ints, b: Ints, *, by_ear: bool) -> Flags:
        """Tell the same of pairs of which none comes twice; what isn't known is near nothing.

        Surnames are compared by ear, too, and by their ends; forenames aren't.
        """
        owner, word, other = products(self.parts, self.parts, a, b)
        x, y, at = distinct_pairs(word, other)
        near = any_of(owner, self._words_near(x, y, by_ear=by_ear)[at], len(a))
        known: Flags = (a > 0) & (b > 0)
        return near | (known & (self._odd[a] | self._odd[b]))

    def _words_near(self, ones: Ints, others: Ints, *, by_ear: bool) -> Flags:
        """Tell which words may be slips, forms, beginnings or ends of each other."""
        words, length = self.words, self._lengths
        x, y = ([words[each] for each in side.tolist()] for side in (ones, others))
        short = np.minimum(length[ones], length[others])
        distance = cpdist(x, y, scorer=OSA.distance, workers=THREADS, dtype=np.uint8)
        near: Flags = distance <= np.where(short >= LONG_NAME, MAY_SLIP, 1)
        if by_ear:
            near |= self._heard[ones] == self._heard[others]
        within = np.flatnonzero(~near & (distance == np.abs(length[ones] - length[others])))
        near[within] = [_begins_or_ends(x[each], y[each]) for each in within.tolist()]
        long = np.flatnonzero(~near & (short >= LONG_NAME))
        alike = cpdist(
            [x[each] for each in long.tolist()],
            [y[each] for each in long.tolist()],
            scorer=JaroWinkler.similarity,
            workers=THREADS,
            dtype=np.float64,
        )
        near[long] = alike > SIMILAR - 1e-9
        apart = np.flatnonzero(~near)
        owner, one, other = products(self._kin, self._kin, ones[apart], others[apart])
        near[apart[owner[one == other]]] = True
        return near

    @cached_property
    def _lengths(self) -> Ints:
        return np.array([len(word) for word in self.words], np.int32)

    @cached_property
    def _heard(self) -> Ints:
        numbers: dict[str, int] = {}
        return np.array(
            [numbers.setdefault(sounds(word), len(numbers)) for word in self.words], np.int32
        )

    @cached_property
    def _kin(self) -> Many:
        return _listed([sorted(family_of(word)) for word in self.words])


def _begins_or_ends(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) or longer.endswith(shorter)


def _parts(names: Names) -> list[str]:
    return [*names, "".join(names)] if len(names) > 1 else [*names]


def _is_odd(names: Names) -> bool:
    joined = "".join(names)
    left_over = is_particle(joined) or any(len(word) == 1 for word in names)
    return not joined.isascii() or left_over


def _listed(lists: list[list[int]]) -> Many:
    owners = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    return many(owners, np.array([v for each in lists for v in each], np.int32), len(lists))
