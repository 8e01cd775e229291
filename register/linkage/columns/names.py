"""The names of many children as numbers: each distinct name is read, heard and split once."""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np

from register.linkage.columns.many import Many, many, spread
from register.linkage.columns.words import Words
from register.linkage.identity import Names
from register.linkage.names import is_particle
from register.reports.coding import Flags, Ints


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
    def words(self) -> Words:
        """Every distinct word of a name, and the words of each written as one."""
        return Words(chain.from_iterable(map(_parts, self.names)))

    @cached_property
    def parts(self) -> Many:
        """The words of each name, and all of them written as one."""
        return self.numbered([_parts(name) for name in self.names])

    def numbered(self, texts: Sequence[Sequence[str]]) -> Many:
        """Give words by their numbers."""
        owners = np.repeat(np.arange(len(texts)), np.fromiter(map(len, texts), np.int32))
        words = map(self.words.numbers.__getitem__, chain.from_iterable(texts))
        return many(owners, np.fromiter(words, np.int32, len(owners)), len(texts))

    def words_of(self, names: Ints) -> tuple[Ints, Ints]:
        """Give every word of each of these names, and all of them as one; and the name's place."""
        return spread(self.parts, names)

    @cached_property
    def sounds(self) -> Many:
        """How each word of each name sounds, as numbers."""
        words = self.numbered(self.names)
        return Many(words.start, self.words.heard[words.values])

    @cached_property
    def joined(self) -> Ints:
        """The words of each name written as one, as the number of a word."""
        numbers = self.words.numbers
        return np.array([numbers["".join(name)] for name in self.names], np.int32)

    @cached_property
    def joined_length(self) -> Ints:
        """How many letters each name has."""
        return np.array([len("".join(name)) for name in self.names], np.int32)

    @cached_property
    def odd(self) -> Flags:
        """Initials, remnants of names, other scripts: only the comparison itself can tell."""
        return np.array([_is_odd(name) for name in self.names])


def _parts(names: Names) -> Names:
    return (*names, "".join(names)) if len(names) > 1 else names


def _is_odd(names: Names) -> bool:
    joined = "".join(names)
    left_over = is_particle(joined) or any(len(word) == 1 for word in names)
    return not joined.isascii() or left_over
