"""Judging a compared pair: how probable one child is, and what the guards allow. Pure.

The sum of weights says how probable; the guards say whether a machine may act on it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from register.linkage.compare import Comparison
from register.linkage.guards import GUARDS, NOT_SURE, Decision, Guard
from register.linkage.levels import Level, NamePair
from register.linkage.names import forename_bits, surname_bits
from register.terms import label


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
