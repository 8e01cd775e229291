"""The words of names as numbers, and what two of them have in common that any comparison asks."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from register.linkage.columns.many import Many, distinct_pairs, listed, products
from register.linkage.likeness import LONG_NAME, SIMILAR
from register.linkage.names import family_of, is_known_forename, is_particle
from register.linkage.sounds import sounds
from register.reports.coding import THREADS, Flags, Ints, together

FAR = 3
"""Letters in which no two words may differ that are a slip of each other."""


class Words:
    """Distinct words, numbered; number 0 is the blank."""

    def __init__(self, words: Iterable[str]) -> None:
        self.listed = list(dict.fromkeys(["", *words]))
        self.numbers = {word: number for number, word in enumerate(self.listed)}

    def facts(self, ones: Ints, others: Ints) -> Ints:
        """Number all that comparing two names asks of two words, for each pair of words.

        Pairs of one number differ in nothing that `likeness.py` looks at, save how rare they are.
        """
        a, b, places = distinct_pairs(ones, others)
        one, other = self._texts[a].tolist(), self._texts[b].tolist()
        length = self._lengths[a], self._lengths[b]
        short, longer = np.minimum(*length), np.abs(length[0] - length[1])
        distance = cpdist(one, other, scorer=OSA.distance, workers=THREADS, dtype=np.uint8)
        first, second = (self._letters[a, at] == self._letters[b, at] for at in (0, 1))
        similar, reach = np.zeros(len(a), bool), np.zeros(len(a), np.int8)
        long = np.flatnonzero((distance >= FAR) & (short >= LONG_NAME))
        similar[long] = self._alike(a[long], b[long]) >= SIMILAR
        for row in np.flatnonzero((distance == longer) & (longer > 0)).tolist():
            reach[row] = _reach(one[row], other[row])
        facts = together(
            np.minimum(distance, FAR),
            np.minimum(short, LONG_NAME),
            first,
            (distance == 1) & (longer == 0) & ~first & second,  # they rhyme
            similar,
            reach,
            self.are_kin(a, b),
            self.heard[a] == self.heard[b],
            self._known[a] + self._known[b],
        )
        return facts[places]

    def _alike(self, ones: Ints, others: Ints) -> NDArray[np.float64]:
        one, other = self._texts[ones].tolist(), self._texts[others].tolist()
        scorer = JaroWinkler.similarity
        return cpdist(one, other, scorer=scorer, workers=THREADS, dtype=np.float64)

    def are_kin(self, ones: Ints, others: Ints) -> Flags:
        """Tell which words are forms of one name."""
        rows = np.flatnonzero((self._kin.counts[ones] > 0) & (self._kin.counts[others] > 0))
        owner, one, other = products(self._kin, self._kin, ones[rows], others[rows])
        kin: Flags = ones == others
        kin[rows[owner[one == other]]] = True
        return kin

    @cached_property
    def heard(self) -> Ints:
        """How each sounds, numbered."""
        numbers: dict[str, int] = {}
        heard = [numbers.setdefault(sound, len(numbers)) for sound in self.sounds]
        return np.array(heard, np.int32)

    @cached_property
    def sounds(self) -> list[str]:
        """How each sounds."""
        return [sounds(word) for word in self.listed]

    @cached_property
    def _texts(self) -> NDArray[np.object_]:
        return np.array(self.listed, object)

    @cached_property
    def _lengths(self) -> Ints:
        return np.array([len(word) for word in self.listed], np.int16)

    @cached_property
    def _letters(self) -> Ints:
        """The first two letters of each."""
        texts = np.array([word[:2] for word in self.listed], "U2")
        return texts.view(np.uint32).reshape(-1, 2).astype(np.int32)

    @cached_property
    def _known(self) -> Ints:
        return np.array([is_known_forename(word) for word in self.listed], np.int8)

    @cached_property
    def _kin(self) -> Many:
        return listed([sorted(family_of(word)) for word in self.listed])


def _reach(one: str, other: str) -> int:
    """Tell whether the longer word begins with the shorter, or has but a particle before it."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter):
        return 1
    return 2 if is_particle(longer.removesuffix(shorter)) else 0
