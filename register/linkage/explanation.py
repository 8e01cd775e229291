"""Why a pair was judged as it was: a table of what weighed how much, and one plain sentence. Pure.

No value stands in it, only how the values agree: so it may be shown where a place may not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from register.linkage.compare import Comparison
from register.linkage.guards import NOT_SURE, Decision, Guard, holding
from register.linkage.match import Bits, Judged, Model, judge, sum_up, weigh_all
from register.linkage.readings import (
    NAMES_SWAPPED,
    ONE_AND_MANY,
    SAME,
    SWAPPED,
    Outcome,
    Reading,
    levels_of,
    reading_of,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of evidence: what became of it, in a table's words and a sentence's.

    `bits` is what that weighs for one child, against each other explanation.
    """

    evidence: str
    outcome: Outcome
    words: str
    sentence: str
    bits: Bits


@dataclass(frozen=True, slots=True)
class Explanation:
    """A pair's whole sum: where it began, a line for each kind of evidence, where it ended.

    `rival` is the likeliest of the other explanations, by its name in `Bits`: the column that
    decides. The four together come to `bits`, and so to the probability. `guard` names the rule
    that holds the machine back, blank where none does; `sentence` says all of it in words that
    need no other knowledge.
    """

    lines: tuple[Line, ...]
    priors: Bits
    sums: Bits
    rival: str
    bits: float
    probability: float
    decision: Decision
    guard: str
    sentence: str
    model: str


WHOM = MappingProxyType(
    {
        "sibling": "brothers or sisters",
        "twin": "twins",
        "look_alike": "children of like names",
        "stranger": "unrelated children",
    }
)
"""Of whom else two like reports may speak, by the names in `Bits`."""
LINKING = frozenset({Decision.LINK, Decision.NEAR})
_IF_NO_RIVAL = ", if no other known child fits as well"
_UNITS = ((10**9, "thousand million"), (10**6, "million"), (10**3, "thousand"))
_MOST = 30.0
"""Bits above which no figure is told: nobody has counted so many pairs."""
_LEAST = 3.5
"""Bits below which agreement says little: one pair in ten agrees as well."""


def explain(compared: Comparison, model: Model) -> Explanation:
    """Explain how the model judges a compared pair."""
    judged = judge(compared, model)
    weights = weigh_all(compared, model)
    levels = levels_of(compared)
    lines = [_line(each, reading_of(each, levels[each]), weights[each]) for each in levels]
    if compared.names_swapped:
        lines.append(_line(SWAPPED, NAMES_SWAPPED, weights[SWAPPED]))
    guard = holding(compared)
    sums = sum_up(weights.values(), model)
    against = in_how_many(
        getattr(sums, judged.rival) - getattr(model.priors, judged.rival), WHOM[judged.rival]
    )
    return Explanation(
        lines=tuple(lines),
        priors=model.priors,
        sums=sums,
        rival=judged.rival,
        bits=judged.bits,
        probability=judged.probability,
        decision=judged.decision,
        guard=guard.name if guard and (guard.sentence or judged.decision in LINKING) else "",
        sentence=" ".join([_comparison(lines), against, _follows(judged, guard)]),
        model=model.version,
    )


def in_how_many(bits: float, whom: str) -> str:
    """Say in how many pairs of different children so much agreement is found by chance.

    `bits` is the sum of the weights without the prior, each the logarithm of a ratio of
    likelihoods: among pairs of `whom`, fewer than one in N reaches a ratio of N.
    """
    if bits < _LEAST:
        return f"Many pairs of {whom} agree as well."
    return f"Fewer than one pair of {whom} in {_number(2.0 ** min(bits, _MOST))} agrees so well."


def _line(evidence: str, reading: Reading, bits: Bits) -> Line:
    one, many = ONE_AND_MANY[evidence]
    said = reading.sentence.format(one=one, many=many)
    return Line(evidence, reading.outcome, reading.words, said, bits)


def _follows(judged: Judged, guard: Guard | None) -> str:
    if guard and guard.sentence:
        return f"It is not linked by the register itself: {_lower(guard.sentence)}"
    if judged.decision in LINKING:
        return f"On this alone the register would link the two{_IF_NO_RIVAL * bool(guard)}."
    return f"It is not linked by the register itself: {_lower(NOT_SURE)}"


def _comparison(lines: Iterable[Line]) -> str:
    """Say what agrees, then what differs."""
    same = [each.sentence for each in lines if each.words == SAME.words]
    alike = [f"the same {_listed([each.removeprefix('the same ') for each in same])}"][: len(same)]
    told = [each for each in lines if each.words != SAME.words]
    alike += [each.sentence for each in told if each.outcome is Outcome.AGREES]
    apart = [each.sentence for each in told if each.outcome is Outcome.DIFFERS]
    if not alike and not apart:
        return "There is nothing that both sides tell of the child."
    parts = [", and ".join(alike), _listed(apart)]
    return f"The two give {', but '.join(part for part in parts if part)}."


def _number(times: float) -> str:
    """Round down to one figure: 3 million is read, 3,276,800 is not."""
    unit, name = next(((unit, name) for unit, name in _UNITS if times >= unit), (1, ""))
    count = int(times / unit)
    power = 10 ** (len(str(count)) - 1)
    rounded = count // power * power
    return f"a {name}" if rounded == 1 and name else f"{rounded} {name}".rstrip()


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
