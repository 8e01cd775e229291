"""Judging a compared pair: how probable one child is, and what the guards allow. Pure.

The weights say how probable one child is, against brother or sister, twin, look-alike and stranger
together; the guards say whether a machine may act on it.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from register.linkage.compare import Comparison
from register.linkage.guards import GUARDS, NOT_SURE, Decision, Guard
from register.linkage.levels import Level, NamePair
from register.linkage.names import (
    forename_bits,
    surname_bits,
)
from register.terms import label


class Bits(NamedTuple):
    """What speaks for one child, in bits, against each other explanation of two like reports."""

    sibling: float = 0.0
    twin: float = 0.0
    look_alike: float = 0.0
    stranger: float = 0.0


class Weight(NamedTuple):
    """What a level weighs; and its share among pairs of one child that both tell it."""

    bits: Bits
    same: float


@dataclass(frozen=True, slots=True)
class Model:
    """A model, as `config/model.toml` has the one in force.

    `source` says what it was made from. `forenames` and `surnames` give how rare a folded name is,
    in bits, where that was learnt; other names are as rare as `config/names` has them.
    """

    version: str
    source: str
    priors: Bits
    link: float
    review: float
    crowd: int
    namesakes: int
    shared: int
    weights: Mapping[str, Mapping[str, Weight]]
    forenames: Mapping[str, float] = field(default_factory=dict)
    surnames: Mapping[str, float] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Hash what is short of it: what follows of a model is kept, not worked out again."""
        return hash((self.version, self.priors, self.link, self.review))

    @property
    def prior(self) -> float:
        """How probable one child is before anything is compared, against two strangers; in bits."""
        return self.priors.stranger


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair's probability, what may follow, and why, in words.

    `rival` is the other explanation that is the likeliest, by its name in `Bits`. `fit` are the
    bits against strangers alone, which tell who of two children of one family fits better;
    `eventless` the same without the day of going missing, which may support and never decide.
    """

    bits: float
    probability: float
    decision: Decision
    reasons: tuple[str, ...]
    rival: str
    fit: float
    eventless: float


FAMILY_OR_LOOK_ALIKE = "family or look-alike"
"""The line of a sum that takes away what brothers, sisters and look-alikes have in common."""
ELSEWHERE = "elsewhere"
"""The line of the postcode that counts for namesakes whose organisations are apart too."""
_NAMES = ("forename", "order of the names")
_EVENT = "going missing"
_NOTHING = Bits()
_RARE_FORENAMES = frozenset({Level.EXACT, Level.FIRST, Level.FIRST_OTHER, Level.FAMILY})
_RARE_SURNAMES = frozenset({Level.EXACT, Level.PART, Level.ALIKE})


def forename_rarity(names: NamePair, model: Model) -> float:
    """Give how rare the commoner of two forenames is, in bits; 0 at levels that need none."""
    if names.level not in _RARE_FORENAMES:
        return 0.0
    return min(rare_forename(names.one, model), rare_forename(names.other, model))


def surname_rarity(names: NamePair, model: Model) -> float:
    """Give how rare the commoner of two surnames is, in bits; 0 at levels that need none."""
    if names.level not in _RARE_SURNAMES:
        return 0.0
    return min(rare_surname(names.one, model), rare_surname(names.other, model))


def rare_forename(name: str, model: Model) -> float:
    """Give how rare one forename is, in bits."""
    return model.forenames.get(name) or forename_bits(name)


def rare_surname(name: str, model: Model) -> float:
    """Give how rare one surname is, in bits."""
    return model.surnames.get(name) or surname_bits(name)


def postcode_line(compared: Comparison) -> str:
    """Give the line of the model file by which the postcode is weighed."""
    namesakes = compared.is_elsewhere and compared.is_of_one_name_and_birthday
    return ELSEWHERE if namesakes else compared.postcode


def weigh_all(compared: Comparison, model: Model) -> dict[str, Bits]:
    """Give each kind of evidence's bits against each other explanation, as a page shows them."""

    def weight(evidence: str, level: str) -> Bits:
        found = model.weights[evidence].get(level)
        return found.bits if found else _NOTHING

    forename = weight("forename", compared.forename)
    rare = forename.stranger + forename_rarity(compared.forenames, model)
    if compared.forename in _RARE_FORENAMES:
        rare = max(rare, 0.0)
    surname = weight("surname", compared.surname)
    return {
        "forename": forename._replace(stranger=rare),
        "date of birth": weight("date_of_birth", compared.date_of_birth),
        "NHS number": weight("identifier", compared.nhs_number),
        "unique pupil number": weight("identifier", compared.upn),
        "Home Office reference": weight("identifier", compared.home_office_reference),
        "surname": surname._replace(
            stranger=surname.stranger + surname_rarity(compared.surnames, model)
        ),
        "postcode": weight("postcode", postcode_line(compared)),
        "sex": weight("sex", compared.sex),
        _EVENT: weight("going_missing", compared.going_missing),
        "order of the names": weight("forename", "swapped") if compared.names_swapped else _NOTHING,
    }


def weigh(compared: Comparison, model: Model) -> dict[str, float]:
    """Give the lines of a sum, in the order a page shows: with the prior they come to the bits.

    Each kind of evidence counts as against strangers; the last line takes away what a family or a
    look-alike would explain as well.
    """
    weights = weigh_all(compared, model)
    lines = {name: bits.stranger for name, bits in weights.items()}
    by_chance = model.prior + sum(lines.values())
    lines[FAMILY_OR_LOOK_ALIKE] = together(sum_up(weights.values(), model)) - by_chance
    return lines


def sum_up(weights: Iterable[Bits], model: Model) -> Bits:
    """Add up, from the priors on, what speaks for one child against each other explanation."""
    return Bits(*map(sum, zip(model.priors, *weights, strict=True)))


def together(sums: Bits) -> float:
    """Give the bits for one child against all other explanations together."""
    nearest = min(sums)
    return nearest - math.log2(sum(2.0 ** (nearest - bits) for bits in sums))


def judge(compared: Comparison, model: Model) -> Judged:
    """Judge a pair by the model's sums, then by the guards.

    Depends on names through their levels and their rarity alone.
    """
    weights = weigh_all(compared, model)
    sums = sum_up(weights.values(), model)
    bits = together(sums)
    guard = next((each for each in GUARDS if each.holds_back(compared)), None)
    if guard and guard.decision is Decision.HOUSEHOLD:
        # What would be asked if the forename weren't known at all.
        nameless = (bits for name, bits in weights.items() if name not in _NAMES)
        decision = _decide(guard, probability(together(sum_up(nameless, model))), model)
    else:
        decision = _decide(guard, probability(bits), model)
    reasons = _in_words(compared)
    if guard and guard.sentence:
        reasons = (guard.sentence, *reasons)
    elif decision is Decision.REVIEW:
        reasons = (NOT_SURE, *reasons)
    return Judged(
        bits=bits,
        probability=probability(bits),
        decision=decision,
        reasons=reasons,
        rival=Bits._fields[sums.index(min(sums))],
        fit=sums.stranger,
        eventless=sums.stranger - weights[_EVENT].stranger,
    )


def probability(bits: float) -> float:
    """Give the probability that so many bits for one child come to."""
    return 1 / (1 + math.pow(2.0, -max(min(bits, 60.0), -60.0)))


def _decide(guard: Guard | None, probability: float, model: Model) -> Decision:
    held = guard.decision if guard else Decision.LINK
    if held is Decision.NOTHING or probability < model.review:
        return Decision.NOTHING
    if held in {Decision.LINK, Decision.NEAR} and probability < model.link:
        return Decision.REVIEW
    return held


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
        _in_a_sentence(name, level)
        for name, level in evidence.items()
        if level is not Level.UNKNOWN or name in {"forename", "date of birth", "surname"}
    ]
    if compared.names_swapped:
        said.insert(0, "Forename and surname stand in each other's place.")
    return tuple(said)


@cache
def _in_a_sentence(name: str, level: Level) -> str:
    words = _LEVEL_WORDS[level].format(label(name))
    return f"{words[0].upper()}{words[1:]}."
