"""The levels at which two pieces of evidence agree, and which of two levels agrees better. Pure."""

from dataclasses import dataclass
from enum import StrEnum


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
    AREA = "area"
    AGREES = "agrees"
    UNKNOWN = "unknown"
    DIFFERS = "differs"


_NOT_KNOWN_OR_NOT = (Level.DIFFERS, Level.UNKNOWN)
FORENAME_ORDER = (
    *(Level.EXACT, Level.FIRST, Level.FAMILY, Level.SLIP, Level.FIRST_OTHER, Level.ALIKE),
    *_NOT_KNOWN_OR_NOT,
)
SURNAME_ORDER = (Level.EXACT, Level.PART, Level.ALIKE, *_NOT_KNOWN_OR_NOT)
BIRTH_ORDER = (
    *(Level.EXACT, Level.EXACT_DEFAULT, Level.SWAPPED, Level.SLIP, Level.DEFAULT, Level.ONE_PART),
    *_NOT_KNOWN_OR_NOT,
)
POSTCODE_ORDER = (Level.EXACT, Level.SLIP, Level.DISTRICT, Level.AREA, *_NOT_KNOWN_OR_NOT)
PLAIN_ORDER = (Level.AGREES, *_NOT_KNOWN_OR_NOT)


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names of one kind compared: the level, and the two that were seen, for their rarity."""

    level: Level
    one: str = ""
    other: str = ""
