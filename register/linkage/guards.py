"""The guards: rules that hold a machine back, however probable a pair is. Pure.

Each is one line of `GUARDS`, with the sentence that a person is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from register.linkage.compare import Comparison
from register.linkage.levels import Level


class Decision(StrEnum):
    """What may follow from a pair, before it is seen among its rivals."""

    LINK = "link"
    NEAR = "near"
    """Links only where no other known child fits as well."""
    REVIEW = "review"
    HOUSEHOLD = "household"
    """A review only where neither has a partner: perhaps a name unknown to us, perhaps twins."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule that holds a machine back: when it does, what may follow, the sentence shown.

    `parts` says that it also stands against a link by way of other reports: the two are more
    likely two children than one of whom too little is known.
    """

    name: str
    holds_back: Callable[[Comparison], bool]
    decision: Decision
    sentence: str = ""
    parts: bool = False


NOT_SURE = "What agrees is not enough to be sure."
NEAR_LEVELS = frozenset({Level.ALIKE, Level.FIRST_OTHER})
NEAR_BIRTHDAYS = frozenset({Level.SWAPPED, Level.SLIP})
BIRTHDAYS = frozenset({Level.EXACT, Level.SWAPPED})


def _only_forename_known(compared: Comparison) -> bool:
    """Tell whether of two names one is missing, and not even the day of going missing agrees."""
    return compared.surname is Level.UNKNOWN and compared.going_missing is not Level.AGREES


GUARDS: tuple[Guard, ...] = (
    Guard(
        "twins",
        lambda c: (
            c.forename is Level.DIFFERS
            and not c.identifier_agrees
            and c.date_of_birth in {Level.EXACT, Level.EXACT_DEFAULT}
        ),
        Decision.HOUSEHOLD,
        "The same family and date of birth, but the forenames differ: perhaps twins.",
        parts=True,
    ),
    Guard(
        "another forename",
        lambda c: c.forename is Level.DIFFERS and not c.identifier_agrees,
        Decision.NOTHING,
        "The forenames differ.",
        parts=True,
    ),
    Guard(
        "identifiers at odds",
        lambda c: c.identifier_agrees and c.identifier_differs,
        Decision.REVIEW,
        "One identifier is the same and another is not.",
        parts=True,
    ),
    Guard(
        "another identifier",
        lambda c: c.identifier_differs,
        Decision.REVIEW,
        "Both give the same kind of identifier, and the two differ.",
        parts=True,
    ),
    Guard(
        "identifier alone",
        lambda c: c.forename is Level.DIFFERS,
        Decision.REVIEW,
        "An identifier is the same, but the forenames differ.",
    ),
    Guard(
        "no forename",
        lambda c: c.forename is Level.UNKNOWN,
        Decision.REVIEW,
        "A forename is missing or can't be compared: what is left is evidence about the family.",
    ),
    Guard(
        "near forenames",
        lambda c: c.forename in NEAR_LEVELS and not c.identifier_agrees,
        Decision.REVIEW,
        "The forenames are near each other, but each may be a name of its own.",
        parts=True,
    ),
    Guard(
        "another birthday",
        lambda c: (
            c.date_of_birth is Level.DIFFERS
            and not (c.identifier_agrees and c.forename is Level.EXACT)
        ),
        Decision.REVIEW,
        "The dates of birth differ.",
        parts=True,
    ),
    Guard(
        "another sex",
        lambda c: c.sex is Level.DIFFERS and c.forename is not Level.EXACT,
        Decision.REVIEW,
        "The forenames are not the same, and neither is the sex.",
        parts=True,
    ),
    Guard(
        "another surname",
        lambda c: (
            (c.surname is Level.DIFFERS or _only_forename_known(c))
            and not (c.postcode is Level.EXACT and c.date_of_birth in BIRTHDAYS)
            and not c.identifier_agrees
        ),
        Decision.REVIEW,
        "The surname differs or is missing, and no birthday at one address or identifier speaks "
        "for it.",
    ),
    Guard(
        "name alone",
        lambda c: (
            c.date_of_birth is not Level.EXACT
            and not (c.date_of_birth in NEAR_BIRTHDAYS and c.going_missing is Level.AGREES)
            and c.postcode is not Level.EXACT
            and not c.identifier_agrees
        ),
        Decision.REVIEW,
        "No birthday, address or identifier is the same: perhaps another child of that name.",
    ),
    Guard(
        "elsewhere",
        lambda c: c.is_elsewhere and not c.is_of_one_name_and_birthday and not c.identifier_agrees,
        Decision.REVIEW,
        "Home and organisation are in other parts of the country: perhaps a namesake.",
        parts=True,
    ),
    Guard(
        "another form",
        lambda c: (
            c.forename is Level.FAMILY
            and c.postcode not in {Level.EXACT, Level.SLIP}
            and c.going_missing is not Level.AGREES
            and not c.identifier_agrees
        ),
        Decision.REVIEW,
        "The forename is in another form, and no home, identifier or day of going missing speaks "
        "for it: twins may be called so.",
    ),
    Guard(
        "needs no rival",
        lambda c: c.forename is not Level.EXACT or c.names_swapped,
        Decision.NEAR,
    ),
)
"""In the order in which they are asked; the first that holds back decides."""


def holding(compared: Comparison) -> Guard | None:
    """Give the guard that decides about a pair, None where the sum alone does."""
    return next((each for each in GUARDS if each.holds_back(compared)), None)


def parting(compared: Comparison) -> str:
    """Say why two reports that others would join are rather of two children, blank for nothing."""
    found = (each.sentence for each in GUARDS if each.parts and each.holds_back(compared))
    return next(found, "")
