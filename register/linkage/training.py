"""Learning a model from unlabelled reports: how often their writers agree, which names are common.

Expectation and maximisation over the counts of patterns of levels, from a model to start with.
What reports cannot tell is kept from that model: which of the pairs never compared agree by
chance, and what the members of one household have in common. So brothers, sisters and twins, of
whom there are always more than of anything else that is not one child, are not learnt as one.
Pure.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from register.errors import Refused
from register.linkage.compare import Comparison
from register.linkage.levels import Level
from register.linkage.match import (
    Bits,
    Model,
    Weight,
    forename_rarity,
    postcode_line,
    surname_rarity,
)
from register.linkage.names import UNLISTED_FORENAME, UNLISTED_SURNAME, forename_bits, surname_bits

ENOUGH_REPORTS = 1000
ENOUGH_PAIRS = 200
"""Pairs of one child that must be there, told or suspected, before their agreement is learnt."""
ROUNDS = 20
KEPT = 50.0
"""Pairs that the start's shares count for, so that a level which was hardly seen keeps its own."""
KEPT_NAMES = 500.0
"""Children that `config/names` counts for."""
NAMED_OFTEN = 5
"""A name that fewer children bear is as rare as the lists have it; and the file names nobody."""
GIVE = 3.0
"""Bits by which a weight or a prior may move: the next reports are not quite like these."""
OTHER_NAMES = (Level.ALIKE, Level.FIRST_OTHER, Level.DIFFERS)
"""Levels that speak of two children: never learnt to speak less against one than at the start."""
BY_CHANCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "forename": ("stranger",),
        "surname": ("stranger",),
        "date_of_birth": ("sibling", "look_alike", "stranger"),
        "sex": ("sibling", "twin", "stranger"),
        "postcode": ("look_alike", "stranger"),
        "identifier": Bits._fields,
    }
)
"""What is learnt, and who agrees in it by chance alone: of them a level's share stays the start's.

Of the pairs of others only such were compared as agree in something; they can't tell it."""
NAMES_SWAPPED = ("forename", "swapped")
Floats = NDArray[np.float64]

Told = tuple[str, str]
"""A kind of evidence, as the model file names it, and a level of it."""
Shares = dict[Told, float]


class Pattern(NamedTuple):
    """All that is learnt from of a compared pair: levels, and how rare the names are, in bits."""

    told: tuple[Told, ...]
    rarity: float


@dataclass(frozen=True, slots=True)
class NameCounts:
    """How many of the subjects bear each folded name, and how many there are."""

    forenames: Mapping[str, int]
    surnames: Mapping[str, int]
    subjects: int


def pattern_of(compared: Comparison, model: Model) -> Pattern:
    """Keep of a compared pair what is learnt from."""
    levels = (
        ("forename", compared.forename),
        ("forename", Level.SWAPPED if compared.names_swapped else Level.UNKNOWN),
        ("surname", compared.surname),
        ("date_of_birth", compared.date_of_birth),
        ("sex", compared.sex),
        ("postcode", postcode_line(compared)),
        ("going_missing", compared.going_missing),
        *(("identifier", level) for level in compared.identifiers),
    )
    rarity = forename_rarity(compared.forenames, model) + surname_rarity(compared.surnames, model)
    return Pattern(tuple(each for each in levels if each[1] is not Level.UNKNOWN), rarity)


def learn_names(names: NameCounts, start: Model) -> Model:
    """Learn how rare names are: -log2 of their share, to half a bit, near the lists where few."""
    if names.subjects < ENOUGH_REPORTS:
        message = (
            f"These files tell of {names.subjects} children, too few to learn from: "
            f"give {ENOUGH_REPORTS} and more, or go on with the model in force."
        )
        raise Refused(message)
    forenames = _rarities(names.forenames, names.subjects, forename_bits, UNLISTED_FORENAME)
    surnames = _rarities(names.surnames, names.subjects, surname_bits, UNLISTED_SURNAME)
    return replace(start, forenames=dict(forenames), surnames=dict(surnames))


def _rarities(
    counts: Mapping[str, int], number: int, listed: Callable[[str], float], most: float
) -> Iterator[tuple[str, float]]:
    for name, count in sorted(counts.items()):
        if count >= NAMED_OFTEN and len(name) > 1:
            share = (count + KEPT_NAMES * 2.0 ** -listed(name)) / (number + KEPT_NAMES)
            bits = min(round(-2 * math.log2(share)) / 2, most)
            if bits != listed(name):
                yield name, bits


def train(patterns: Mapping[Pattern, int], start: Model) -> Model:
    """Learn what levels weigh from how often each pattern was seen; `start` is also the measure.

    Raises Refused where too few pairs can be of one child.
    """
    table, model = _in_table(patterns), start
    for _ in range(ROUNDS):
        seen = _expect(table, model)
        if seen["same"].pairs < ENOUGH_PAIRS:
            message = (
                f"Of these reports only some {seen['same'].pairs:.0f} pairs can be of one child, "
                f"too few to learn from: give {ENOUGH_PAIRS} and more."
            )
            raise Refused(message)
        model = _maximise(seen, start)
    return _rounded(model)


@dataclass(slots=True)
class _Seen:
    """How many of the pairs are expected to be of one kind, and at which levels."""

    pairs: float
    levels: Shares


@dataclass(frozen=True, slots=True)
class _Table:
    """Patterns as rows: how often each tells what, how rare its names are, and its pairs."""

    told: list[Told]
    times_told: Floats
    rarity: Floats
    pairs: Floats


def _in_table(patterns: Mapping[Pattern, int]) -> _Table:
    told = sorted({each for pattern in patterns for each in pattern.told})
    places = {each: place for place, each in enumerate(told)}
    times_told = np.zeros((len(patterns), len(told)))
    for row, pattern in enumerate(patterns):
        for each in pattern.told:
            times_told[row, places[each]] += 1
    rarity = np.array([pattern.rarity for pattern in patterns])
    return _Table(told, times_told, rarity, np.array([*patterns.values()], np.float64))


def _expect(table: _Table, model: Model) -> dict[str, _Seen]:
    """Part the pairs among the explanations, each by how likely that is."""
    weights = [model.weights[evidence][level].bits for evidence, level in table.told]
    sums = np.array(model.priors) + table.times_told @ np.array(weights)
    sums[:, Bits._fields.index("stranger")] += table.rarity
    nearest = sums.min(axis=1)
    bits = nearest - np.log2((2.0 ** (nearest[:, None] - sums)).sum(axis=1))
    likely = 1 / (1 + 2.0 ** -np.maximum(bits, -60.0))
    others = 2.0 ** -np.maximum(sums.T, -60.0)
    parts = likely * np.vstack([np.ones_like(likely), others]) * table.pairs
    return {
        kind: _Seen(float(part.sum()), dict(zip(table.told, levels.tolist(), strict=True)))
        for kind, part, levels in zip(
            ("same", *Bits._fields), parts, parts @ table.times_told, strict=True
        )
    }


def _maximise(seen: Mapping[str, _Seen], start: Model) -> Model:
    same = _learnt(seen["same"].levels, _start_shares(start, None))
    households = {
        rival: _learnt(seen[rival].levels, _start_shares(start, rival))
        for rival in ("sibling", "twin")
    }
    weights = {
        evidence: {
            level: _weight(start, (evidence, level), same, households) for level in start_levels
        }
        for evidence, start_levels in start.weights.items()
    }
    rarer = {
        rival: _within(
            math.log2(seen["same"].pairs / max(seen[rival].pairs, 1.0)),
            getattr(start.priors, rival),
        )
        for rival in households
    }
    return replace(start, weights=weights, priors=start.priors._replace(**rarer))


def _within(learnt: float, begun: float) -> float:
    return max(begun - GIVE, min(begun + GIVE, learnt))


def _start_shares(start: Model, rival: str | None) -> Shares:
    """Give each level's share, of one child's pairs or as its bits against a rival imply it."""
    return {
        (evidence, level): weight.same * 2.0 ** -(getattr(weight.bits, rival) if rival else 0.0)
        for evidence, levels in start.weights.items()
        for level, weight in levels.items()
    }


def _learnt(seen: Shares, begun: Shares) -> Shares:
    """Give each level's share of its kind of evidence, the start counting for some pairs."""
    counts = {told: seen.get(told, 0.0) + KEPT * share for told, share in begun.items()}
    whole: dict[str, float] = {}
    for told, count in counts.items():
        if told != NAMES_SWAPPED:  # stands beside the levels, not among them
            whole[told[0]] = whole.get(told[0], 0.0) + count
    return {told: count / whole[told[0]] for told, count in counts.items()}


def _weight(start: Model, told: Told, same: Shares, households: Mapping[str, Shares]) -> Weight:
    """Weigh a level anew.

    Chance stays what it is: a level seen oftener of one child weighs more against strangers. What
    a family shares still weighs nothing within it; how alike its forenames are is learnt.
    """
    evidence, level = told
    begun = start.weights[evidence][level]
    if evidence not in BY_CHANCE:
        return begun
    bits = begun.bits._asdict()
    for rival in BY_CHANCE[evidence]:
        bits[rival] += _within(math.log2(same[told] / begun.same), 0.0)
    if evidence == "forename" and told != NAMES_SWAPPED:
        for rival, shares in households.items():
            learnt = _within(math.log2(same[told] / shares[told]), bits[rival])
            bits[rival] = min(learnt, bits[rival]) if level in OTHER_NAMES else learnt
    return Weight(Bits(**bits), same[told])


def _rounded(model: Model) -> Model:
    """Write tenths of bits, as the file does: what is put into force is what was learnt."""
    weights = {
        evidence: {
            level: Weight(Bits(*(round(each, 1) for each in weight.bits)), round(weight.same, 4))
            for level, weight in levels.items()
        }
        for evidence, levels in model.weights.items()
    }
    return replace(model, priors=Bits(*(round(each, 1) for each in model.priors)), weights=weights)
