"""Judging a compared pair: how probable one child is, and what the guards allow. Pure.

The sum of weights says how probable; the guards say whether a machine may act on it. Every guard
is one line of `GUARDS`, with the sentence that a person is shown.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from register.linkage.compare import Comparison
from register.linkage.levels import Level, NamePair
from register.linkage.names import forename_bits, surname_bits
from register.terms import label


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
class Model:
    """The model in force, as `config/model.toml` has it."""

    version: str
    prior: float
    link: float
    review: float
    crowd: int
    shared: int
    weights: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair's probability, what may follow, and why, in words."""

    bits: float
    probability: float
    decision: Decision
    reasons: tuple[str, ...]


def model_of(table: Mapping[str, object]) -> Model:
    """Read the model file's table."""
    weights = {name: rows for name, rows in table.items() if isinstance(rows, dict)}
    return Model(
        version=str(table["version"]),
        prior=float(str(table["prior"])),
        link=float(weights["thresholds"]["link"]),
        review=float(weights["thresholds"]["review"]),
        crowd=int(weights["limits"]["crowd"]),
        shared=int(weights["limits"]["shared"]),
        weights=weights,
    )


def weigh(compared: Comparison, model: Model) -> dict[str, float]:
    """Give the weight in bits of each kind of evidence, in the order a page shows."""
    weights = model.weights
    return {
        "forename": _forename_weight(weights["forename"], compared.forenames),
        "date of birth": weights["date_of_birth"][compared.date_of_birth],
        "NHS number": weights["identifier"][compared.nhs_number],
        "unique pupil number": weights["identifier"][compared.upn],
        "Home Office reference": weights["identifier"][compared.home_office_reference],
        "surname": _surname_weight(weights["surname"], compared.surnames),
        "postcode": weights["postcode"][compared.postcode],
        "sex": weights["sex"][compared.sex],
        "going missing": weights["going_missing"][compared.going_missing],
        "order of the names": weights["forename"]["swapped"] if compared.names_swapped else 0.0,
    }


def judge(compared: Comparison, model: Model) -> Judged:
    """Judge a pair by the model's sum, then by the guards."""
    weights = weigh(compared, model)
    bits = model.prior + sum(weights.values())
    guard = next((each for each in GUARDS if each.holds_back(compared)), None)
    if guard and guard.decision is Decision.HOUSEHOLD:
        # What would be asked if the forename weren't known at all.
        decision = _decide(guard, _probability(bits - weights["forename"]), model)
    else:
        decision = _decide(guard, _probability(bits), model)
    reasons = _in_words(compared)
    if guard and guard.sentence:
        reasons = (guard.sentence, *reasons)
    elif decision is Decision.REVIEW:
        reasons = (NOT_SURE, *reasons)
    return Judged(bits, _probability(bits), decision, reasons)


def _probability(bits: float) -> float:
    return 1 / (1 + math.pow(2.0, -max(min(bits, 60.0), -60.0)))


def _forename_weight(weights: Mapping[str, float], names: NamePair) -> float:
    if names.level in {Level.EXACT, Level.FIRST, Level.FIRST_OTHER, Level.FAMILY}:
        rarity = min(forename_bits(names.one), forename_bits(names.other))
        return max(rarity + weights.get(names.level, 0.0), 0.0)
    return weights[names.level]


def _surname_weight(weights: Mapping[str, float], names: NamePair) -> float:
    if names.level in {Level.EXACT, Level.PART, Level.ALIKE}:
        rarity = min(surname_bits(names.one), surname_bits(names.other))
        return rarity + weights.get(names.level, 0.0)
    return weights[names.level]


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
BIRTHDAYS = frozenset({Level.EXACT, Level.SWAPPED})

GUARDS: tuple[Guard, ...] = (
    Guard(
        "twins",
        lambda c: (
            c.forename is Level.DIFFERS
            and not c.identifier_agrees
            and c.date_of_birth is Level.EXACT
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
            c.surname is Level.DIFFERS and c.postcode is not Level.EXACT and not c.identifier_agrees
        ),
        Decision.REVIEW,
        "The surname differs, and no address or identifier speaks for it.",
    ),
    Guard(
        "name alone",
        lambda c: (
            c.date_of_birth not in BIRTHDAYS
            and not (c.date_of_birth is Level.SLIP and c.going_missing is Level.AGREES)
            and c.postcode is not Level.EXACT
            and not c.identifier_agrees
        ),
        Decision.REVIEW,
        "No birthday, address or identifier is the same: perhaps another child of that name.",
    ),
    Guard(
        "elsewhere",
        lambda c: Level.DIFFERS is c.postcode is c.organisations and not c.identifier_agrees,
        Decision.REVIEW,
        "Home and organisation are in other parts of the country: perhaps a namesake.",
        parts=True,
    ),
    Guard(
        "needs no rival",
        lambda c: c.forename is not Level.EXACT or c.names_swapped,
        Decision.NEAR,
    ),
)
"""In the order in which they are asked; the first that holds back decides."""


def parting(compared: Comparison) -> str:
    """Say why two reports that others would join are rather of two children, blank for nothing."""
    found = (each.sentence for each in GUARDS if each.parts and each.holds_back(compared))
    return next(found, "")


def _decide(guard: Guard | None, probability: float, model: Model) -> Decision:
    held = guard.decision if guard else Decision.LINK
    if held is Decision.NOTHING or probability < model.review:
        return Decision.NOTHING
    if held is Decision.REVIEW or probability >= model.link:
        return held
    return Decision.NOTHING if held is Decision.HOUSEHOLD else Decision.REVIEW


_LEVEL_WORDS = {
    Level.EXACT: "{0} agrees",
    Level.EXACT_DEFAULT: "{0} agrees, but is an estimate, or 1 January, which is often a guess",
    Level.AGREES: "{0} agrees",
    Level.FIRST: "{0} agrees, one gives further names",
    Level.FIRST_OTHER: "first {0} agrees, further names differ",
    Level.FAMILY: "{0} is another form of the same name",
    Level.SLIP: "{0} differs by a slip",
    Level.ALIKE: "{0} is alike",
    Level.PART: "part of a double {0} agrees",
    Level.SWAPPED: "day and month of the {0} are swapped",
    Level.ONE_PART: "one part of the {0} differs",
    Level.DEFAULT: "{0} may be the same, one is estimated",
    Level.DISTRICT: "only the district of the {0} agrees",
    Level.AREA: "only the area of the {0} agrees",
    Level.UNKNOWN: "{0} is not known to both",
    Level.DIFFERS: "{0} differs",
}


def _in_words(compared: Comparison) -> tuple[str, ...]:
    evidence = {
        "forename": compared.forename,
        "date of birth": compared.date_of_birth,
        "NHS number": compared.nhs_number,
        "pupil number": compared.upn,
        "Home Office reference": compared.home_office_reference,
        "surname": compared.surname,
        "postcode": compared.postcode,
        "sex": compared.sex,
        "day of going missing": compared.going_missing,
    }
    said = [
        _LEVEL_WORDS[level].format(label(name))
        for name, level in evidence.items()
        if level is not Level.UNKNOWN or name in {"forename", "date of birth", "surname"}
    ]
    if compared.names_swapped:
        said.insert(0, "forename and surname stand in each other's place")
    return tuple(f"{words[0].upper()}{words[1:]}." for words in said)
