"""Several values each, in columns: whose they are in order, and every pair that two have."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from register.reports.coding import Flags, Ints, numbered


@dataclass(frozen=True)
class Many:
    """For each owner some values: those of owner i are `values[start[i] : start[i + 1]]`."""

    start: Ints
    values: Ints

    @cached_property
    def counts(self) -> Ints:
        """How many each has."""
        return np.diff(self.start)

    def of(self, owner: int) -> list[int]:
        """Give the values of one."""
        found: list[int] = self.values[self.start[owner] : self.start[owner + 1]].tolist()
        return found


def gather(owners: Ints, values: Ints, count: int) -> Many:
    """Give each of `count` owners its distinct values, in their order."""
    width = int(values.max(initial=0)) + 1
    pairs = distinct(owners.astype(np.int64) * width + values)
    return many(pairs // width, (pairs % width).astype(np.int32), count)


def distinct(values: Ints) -> Ints:
    """Give the distinct values in order."""
    in_order = np.sort(values)
    return in_order[np.r_[True, in_order[1:] != in_order[:-1]]] if len(in_order) else in_order


def many(owners: Ints, values: Ints, count: int) -> Many:
    """Give each of `count` owners its values, which stand in the order of their owners."""
    start = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(owners, minlength=count), out=start[1:])
    return Many(start, values)


def listed(lists: list[list[int]]) -> Many:
    """Give each owner its list."""
    owners = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    return many(owners, np.array([v for each in lists for v in each], np.int32), len(lists))


def spread(several: Many, owners: Ints) -> tuple[Ints, Ints]:
    """Give every value of each of these owners, and the place of the owner among them."""
    counts = several.counts[owners]
    whose, place, multiple = _laid_out(counts)
    at = several.start[owners][whose]
    at[multiple] += place
    return whose, several.values[at]


def products(a: Many, b: Many, ones: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
    """Give every pair of a value of `ones[i]` and one of `others[i]`, and the i of each.

    The pairs of one i stand together, the first's values changing slowest.
    """
    mine, theirs = a.counts[ones], b.counts[others]
    owner, place, multiple = _laid_out(mine * theirs)
    width = theirs[owner[multiple]]
    first, second = a.start[ones][owner], b.start[others][owner]
    first[multiple] += place // width
    second[multiple] += place % width
    return owner, a.values[first], b.values[second]


def _laid_out(sizes: Ints) -> tuple[Ints, Ints, Ints]:
    """Repeat each place so often; give the step within it for the rows of which there are several.

    Most have one value, so that those rows are few.
    """
    owner = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    multiple = np.flatnonzero((sizes > 1)[owner])
    begins = np.cumsum(sizes, dtype=np.int32) - sizes
    return owner, (multiple - begins[owner[multiple]]).astype(np.int32), multiple


def least(owner: Ints, ranks: Ints, count: int, default: int) -> Ints:
    """Give each of `count` owners its least rank; `owner` is in order."""
    found = np.full(count, default, ranks.dtype)
    if len(owner):
        begins = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        found[owner[begins]] = np.minimum.reduceat(ranks, begins)
    return found


def any_of(owner: Ints, flags: Flags, count: int) -> Flags:
    """Tell for each of `count` owners whether one of its flags is up."""
    found = np.zeros(count, bool)
    found[owner[flags]] = True
    return found


def distinct_pairs(ones: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the distinct pairs of two columns, and for each row the place of its pair."""
    width = int(others.max(initial=0)) + 1
    places, whole = numbered(ones.astype(np.int64) * width + others)
    return whole // width, whole % width, places


def components(ones: Ints, others: Ints, count: int) -> Ints:
    """Give for each of `count` the least of all that hang together with it by pairs."""
    least_of = np.arange(count)
    while True:
        low = np.minimum(least_of[ones], least_of[others])
        found = least_of.copy()
        np.minimum.at(found, ones, low)
        np.minimum.at(found, others, low)
        found = found[found]
        if np.array_equal(found, least_of):
            return found
        least_of = found
