"""Why a pair was judged as it was: a table of what weighed how much, and one plain sentence. Pure.

No value stands in it, only how the values agree: so it may be shown where a place may not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from register.linkage.compare import Comparison
from register.linkage.guards import GUARDS, NOT_SURE, Decision, Guard
from register.linkage.levels import Level
from register.linkage.match import FAMILY_OR_LOOK_ALIKE, Judged, Model, judge, weigh


class Outcome(StrEnum):
    """What became of one kind of evidence, in three words."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of evidence: what became of it, in a table's words and a sentence's, its bits."""

    evidence: str
    outcome: Outcome
    words: str
    sentence: str
    bits: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A pair's whole sum: where it began, a line for each kind of evidence, where it ended.

    `guard` names the rule that holds the machine back, blank where none does; `sentence` says all
    of it in words that need no other knowledge.
    """

    lines: tuple[Line, ...]
    prior: float
    bits: float
    probability: float
    decision: Decision
    guard: str
    sentence: str
    model: str

    @property
    def evidence_bits(self) -> float:
        """What the evidence alone weighs, the prior apart."""
        return self.bits - self.prior


@dataclass(frozen=True, slots=True)
class Reading:
    """What a level comes to: the outcome, the words of a table, those of a sentence."""

    outcome: Outcome
    words: str
    sentence: str


_SAME = Reading(Outcome.AGREES, "the same", "the same {one}")
_PART = "of which one part differs"
LEVELS: Mapping[Level, Reading] = MappingProxyType(
    {
        Level.EXACT: _SAME,
        Level.AGREES: _SAME,
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
_NAMES_SWAPPED = Reading(
    Outcome.DIFFERS, "in each other's place", "forename and surname in each other's place"
)
_EXPLAINED_OTHERWISE = Reading(
    Outcome.UNKNOWN, "what brother, sister, twin or namesake would explain as well", ""
)
SWAPPED = "order of the names"
_ONE_AND_MANY = {
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
    FAMILY_OR_LOOK_ALIKE: ("", ""),
}
_UNITS = ((10**9, "thousand million"), (10**6, "million"), (10**3, "thousand"))
_MOST = 30.0
"""Bits above which no figure is told: nobody has counted so many pairs."""
_LEAST = 3.5
"""Bits below which agreement says little: one pair in ten agrees as well."""


def explain(compared: Comparison, model: Model) -> Explanation:
    """Explain how the model judges a compared pair."""
    judged = judge(compared, model)
    weights = weigh(compared, model)
    levels = levels_of(compared)
    lines = [_line(each, reading_of(each, levels[each]), weights[each]) for each in levels]
    if compared.names_swapped:
        lines.append(_line(SWAPPED, _NAMES_SWAPPED, weights[SWAPPED]))
    lines.append(_line(FAMILY_OR_LOOK_ALIKE, _EXPLAINED_OTHERWISE, weights[FAMILY_OR_LOOK_ALIKE]))
    guard = holding(compared)
    return Explanation(
        lines=tuple(lines),
        prior=model.prior,
        bits=judged.bits,
        probability=judged.probability,
        decision=judged.decision,
        guard=guard.name if guard else "",
        sentence=_sentences(lines, judged, guard, judged.fit - model.prior),
        model=model.version,
    )


def holding(compared: Comparison) -> Guard | None:
    """Give the guard that decides about a pair, None where the sum alone does."""
    return next((each for each in GUARDS if each.holds_back(compared)), None)


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


def in_how_many(bits: float, whom: str = "unrelated children") -> str:
    """Say in how many pairs of different children so much agreement is found by chance.

    `bits` is the sum of the weights without the prior, each the logarithm of a ratio of
    likelihoods: among pairs of `whom`, fewer than one in N reaches a ratio of N.
    """
    if bits < _LEAST:
        return f"Many pairs of {whom} agree as well."
    return f"Fewer than one pair of {whom} in {_number(2.0 ** min(bits, _MOST))} agrees so well."


def _line(evidence: str, reading: Reading, bits: float) -> Line:
    one, many = _ONE_AND_MANY[evidence]
    said = reading.sentence.format(one=one, many=many)
    return Line(evidence, reading.outcome, reading.words, said, bits)


def _sentences(lines: Iterable[Line], judged: Judged, guard: Guard | None, bits: float) -> str:
    if guard and guard.sentence:
        follows = f"It is not linked by the register itself: {_lower(guard.sentence)}"
    elif judged.decision in {Decision.LINK, Decision.NEAR}:
        rivals = ", if no other known child fits as well" if guard else ""
        follows = f"The register links the two by itself{rivals}."
    else:
        follows = f"It is not linked by the register itself: {_lower(NOT_SURE)}"
    return " ".join([_comparison(lines), in_how_many(bits), follows])


def _comparison(lines: Iterable[Line]) -> str:
    """Say what agrees, then what differs."""
    same = [each.sentence for each in lines if each.words == _SAME.words]
    alike = [f"the same {_listed([each.removeprefix('the same ') for each in same])}"][: len(same)]
    told = [each for each in lines if each.words != _SAME.words]
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
