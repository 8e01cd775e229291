"""Comparing two subjects: for each kind of evidence, at which level they agree. Pure.

Evidence about the *child* (forename, date of birth, identifiers) is kept apart from evidence about
the *family* (surname, postcode): the family's nominates, the child's decides (linkage facts, 1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import product

from rapidfuzz.distance import OSA, JaroWinkler

from register.linkage.identity import Identity, Names, Subject
from register.linkage.names import is_known_forename, same_family, says_little, sounds

SIMILAR = 0.92
"""Jaro-Winkler from which two longer names are a slip of each other."""
SHORT_NAME = 3
LONG_NAME = 7


class Level(StrEnum):
    """How one kind of evidence agrees; the weights of each are in the model file."""

    EXACT = "exact"
    EXACT_DEFAULT = "exact_default"
    FIRST = "first"
    FIRST_OTHER = "first_other"
    FAMILY = "family"
    SLIP = "slip"
    ALIKE = "alike"
    PART = "part"
    SWAPPED = "swapped"
    ONE_PART = "one_part"
    DEFAULT = "default"
    DISTRICT = "district"
    AGREES = "agrees"
    UNKNOWN = "unknown"
    DIFFERS = "differs"


FORENAME_ORDER = (
    Level.EXACT,
    Level.FIRST,
    Level.FAMILY,
    Level.SLIP,
    Level.FIRST_OTHER,
    Level.ALIKE,
    Level.DIFFERS,
    Level.UNKNOWN,
)
SURNAME_ORDER = (Level.EXACT, Level.PART, Level.ALIKE, Level.DIFFERS, Level.UNKNOWN)
BIRTH_ORDER = (
    Level.EXACT,
    Level.EXACT_DEFAULT,
    Level.SWAPPED,
    Level.ONE_PART,
    Level.DEFAULT,
    Level.DIFFERS,
    Level.UNKNOWN,
)
PLAIN_ORDER = (Level.EXACT, Level.DISTRICT, Level.AGREES, Level.DIFFERS, Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two subjects compared; the names are those that agreed best, for their rarity and words."""

    forename: Level
    surname: Level
    date_of_birth: Level
    sex: Level
    postcode: Level
    nhs_number: Level
    upn: Level
    home_office_reference: Level
    forename_seen: str
    surname_seen: str
    names_swapped: bool

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

    @property
    def family_agrees(self) -> bool:
        """One household by surname or postcode, and one date of birth: perhaps twins."""
        family = self.surname in {Level.EXACT, Level.PART, Level.ALIKE}
        return self.date_of_birth is Level.EXACT and (family or self.postcode is Level.EXACT)


def compare(a: Subject, b: Subject) -> Comparison:
    """Compare two subjects; of several reports of one subject the best agreement counts."""
    pairs = [
        compared for x, y in product(a.identities, b.identities) for compared in _pairs(x, y)
    ] or [_NOTHING]
    names = min(
        pairs, key=lambda c: (FORENAME_ORDER.index(c.forename), SURNAME_ORDER.index(c.surname))
    )
    return replace(
        names,
        surname=min((c.surname for c in pairs), key=SURNAME_ORDER.index),
        date_of_birth=min((c.date_of_birth for c in pairs), key=BIRTH_ORDER.index),
        sex=min((c.sex for c in pairs), key=PLAIN_ORDER.index),
        postcode=min((c.postcode for c in pairs), key=PLAIN_ORDER.index),
        nhs_number=_identifier(a.nhs_numbers, b.nhs_numbers),
        upn=_identifier(a.upns, b.upns),
        home_office_reference=_identifier(a.home_office_references, b.home_office_references),
    )


_UNKNOWN = Level.UNKNOWN
_NOTHING = Comparison(*(_UNKNOWN,) * 8, forename_seen="", surname_seen="", names_swapped=False)


def _pairs(x: Identity, y: Identity) -> Iterator[Comparison]:
    plain = replace(
        _NOTHING,
        date_of_birth=_born(x, y),
        sex=_equal(x.sex, y.sex, Level.AGREES),
        postcode=_postcode(x.postcode, y.postcode),
        surname=_surname(x.surname, y.surname),
        surname_seen="".join(y.surname),
        forename=_forename(x.forename, y.forename),
        forename_seen=y.forename[0] if y.forename else "",
    )
    yield plain
    forenames = [(x.forename, name) for name in y.known_as] + [
        (name, y.forename) for name in x.known_as
    ]
    for one, other in forenames:
        level = _forename(one, other)
        if level in {Level.EXACT, Level.FIRST}:
            yield replace(plain, forename=Level.FAMILY, forename_seen=other[0] if other else "")
    # Names written into each other's place: lined up first, then compared as usual.
    if x.forename and x.surname and y.forename and y.surname:
        crossed = (_forename(x.forename, y.surname), _surname(x.surname, y.forename))
        if crossed[0] in {Level.EXACT, Level.FIRST, Level.SLIP} and crossed[1] in {
            Level.EXACT,
            Level.PART,
            Level.ALIKE,
        }:
            yield replace(
                plain,
                forename=crossed[0],
                surname=crossed[1],
                forename_seen=y.surname[0],
                surname_seen="".join(y.forename),
                names_swapped=True,
            )


def _forename(a: Names, b: Names) -> Level:
    if not a or not b or min(len(a[0]), len(b[0])) == 1:
        return Level.UNKNOWN
    if a == b or "".join(a) == "".join(b):
        return Level.EXACT
    if (says_little(a[0]) or says_little(b[0])) and max(len(a), len(b)) > 1:
        return _shared_first(a, b)
    if a[0] == b[0]:
        shorter = min(len(a), len(b))
        return Level.FIRST if a[:shorter] == b[:shorter] else Level.FIRST_OTHER
    if same_family(a[0], b[0]):
        return Level.FAMILY
    if _is_slip(a[0], b[0]):
        both = is_known_forename(a[0]) and is_known_forename(b[0])
        return Level.ALIKE if both else Level.SLIP
    if set(a) & set(b) or _is_short_form(a[0], b[0]):
        return Level.ALIKE
    return Level.DIFFERS


def _shared_first(a: Names, b: Names) -> Level:
    """Compare where a first name is one that brothers share: Mohammed Ali is not Mohammed Yusuf."""
    rest_a = a[1:] if says_little(a[0]) else a
    rest_b = b[1:] if says_little(b[0]) else b
    if not rest_a or not rest_b:
        return Level.FIRST_OTHER if same_family(a[0], b[0]) else Level.DIFFERS
    level = _forename(rest_a, rest_b)
    return Level.FIRST if level is Level.EXACT and len(a) != len(b) else level


def _surname(a: Names, b: Names) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    one, other = "".join(a), "".join(b)
    if one == other or sorted(a) == sorted(b):
        return Level.EXACT
    if any(len(name) >= SHORT_NAME for name in set(a) & set(b)):
        return Level.PART
    if _is_slip(one, other) or sounds(one) == sounds(other):
        return Level.ALIKE
    return Level.DIFFERS


def _is_slip(a: str, b: str) -> bool:
    distance = OSA.distance(a, b, score_cutoff=2)
    shorter = min(len(a), len(b))
    if distance <= 1:
        return shorter >= SHORT_NAME
    if distance == 2:  # noqa: PLR2004  # two slips in a long name
        return shorter >= LONG_NAME
    return shorter >= LONG_NAME and JaroWinkler.similarity(a, b) >= SIMILAR


def _is_short_form(a: str, b: str) -> bool:
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) > 1 and longer.startswith(shorter)


def _born(x: Identity, y: Identity) -> Level:
    if x.born is None or y.born is None:
        return Level.UNKNOWN
    if x.born == y.born:
        return Level.EXACT_DEFAULT if _is_default(x.born) else Level.EXACT
    if x.born.year == y.born.year and (x.born.day, x.born.month) == (y.born.month, y.born.day):
        return Level.SWAPPED
    same = (x.born.year == y.born.year, x.born.month == y.born.month, x.born.day == y.born.day)
    if sum(same) == 2:  # noqa: PLR2004  # two of day, month and year
        return Level.ONE_PART
    near = abs(x.born.year - y.born.year) <= (2 if x.born_is_doubtful or y.born_is_doubtful else 0)
    doubtful = x.born_is_doubtful or y.born_is_doubtful
    if near and (doubtful or _is_default(x.born) or _is_default(y.born)):
        return Level.DEFAULT
    return Level.DIFFERS


def _is_default(born: date) -> bool:
    return (born.day, born.month) == (1, 1)


def _postcode(a: str, b: str) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    if a == b:
        return Level.EXACT
    return Level.DISTRICT if a.split(maxsplit=1)[0] == b.split(maxsplit=1)[0] else Level.DIFFERS


def _equal(a: str, b: str, agrees: Level) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    return agrees if a == b else Level.DIFFERS


def _identifier(a: frozenset[str], b: frozenset[str]) -> Level:
    if not a or not b:
        return Level.UNKNOWN
    return Level.AGREES if a & b else Level.DIFFERS
