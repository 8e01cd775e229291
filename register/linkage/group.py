"""From judged pairs to children: who belongs together, and what a person must judge. Pure.

The result depends on the subjects, the pairs and the judgements alone, never on their order:
everything is taken in an order made of content. A link is made only where no member of the one
group speaks against a member of the other, and where no rival fits as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from register.linkage.compare import Comparison, Level, compare
from register.linkage.identity import Subject
from register.linkage.match import Decision, Judged
from register.reports.organisations import find_organisation
from register.terms import Sector

Pair = tuple[int, int]
UNSURE_NAMES = frozenset({Level.FAMILY, Level.SLIP})
"""Levels at which a forename is not the same: twins may be called Mia and Mya."""
OTHER_NAMES = UNSURE_NAMES | {Level.ALIKE, Level.FIRST_OTHER, Level.DIFFERS}
BOTH_SIDES = frozenset({Sector.POLICE, Sector.AUTHORITY})
TIE_BITS = 1.0
"""Two candidates whose sums differ by less fit equally well."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that was compared and judged; `pair` holds the ids of the two subjects."""

    pair: Pair
    compared: Comparison
    judged: Judged


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that goes to review."""

    pair: Pair
    probability: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Grouping:
    """Groups of subjects, each one child, and the pairs that a person must judge."""

    groups: list[frozenset[int]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def group(
    subjects: Mapping[int, Subject],
    candidates: Iterable[Candidate],
    same: Iterable[Pair] = (),
    different: frozenset[Pair] = frozenset(),
) -> Grouping:
    """Group the subjects; `same` and `different` are people's judgements, in subjects' ids."""
    return _Grouper(subjects, list(candidates), same, different).run()


class _Grouper:
    def __init__(
        self,
        subjects: Mapping[int, Subject],
        candidates: list[Candidate],
        same: Iterable[Pair],
        different: frozenset[Pair],
    ) -> None:
        self.subjects = subjects
        self.different = different
        self.members = {subject_id: frozenset({subject_id}) for subject_id in subjects}
        self.candidates = sorted(candidates, key=self._order)
        self.near: dict[int, list[Candidate]] = {}
        for candidate in self.candidates:
            for subject_id in candidate.pair:
                self.near.setdefault(subject_id, []).append(candidate)
        self.reviews: dict[Pair, tuple[float, tuple[str, ...]]] = {}
        for a, b in sorted(same):
            self._join(a, b)

    def _order(self, candidate: Candidate) -> tuple[float, tuple[tuple[str, str, str], ...]]:
        keys = sorted(self.subjects[subject_id].key for subject_id in candidate.pair)
        return (-round(candidate.judged.bits, 6), tuple(keys))

    def run(self) -> Grouping:
        """Link exact pairs first, then near ones without a rival; the rest goes to review."""
        for wanted in (Decision.LINK, Decision.NEAR):
            for candidate in self.candidates:
                if candidate.judged.decision is wanted:
                    self._consider(candidate)
        for candidate in self.candidates:
            decision = candidate.judged.decision
            if decision is Decision.REVIEW or (
                decision is Decision.HOUSEHOLD and self._both_alone(candidate.pair)
            ):
                self._propose(candidate)
        groups = sorted({*self.members.values()}, key=sorted)
        proposals = [
            Proposal(pair, probability, reasons)
            for pair, (probability, reasons) in sorted(self.reviews.items())
            if self.members[pair[0]] is not self.members[pair[1]]
        ]
        return Grouping(groups, proposals)

    def _consider(self, candidate: Candidate) -> None:
        a, b = candidate.pair
        if self.members[a] is self.members[b]:
            return
        against = self._objection(a, b) or self._rival(candidate)
        if against:
            self._propose(candidate, against)
        else:
            self._join(a, b)

    def _propose(self, candidate: Candidate, reason: str = "") -> None:
        if any(pair in self.different for pair in self._between(*candidate.pair)):
            return  # a person has judged; the group inherits it
        if candidate.compared.forename in OTHER_NAMES and not candidate.compared.identifier_agrees:
            a, b = candidate.pair
            if self._sides(a) >= BOTH_SIDES and self._sides(b) >= BOTH_SIDES:
                return  # each of the two is known to both sides under its own forename
        reasons = (reason, *candidate.judged.reasons) if reason else candidate.judged.reasons
        self.reviews.setdefault(candidate.pair, (candidate.judged.probability, reasons))

    def _join(self, a: int, b: int) -> None:
        joined = self.members[a] | self.members[b]
        for subject_id in joined:
            self.members[subject_id] = joined

    def _between(self, a: int, b: int) -> Iterable[Pair]:
        for x, y in product(self.members[a], self.members[b]):
            yield (min(x, y), max(x, y))

    def _objection(self, a: int, b: int) -> str:
        """Say what in the one group speaks against a member of the other."""
        for x, y in sorted(self._between(a, b)):
            if (x, y) in self.different:
                return "A person has judged that these are two children."
            one, other = self.subjects[x], self.subjects[y]
            if _are_two_of_one_source(one, other):
                return "One organisation holds the two as different children."
            if {x, y} == {a, b}:
                continue
            compared = compare(one, other)
            if compared.identifier_differs:
                return "An identifier of another report of the child differs."
            if compared.forename is Level.DIFFERS and not compared.identifier_agrees:
                return "The forename on another report of the child differs."
        return ""

    def _rival(self, candidate: Candidate) -> str:
        """Say whether another known child fits as well as this one."""
        a, b = candidate.pair
        exact = candidate.judged.decision is Decision.LINK
        if candidate.compared.forename in UNSURE_NAMES and self._sides(a) & self._sides(b):
            # One side knows both forenames: rather twins, each under its own, than one child.
            return "One side knows a child under either forename."
        for here, there in ((a, b), (b, a)):
            for other in self.near.get(here, ()):
                third = other.pair[0] if other.pair[1] == here else other.pair[1]
                if self.members[third] in (self.members[here], self.members[there]):
                    continue
                if exact and not self._is_tie(candidate, other, third, there):
                    continue
                if not exact and not _is_rival(other):
                    continue
                return "Another known child fits as well."
        return ""

    def _is_tie(self, candidate: Candidate, other: Candidate, third: int, there: int) -> bool:
        close = other.judged.bits > candidate.judged.bits - TIE_BITS
        return (
            close
            and other.judged.decision is Decision.LINK
            and _are_two_of_one_source(self.subjects[third], self.subjects[there])
        )

    def _both_alone(self, pair: Pair) -> bool:
        """Neither has a partner on the other's side: no other child explains the likeness."""
        return not self._sides(pair[0]) & self._sides(pair[1])

    def _sides(self, subject_id: int) -> set[Sector]:
        """Police, authorities or both: who knows the child so far."""
        known = (find_organisation(self.subjects[m].organisation) for m in self.members[subject_id])
        return {found.sector for found in known if found}


def _is_rival(other: Candidate) -> bool:
    near = other.judged.decision in {Decision.LINK, Decision.NEAR, Decision.REVIEW}
    return near and other.compared.forename is not Level.DIFFERS


def _are_two_of_one_source(one: Subject, other: Subject) -> bool:
    """Two ids that one organisation gives are two children, unless a person says otherwise."""
    return (
        one.organisation == other.organisation
        and bool(one.child_reference and other.child_reference)
        and one.child_reference != other.child_reference
    )
