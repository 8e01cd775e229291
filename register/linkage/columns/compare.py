"""Comparing many pairs at once: each distinct pair of values by the functions that compare two.

What is plainly different is told for whole columns; whatever may be anything else is compared by
`compare.py` and `likeness.py` themselves, once for each two values that meet.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from register.linkage.columns.many import Many, distinct_pairs, least, products
from register.linkage.columns.names import THREADS
from register.linkage.columns.naming import Naming
from register.linkage.columns.people import People
from register.linkage.compare import (
    ESTIMATE,
    OFTEN,
    Comparison,
    compare_births,
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
from register.reports.coding import Flags, Ints, first_rows, together

AGREES, DIFFERS, UNKNOWN = (
    PLAIN_ORDER.index(each) for each in (Level.AGREES, Level.DIFFERS, Level.UNKNOWN)
)


@dataclass(frozen=True, slots=True)
class Compared:
    """For each pair the place of its comparison among the distinct ones."""

    places: Ints
    distinct: list[Comparison]


class Comparer:
    """Compares pairs of these people, of whom what is `silent` isn't compared."""

    def __init__(self, people: People, silent: dict[str, Flags], model: Model) -> None:
        self.people, self.silent = people, silent
        self.naming = Naming(people.identities, model)

    def compare(self, ones: Ints, others: Ints) -> Compared:
        """Compare each of `ones` with its other; the one whose key is the lesser comes first."""
        people = self.people
        count = len(ones)
        owner, x, y = products(people.said, people.said, ones, others)
        forename, surname, swapped = self.naming.compare(owner, x, y, count)
        organisations = self._organisations(ones, others)
        columns = [
            forename,
            surname,
            swapped,
            least(owner, self._births(x, y), count, BIRTH_ORDER.index(Level.UNKNOWN)),
            least(owner, _equal(people.identities.sex, x, y), count, UNKNOWN),
            least(owner, self._postcodes(x, y), count, POSTCODE_ORDER.index(Level.UNKNOWN)),
            organisations,
            self._going_missing(ones, others, organisations),
            *(self._identifier(name, ones, others) for name in IDENTIFIERS),
        ]
        places = together(*columns)
        listed = zip(*(each[first_rows(places)].tolist() for each in columns), strict=True)
        return Compared(places, [self._comparison(*each) for each in listed])

    def _comparison(self, forename: int, surname: int, swapped: int, *levels: int) -> Comparison:
        born, sex, postcode, organisations, going_missing, *numbers = levels
        return Comparison(
            self.naming.forenames.listed[forename],
            self.naming.surnames.listed[surname],
            bool(swapped),
            BIRTH_ORDER[born],
            PLAIN_ORDER[sex],
            POSTCODE_ORDER[postcode],
            PLAIN_ORDER[organisations],
            PLAIN_ORDER[going_missing],
            *(PLAIN_ORDER[each] for each in numbers),
        )

    def _births(self, x: Ints, y: Ints) -> Ints:
        who = self.people.identities
        a, b, places = distinct_pairs(
            who.born[x] * 2 + who.doubtful[x], who.born[y] * 2 + who.doubtful[y]
        )
        day, month, year = (
            np.array([getattr(each, part) if each else 0 for each in who.days])
            for part in ("day", "month", "year")
        )
        number = np.array([each.toordinal() if each else 0 for each in who.days])
        one, other = a // 2, b // 2
        guess = (day == 1) & (month == 1)
        guessed = (a % 2 > 0) | (b % 2 > 0) | guess[one] | guess[other]
        parts = sum(part[one] != part[other] for part in (day, month, year))
        plain = (
            (one > 0)
            & (other > 0)
            & (parts > 1)
            & (np.abs(number[one] - number[other]) > 1)
            & ~((day[one] == month[other]) & (month[one] == day[other]))
            & ~(guessed & (np.abs(year[one] - year[other]) <= ESTIMATE))
        )
        levels = np.full(len(a), BIRTH_ORDER.index(Level.DIFFERS), np.int8)
        for row in np.flatnonzero(~plain).tolist():
            level = compare_births(*(who.born_as(int(each)) for each in (a[row], b[row])))
            levels[row] = BIRTH_ORDER.index(level)
        return levels[places]

    def _postcodes(self, x: Ints, y: Ints) -> Ints:
        """Compare one pair for each way in which letters, districts and areas are the same."""
        who = self.people.identities
        # Behind all postcodes stand their districts, for those of which no more is told.
        count = len(who.postcodes)
        texts = pa.concat_arrays(
            [who.postcodes, pc.replace_substring_regex(who.postcodes, " .*", "")]
        )
        told = (np.arange(count) + count * self.silent["postcode"])[who.postcode]
        a, b, places = distinct_pairs(told[x], told[y])
        one, other = (texts.take(pa.array(side)) for side in (a, b))
        distance = cpdist(
            one.to_pylist(), other.to_pylist(), scorer=OSA.distance, workers=THREADS, dtype=np.uint8
        )
        same = [part[a % count] == part[b % count] for part in (who.districts, who.areas)]
        whole = (a < count) & (b < count)
        ways = together(a % count > 0, b % count > 0, whole, np.minimum(distance, 2), *same)
        levels = [
            POSTCODE_ORDER.index(compare_postcodes(str(one[row]), str(other[row])))
            for row in first_rows(ways).tolist()
        ]
        return np.array(levels, np.int8)[ways][places]

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
        numbers = _told(self.people.numbers[name], self.silent[name])
        rows = np.flatnonzero((numbers.counts[ones] > 0) & (numbers.counts[others] > 0))
        owner, one, other = products(numbers, numbers, ones[rows], others[rows])
        levels = np.full(len(ones), UNKNOWN, np.int8)
        levels[rows] = DIFFERS
        levels[rows[owner[one == other]]] = AGREES
        return levels


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
