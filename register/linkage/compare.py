"""Comparing two subjects: for each kind of evidence, at which level they agree. Pure.

Evidence about the *child* (forename, date of birth, identifiers) is kept apart from evidence about
the *family* (surname, postcode): the family's nominates, the child's decides (linkage facts, 1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product, takewhile

from rapidfuzz.distance import OSA

from register.linkage.identity import Identity, Subject, is_guessed
from register.linkage.levels import (
    BIRTH_ORDER,
    FORENAME_ORDER,
    PLAIN_ORDER,
    POSTCODE_ORDER,
    SURNAME_ORDER,
    Level,
    NamePair,
)
from register.linkage.likeness import compare_forenames, compare_surnames
from register.reports.organisations import area_of
from register.reports.values import district_of

MIDDLE_OF_MONTH = 15
"""What care's clerks write for a day that nobody knows (domain 2.3)."""
ESTIMATE = 2
"""Years by which an estimated or disputed year of birth may be off."""
OFTEN = 20
"""Pairs of days from which on two children are missing on one day by chance."""
SWAPPABLE_FORENAMES = {Level.EXACT, Level.FIRST, Level.FAMILY, Level.SLIP}
SWAPPABLE_SURNAMES = {Level.EXACT, Level.PART, Level.ALIKE}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two subjects compared; of several reports of one subject the best agreement counts."""

    forenames: NamePair
    surnames: NamePair
    names_swapped: bool
    date_of_birth: Level
    sex: Level
    postcode: Level
    organisations: Level
    going_missing: Level
    nhs_number: Level
    upn: Level
    home_office_reference: Level

    @property
    def forename(self) -> Level:
        """How the forenames agree."""
        return self.forenames.level

    @property
    def surname(self) -> Level:
        """How the surnames agree."""
        return self.surnames.level

    @property
    def is_elsewhere(self) -> bool:
        """Both the home and the organisation are in other parts of the country."""
        return Level.DIFFERS is self.postcode is self.organisations

    @property
    def is_of_one_name_and_birthday(self) -> bool:
        """Forename, surname and date of birth are the same, to the letter."""
        return {self.forename, self.surname, self.date_of_birth} == {Level.EXACT}

    @property
    def identifiers(self) -> tuple[Level, Level, Level]:
        """The levels of the three identifiers."""
        return (self.nhs_number, self.upn, self.home_office_reference)

    @property
    def identifier_agrees(self) -> bool:
        """Some identifier is the same."""
        return Level.AGREES in self.identifiers

    @property
    def identifier_differs(self) -> bool:
        """Both know some identifier and it is not the same."""
        return Level.DIFFERS in self.identifiers


def compare(a: Subject, b: Subject) -> Comparison:
    """Compare two subjects; the order of the two matters only for which name is seen first."""
    return add_names(compare_beside_names(a, b), a, b)


Named = tuple[NamePair, NamePair, bool]
NO_NAMES: Named = (NamePair(Level.UNKNOWN), NamePair(Level.UNKNOWN), False)


def compare_beside_names(a: Subject, b: Subject) -> Comparison:
    """Compare all but the names of two subjects, as if none were known."""
    pairs = list(product(a.identities, b.identities))
    organisations = compare_organisations(a.organisation, b.organisation)
    return Comparison(
        *NO_NAMES,
        date_of_birth=_best(BIRTH_ORDER, (compare_births(x, y) for x, y in pairs)),
        sex=_best(PLAIN_ORDER, (_equal(x.sex, y.sex) for x, y in pairs)),
        postcode=_best(
            POSTCODE_ORDER, (compare_postcodes(x.postcode, y.postcode) for x, y in pairs)
        ),
        organisations=organisations,
        going_missing=_going_missing(a, b) if organisations is Level.AGREES else Level.UNKNOWN,
        nhs_number=_identifier(a.nhs_numbers, b.nhs_numbers),
        upn=_identifier(a.upns, b.upns),
        home_office_reference=_identifier(a.home_office_references, b.home_office_references),
    )


def add_names(beside: Comparison, a: Subject, b: Subject) -> Comparison:
    """Add how the names of two subjects agree to all else that was compared."""
    pairs = product(a.identities, b.identities)
    named = [names for x, y in pairs for names in ways_of_naming(x, y)] or [NO_NAMES]
    child = family = named[0]
    if len(named) > 1:
        child = min(named, key=lambda n: (FORENAME_ORDER.index(n[0].level), _family_rank(n), n[2]))
        family = min(named, key=_family_rank)
    return replace(beside, forenames=child[0], surnames=family[1], names_swapped=child[2])


def _family_rank(named: Named) -> int:
    return SURNAME_ORDER.index(named[1].level)


def _best(order: tuple[Level, ...], levels: Iterable[Level]) -> Level:
    found = list(levels)
    return found[0] if len(found) == 1 else min(found, key=order.index, default=Level.UNKNOWN)


def ways_of_naming(x: Identity, y: Identity) -> Iterator[Named]:
    """Compare names as they stand, by what the child is known as, and in each other's place."""
    surnames = compare_surnames(x.surname, y.surname)
    forenames = compare_forenames(x.forename, y.forename)
    yield (forenames, surnames, False)
    if forenames.level in SWAPPABLE_FORENAMES:
        return
    known = [(x.forename, n) for n in y.known_as] + [(n, y.forename) for n in x.known_as]
    for one, other in known:
        called = compare_forenames(one, other)
        if called.level in {Level.EXACT, Level.FIRST}:
            yield (NamePair(Level.FAMILY, called.one, called.other), surnames, False)
    # Nobody knows which of the two is the forename: the pair that agrees less must do for it.
    crossing = compare_forenames(x.forename, y.surname)
    if crossing.level not in SWAPPABLE_FORENAMES:
        return
    crossed = [
        (crossing, compare_surnames(x.surname, y.forename)),
        (compare_forenames(x.surname, y.forename), compare_surnames(x.forename, y.surname)),
    ]
    forename, surname = max(crossed, key=lambda names: FORENAME_ORDER.index(names[0].level))
    if forename.level in SWAPPABLE_FORENAMES and surname.level in SWAPPABLE_SURNAMES:
        yield (forename, surname, True)


def compare_births(x: Identity, y: Identity) -> Level:
    """Compare dates of birth; a guess is held to no more than a guess can tell."""
    one, other = x.born, y.born
    if one is None or other is None:
        return Level.UNKNOWN
    guessed = is_guessed(x) or is_guessed(y)
    if one == other:
        return Level.EXACT_DEFAULT if guessed else Level.EXACT
    same_year, same_month = one.year == other.year, one.month == other.month
    if same_year and (one.day, one.month) == (other.month, other.day):
        return Level.SWAPPED
    doubtful = x.born_is_doubtful or y.born_is_doubtful
    if guessed and abs(one.year - other.year) <= (ESTIMATE if doubtful else 0):
        return Level.DEFAULT
    if same_year and same_month and MIDDLE_OF_MONTH in {one.day, other.day}:
        return Level.DEFAULT
    apart = _parts_of_birth(one, other)
    # Two guesses a year apart are no slip of the pen.
    return Level.ONE_PART if apart is Level.SLIP and guessed else apart


def _parts_of_birth(one: date, other: date) -> Level:
    """Compare two dates part by part; one keystroke in one part is a slip."""
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    apart = [(p, q) for p, q in parts if p != q]
    if len(apart) > 1:
        return Level.SLIP if abs((one - other).days) == 1 else Level.DIFFERS
    ((p, q),) = apart
    near = abs(p - q) in {1, 10} or sorted(f"{p:02}") == sorted(f"{q:02}")
    return Level.SLIP if near else Level.ONE_PART


def compare_postcodes(a: str, b: str) -> Level:
    """Compare the postcodes of two homes; of some, which too many share, only the district."""
    if not a or not b:
        return Level.UNKNOWN
    if " " in a and " " in b:
        if a == b:
            return Level.EXACT
        if OSA.distance(a, b, score_cutoff=1) == 1:
            return Level.SLIP
    if district_of(a) == district_of(b):
        return Level.DISTRICT
    area = _area(a)
    return Level.AREA if area and area == _area(b) else Level.DIFFERS


def compare_organisations(a: str, b: str) -> Level:
    """Tell whether the two work in one force's area; some forces work everywhere."""
    one, other = area_of(a), area_of(b)
    if a == b:
        return Level.AGREES
    if one is None or other is None:
        return Level.UNKNOWN
    return Level.AGREES if one == other else Level.DIFFERS


def _going_missing(a: Subject, b: Subject) -> Level:
    """Tell whether both went missing on one day, give or take one; not where that says nothing."""
    if len(a.missing_on) * len(b.missing_on) > OFTEN:
        return Level.UNKNOWN
    apart = (abs((one - other).days) for one, other in product(a.missing_on, b.missing_on))
    return Level.AGREES if min(apart, default=2) <= 1 else Level.UNKNOWN


def _area(postcode: str) -> str:
    return "".join(takewhile(str.isalpha, postcode))


def _equal(a: str, b: str) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    return Level.AGREES if a == b else Level.DIFFERS


def _identifier(a: frozenset[str], b: frozenset[str]) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    return Level.AGREES if a & b else Level.DIFFERS
