"""What each level of agreement comes to, in words: for a table and for a sentence. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from register.linkage.compare import Comparison
from register.linkage.levels import Level


class Outcome(StrEnum):
    """What became of one kind of evidence, in three words."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a level comes to: the outcome, the words of a table, those of a sentence."""

    outcome: Outcome
    words: str
    sentence: str


SAME = Reading(Outcome.AGREES, "the same", "the same {one}")
_PART = "of which one part differs"
LEVELS: Mapping[Level, Reading] = MappingProxyType(
    {
        Level.EXACT: SAME,
        Level.AGREES: SAME,
        Level.EXACT_DEFAULT: Reading(
            Outcome.AGREES,
            "the same, but an estimate, or often a guess",
            "the same {one}, which is an estimate or often a guess",
        ),
        Level.FIRST: Reading(
            Outcome.AGREES,
            "the same, one gives further names",
            "the same {one}, with further names on one side",
        ),
        Level.FAMILY: Reading(
            Outcome.AGREES, "forms of one name", "{many} that are forms of one name"
        ),
        Level.SLIP: Reading(Outcome.AGREES, "one slip apart", "{many} one slip apart"),
        Level.PART: Reading(
            Outcome.AGREES, "one part of a double name is the same", "one part of a double {one}"
        ),
        Level.SWAPPED: Reading(
            Outcome.AGREES,
            "day and month in each other's place",
            "{many} with day and month in each other's place",
        ),
        Level.FIRST_OTHER: Reading(
            Outcome.DIFFERS,
            "the first is the same, further names differ",
            "further {many} that differ",
        ),
        Level.ALIKE: Reading(
            Outcome.DIFFERS,
            "near each other, but perhaps names of their own",
            "{many} that are near each other and perhaps names of their own",
        ),
        Level.ONE_PART: Reading(Outcome.DIFFERS, f"two dates {_PART}", f"{{many}} {_PART}"),
        Level.DISTRICT: Reading(Outcome.DIFFERS, "in one district", "{many} of one district"),
        Level.AREA: Reading(Outcome.DIFFERS, "in one postcode area", "{many} of one area"),
        Level.DEFAULT: Reading(
            Outcome.UNKNOWN, "perhaps the same: one is an estimate, or often a guess", ""
        ),
        Level.UNKNOWN: Reading(Outcome.UNKNOWN, "not known to both", ""),
        Level.DIFFERS: Reading(Outcome.DIFFERS, "not the same", "different {many}"),
    }
)
"""What each level comes to, and in which words."""
_SURNAMES_ALIKE = Reading(
    Outcome.AGREES, "a slip or two apart, or sounding alike", "{many} that are alike"
)
"""Surnames that are alike are rather one; forenames may be two children's."""
NAMES_SWAPPED = Reading(
    Outcome.DIFFERS, "in each other's place", "forename and surname in each other's place"
)
SWAPPED = "order of the names"
ONE_AND_MANY = {
    "forename": ("forename", "forenames"),
    "date of birth": ("date of birth", "dates of birth"),
    "surname": ("surname", "surnames"),
    "postcode": ("home postcode", "home postcodes"),
    "sex": ("sex", "sexes"),
    "NHS number": ("NHS number", "NHS numbers"),
    "unique pupil number": ("unique pupil number", "unique pupil numbers"),
    "Home Office reference": ("Home Office reference", "Home Office references"),
    "going missing": ("day of going missing", "days of going missing"),
    SWAPPED: ("", ""),
}
"""What one of a kind of evidence is called, and what two are."""


def levels_of(compared: Comparison) -> dict[str, Level]:
    """Give the level of each kind of evidence, by the name under which it is weighed."""
    return {
        "forename": compared.forename,
        "date of birth": compared.date_of_birth,
        "NHS number": compared.nhs_number,
        "unique pupil number": compared.upn,
        "Home Office reference": compared.home_office_reference,
        "surname": compared.surname,
        "postcode": compared.postcode,
        "sex": compared.sex,
        "going missing": compared.going_missing,
    }


def reading_of(evidence: str, level: Level) -> Reading:
    """Say what a level of one kind of evidence comes to."""
    if evidence == "surname" and level is Level.ALIKE:
        return _SURNAMES_ALIKE
    return LEVELS[level]
