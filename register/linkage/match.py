"""Judging a compared pair: how probable one child is, and what the guards allow. Pure.

The sum of weights says how probable; the guards say whether a machine may act on it. Every guard
is one line of `GUARDS`, with the sentence that a person is shown.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from register.linkage.compare import Comparison, Level
from register.linkage.names import forename_bits, surname_bits
from register.terms import label

RARE_FORENAME, RARE_SURNAME = 12.0, 13.0


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
        weights=weights,
    )


def weigh(compared: Comparison, model: Model) -> dict[str, float]:
    """Give the weight in bits of each kind of evidence, in the order a page shows."""
    weights = model.weights
    rare_forename = min(forename_bits(compared.forename_seen), RARE_FORENAME)
    rare_surname = min(surname_bits(compared.surname_seen), RARE_SURNAME)
    return {
        "forename": _weight(weights["forename"], compared.forename, rare_forename),
        "date of birth": weights["date_of_birth"][compared.date_of_birth],
        "NHS number": weights["identifier"][compared.nhs_number],
        "unique pupil number": weights["identifier"][compared.upn],
        "Home Office reference": weights["identifier"][compared.home_office_reference],
        "surname": _weight(weights["surname"], compared.surname, rare_surname),
        "postcode": weights["postcode"][compared.postcode],
        "sex": weights["sex"][compared.sex],
    }


def judge(compared: Comparison, model: Model) -> Judged:
    """Judge a pair by the model's sum, then by the guards."""
    weights = weigh(compared, model)
    bits = model.prior + sum(weights.values())
    probability = 1 / (1 + math.pow(2.0, -max(min(bits, 60.0), -60.0)))
    decision, guard = _decide(compared, probability, model)
    reasons = [guard] if guard else []
    return Judged(bits, probability, decision, (*reasons, *_in_words(compared)))


def _weight(weights: Mapping[str, float], level: Level, rarity: float) -> float:
    if level is Level.EXACT:
        return rarity
    if level in {Level.FIRST, Level.FIRST_OTHER, Level.PART} or (
        level is Level.ALIKE and "slip" not in weights
    ):
        return rarity + weights[level]
    return weights[level]


CHILD_LEVELS = frozenset({Level.EXACT, Level.FIRST, Level.FAMILY, Level.SLIP})

Guard = tuple[Callable[[Comparison], bool], Decision, str]
GUARDS: tuple[Guard, ...] = (
    (
        lambda c: c.forename is Level.DIFFERS and not c.identifier_agrees and c.family_agrees,
        Decision.HOUSEHOLD,
        "The same family and date of birth, but the forenames differ: perhaps twins.",
    ),
    (
        lambda c: c.forename is Level.DIFFERS and not c.identifier_agrees,
        Decision.NOTHING,
        "The forenames differ.",
    ),
    (
        lambda c: c.identifier_agrees and c.identifier_differs,
        Decision.REVIEW,
        "One identifier is the same and another is not.",
    ),
    (
        lambda c: c.identifier_differs,
        Decision.REVIEW,
        "Both give the same kind of identifier, and the two differ.",
    ),
    (
        lambda c: c.forename is Level.DIFFERS,
        Decision.REVIEW,
        "An identifier is the same, but the forenames differ.",
    ),
    (
        lambda c: c.forename is Level.UNKNOWN,
        Decision.REVIEW,
        "A forename is missing: what is left is evidence about the family.",
    ),
    (
        lambda c: c.forename not in CHILD_LEVELS and not c.identifier_agrees,
        Decision.REVIEW,
        "The forenames are near each other, but each may be a name of its own.",
    ),
    (
        lambda c: c.date_of_birth is Level.DIFFERS and not c.identifier_agrees,
        Decision.REVIEW,
        "The dates of birth differ.",
    ),
    (
        lambda c: c.sex is Level.DIFFERS and c.forename is not Level.EXACT,
        Decision.REVIEW,
        "The forenames are not the same, and neither is the sex.",
    ),
    (
        lambda c: (
            Level.DIFFERS in {c.surname, c.date_of_birth}
            and c.postcode is not Level.EXACT
            and not c.identifier_agrees
        ),
        Decision.REVIEW,
        "The surname differs, and no address or identifier speaks for it.",
    ),
    (
        lambda c: c.forename is not Level.EXACT or c.names_swapped,
        Decision.NEAR,
        "",
    ),
)


def _decide(compared: Comparison, probability: float, model: Model) -> tuple[Decision, str]:
    guarded, sentence = Decision.LINK, ""
    for applies, decision, words in GUARDS:
        if applies(compared):
            guarded, sentence = decision, words
            break
    if guarded in {Decision.NOTHING, Decision.HOUSEHOLD}:
        return guarded, sentence
    if probability < model.review:
        return Decision.NOTHING, ""
    if guarded is Decision.REVIEW or probability >= model.link:
        return guarded, sentence
    return Decision.REVIEW, "What agrees is not enough to be sure."


_LEVEL_WORDS = {
    Level.EXACT: "{0} agrees",
    Level.EXACT_DEFAULT: "{0} agrees, but is 1 January, which is often a guess",
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
    }
    said = [
        _LEVEL_WORDS[level].format(label(name))
        for name, level in evidence.items()
        if level is not Level.UNKNOWN or name in {"forename", "date of birth", "surname"}
    ]
    if compared.names_swapped:
        said.insert(0, "forename and surname stand in each other's place")
    return tuple(f"{words[0].upper()}{words[1:]}." for words in said)
