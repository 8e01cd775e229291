"""The dice: the few ways in which the simulation draws from chance."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def happens(rng: Random, probability: float) -> bool:
    """Whether something with this probability (0 to 1) comes about."""
    return rng.random() < probability


class Weighted(Generic[T]):
    """A choice between things of which some are more common than others."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        """Take each thing with its weight; the weights need not sum to one."""
        self._things = list(weights)
        self._edges = list(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        """One of the things."""
        return self._things[bisect(self._edges, rng.random() * self._edges[-1])]


def ranked(things: Sequence[str], flatness: float) -> Weighted[str]:
    """Make a choice from a list that begins with the most common, as names do (Zipf).

    The larger `flatness` is, the less the first outweigh the last.
    """
    weights: dict[str, float] = {}
    for rank, thing in enumerate(things):
        weights[thing] = weights.get(thing, 0.0) + 1.0 / (rank + flatness)
    return Weighted(weights)
