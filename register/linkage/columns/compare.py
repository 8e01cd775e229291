"""Comparing many pairs at once: each distinct pair of values by the functions that compare two.

What is plainly different is told for whole columns; whatever may be anything else is compared by
`compare.py` and `likeness.py` themselves, once for each two values that meet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from register.linkage.ceiling import may_follow
from register.linkage.columns.births import Births
from register.linkage.columns.many import Many, distinct_pairs, least, products
from register.linkage.columns.naming import Naming
from register.linkage.columns.nominate import in_order
from register.linkage.columns.people import People
from register.linkage.compare import (
    NO_NAMES,
    OFTEN,
    Comparison,
    compare_organisations,
    compare_postcodes,
)
from register.linkage.identity import IDENTIFIERS
from register.linkage.levels import (
    BIRTH_ORDER,
    PLAIN_ORDER,
    POSTCODE_ORDER,
    Level,
)
from register.linkage.match import Model
from register.reports.coding import THREADS, Flags, Ints, first_rows, side_by_side, together
from register.reports.values import district_of

AGREES, DIFFERS, UNKNOWN = (
    PLAIN_ORDER.index(each) for each in (Level.AGREES, Level.DIFFERS, Level.UNKNOWN)
)


FAR = 2
"""Letters in which two postcodes differ that are no slip of each other."""
AT_ONCE = 1 << 17
"""Pairs that are compared at once."""
ORDERS = BIRTH_ORDER, PLAIN_ORDER, POSTCODE_ORDER, *[PLAIN_ORDER] * (2 + len(IDENTIFIERS))
"""The levels of all but the names, in the order in which `Comparison` has them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """For each pair the place of its comparison among the distinct ones."""

    places: Ints
    distinct: list[Comparison]


class Comparer:
    """Compares pairs of these people, of whom what is `silent` isn't compared."""

    def __init__(
        self,
        people: People,
        silent: dict[str, Flags],
        model: Model,
        naming: Callable[[], Naming] | None = None,
    ) -> None:
        self.people, self.silent, self.model = people, silent, model
        self.naming = naming or cache(lambda: Naming(people.identities, model))
        self.births = Births(people.identities.days)
        self.numbers = {name: _told(people.numbers[name], silent[name]) for name in IDENTIFIERS}
        who = people.identities
        # As many places further stand the districts of postcodes of which no more is told.
        self.home = who.postcode + len(who.postcodes) * silent["postcode"][who.postcode]

    def compare(self, ones: Ints, others: Ints) -> Compared:
        """Compare each of `ones` with its other; the one whose key is the lesser comes first."""
        return self._named(ones, others, self._beside_names(ones, others))

    def compare_telling(self, ones: Ints, others: Ints) -> tuple[Ints, Compared]:
        """Compare only those of which, whatever their names, something may follow; give their rows.

        Most pairs meet by one name or one birthday alone, and nothing could make them one child.
        """
        beside = self._beside_names(ones, others)
        telling = [may_follow(each, self.model) for each in beside.distinct]
        rows = np.flatnonzero(np.array(telling, bool)[beside.places])
        told = Compared(beside.places[rows], beside.distinct)
        # Which of the two comes first is asked of their names alone.
        first = in_order(self.people, ones[rows], others[rows])
        return rows, self._named(*first, told)

    def _named(self, ones: Ints, others: Ints, beside: Compared) -> Compared:
        """Add how the names agree to all else that was compared."""
        owner, x, y = products(self.people.said, self.people.said, ones, others)
        naming = self.naming()
        columns = *naming.compare(owner, x, y, len(ones)), beside.places
        places = together(*columns)
        listed = zip(*(each[first_rows(places)].tolist() for each in columns), strict=True)
        forenames, surnames = naming.forenames.listed, naming.surnames.listed
        return Compared(
            places,
            [
                replace(
                    beside.distinct[place],
                    forenames=forenames[forename],
                    surnames=surnames[surname],
                    names_swapped=bool(swapped),
                )
                for forename, surname, swapped, place in listed
            ],
        )

    def _beside_names(self, ones: Ints, others: Ints) -> Compared:
        """Compare all but the names, so many at a time that they don't fill the memory."""
        told = np.zeros(len(ones), np.int32)

        def tell(part: slice) -> None:
            for order, level in zip(ORDERS, self._levels(ones[part], others[part]), strict=True):
                told[part] = told[part] * len(order) + level

        side_by_side(tell, (slice(at, at + AT_ONCE) for at in range(0, len(ones), AT_ONCE)))
        places = together(told)
        return Compared(places, [_beside(code) for code in told[first_rows(places)].tolist()])

    def _levels(self, ones: Ints, others: Ints) -> Iterator[Ints]:
        """Give the levels of all but the names, as places in their `ORDERS`."""
        who, count = self.people.identities, len(ones)
        owner, x, y = products(self.people.said, self.people.said, ones, others)
        born = (who.born[side] * 2 + who.doubtful[side] for side in (x, y))
        yield least(owner, self.births.levels(*born), count, BIRTH_ORDER.index(Level.UNKNOWN))
        yield least(owner, _equal(who.sex, x, y), count, UNKNOWN)
        yield least(owner, self._postcodes(x, y), count, POSTCODE_ORDER.index(Level.UNKNOWN))
        organisations = self._organisations(ones, others)
        yield organisations
        yield self._going_missing(ones, others, organisations)
        for name in IDENTIFIERS:
            yield self._identifier(name, ones, others)

    def _postcodes(self, x: Ints, y: Ints) -> Ints:
        """Compare one pair for each way in which letters, districts and areas are the same.

        A slip leaves the district or what stands behind it as it is.
        """
        who = self.people.identities
        a, b, count = self.home[x], self.home[y], len(who.postcodes)
        one, other = who.postcode[x], who.postcode[y]
        whole = (a < count) & (b < count)
        same = [part[one] == part[other] for part in (who.districts, who.areas, who.ends)]
        distance = np.where(one == other, np.uint8(0), np.uint8(FAR))
        slip = np.flatnonzero(whole & (one != other) & (same[0] | same[2]))
        texts = (who.postcodes.take(pa.array(side[slip])).to_pylist() for side in (one, other))
        distance[slip] = cpdist(
            *texts, scorer=OSA.distance, score_cutoff=1, workers=THREADS, dtype=np.uint8
        )
        ways = together(one > 0, other > 0, whole, distance, *same[:2])
        levels = [
            POSTCODE_ORDER.index(compare_postcodes(*(self._told(int(s[row])) for s in (a, b))))
            for row in first_rows(ways).tolist()
        ]
        return np.array(levels, np.int8)[ways]

    def _told(self, place: int) -> str:
        """Give a postcode, or of one that too many share its district."""
        postcodes = self.people.identities.postcodes
        text = str(postcodes[place % len(postcodes)])
        return text if place < len(postcodes) else district_of(text)

    def _organisations(self, ones: Ints, others: Ints) -> Ints:
        codes = self.people.columns.coded["organisation"].listed()
        a, b, places = distinct_pairs(
            self.people.organisation[ones], self.people.organisation[others]
        )
        levels = [
            PLAIN_ORDER.index(compare_organisations(codes[x], codes[y]))
            for x, y in zip(a.tolist(), b.tolist(), strict=True)
        ]
        return np.array(levels, np.int8)[places]

    def _going_missing(self, ones: Ints, others: Ints, organisations: Ints) -> Ints:
        days = self.people.missing
        few = days.counts[ones] * days.counts[others] <= OFTEN
        rows = np.flatnonzero(few & (organisations == AGREES))
        owner, one, other = products(days, days, ones[rows], others[rows])
        levels = np.full(len(ones), UNKNOWN, np.int8)
        levels[rows[owner[np.abs(one - other) <= 1]]] = AGREES
        return levels

    def _identifier(self, name: str, ones: Ints, others: Ints) -> Ints:
        numbers = self.numbers[name]
        rows = np.flatnonzero((numbers.counts[ones] > 0) & (numbers.counts[others] > 0))
        owner, one, other = products(numbers, numbers, ones[rows], others[rows])
        levels = np.full(len(ones), UNKNOWN, np.int8)
        levels[rows] = DIFFERS
        levels[rows[owner[one == other]]] = AGREES
        return levels


def _beside(told: int) -> Comparison:
    """Give the comparison, but for names, whose levels a number tells, the last ones last."""
    levels: list[Level] = []
    for order in reversed(ORDERS):
        told, place = divmod(told, len(order))
        levels.append(order[place])
    return Comparison(*NO_NAMES, *reversed(levels))


def _told(numbers: Many, silent: Flags) -> Many:
    """Leave out the numbers that too many share."""
    kept = ~silent[numbers.values]
    if kept.all():
        return numbers
    owners = np.repeat(np.arange(len(numbers.counts)), numbers.counts)[kept]
    counts = np.bincount(owners, minlength=len(numbers.counts))
    return Many(np.r_[0, np.cumsum(counts)], numbers.values[kept])


def _equal(codes: Ints, x: Ints, y: Ints) -> Ints:
    one, other = codes[x], codes[y]
    levels = np.where(one == other, AGREES, DIFFERS).astype(np.int8)
    levels[(one == 0) | (other == 0)] = UNKNOWN
    return levels
