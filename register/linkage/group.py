"""From judged pairs to children: who belongs together, and what a person must judge. Pure.

The result never depends on the order of subjects, pairs and judgements. A link is made only where
no member of the one group speaks against a member of the other, and where no rival fits as well.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from types import MappingProxyType

from register.linkage.compare import Comparison, compare
from register.linkage.grouping import Candidate, Grouping, Link, Pair, Proposal
from register.linkage.guards import Decision, parting
from register.linkage.identity import Subject
from register.linkage.levels import Level
from register.linkage.news import Evidence, news
from register.linkage.objections import (
    ANOTHER_REPORT,
    EITHER_NAME,
    NAMES,
    NOT_BY_ITSELF,
    OBJECTIONS,
    PERSON,
    RIVAL,
    TWO_OF_ONE,
    rule_of,
    rule_of_link,
    tie,
)
from register.reports.organisations import find_organisation
from register.terms import Sector

Parted = Mapping[Pair, Sequence[Evidence] | None]
"""Pairs that people hold to be two children, with what agreed then; None: never to be asked."""
_NOBODY: Parted = MappingProxyType({})
UNSURE_NAMES = frozenset({Level.FAMILY, Level.SLIP, Level.FIRST})
"""Levels at which a forename is not the same: twins are called Mia and Mya, Ava and Ava-Jo."""
OTHER_NAMES = UNSURE_NAMES | {Level.ALIKE, Level.FIRST_OTHER, Level.DIFFERS}
BOTH_SIDES = frozenset({Sector.POLICE, Sector.AUTHORITY})
LINKABLE = frozenset({Decision.LINK, Decision.NEAR})
FITTING = LINKABLE | {Decision.REVIEW}
AT_A_TIME = 5
"""With how many others one child is asked about at once; answers make room for the next."""


def group(
    subjects: Mapping[int, Subject],
    candidates: Iterable[Candidate],
    same: Iterable[Pair] = (),
    different: Parted = _NOBODY,
    unsure: Collection[Pair] = (),
) -> Grouping:
    """Group the subjects; `same`, `different` and `unsure` are people's words, in subjects' ids."""
    return Groups(subjects, list(candidates), same, different, unsure).run()


def ordered(a: int, b: int) -> Pair:
    """Write a pair the one way in which it is kept."""
    return (min(a, b), max(a, b))


class Groups:
    """Subjects on their way into groups: `members` of each one's, and `reviews` with a reason."""

    def __init__(
        self,
        subjects: Mapping[int, Subject],
        candidates: list[Candidate],
        same: Iterable[Pair] = (),
        different: Parted = _NOBODY,
        unsure: Collection[Pair] = (),
    ) -> None:
        self.subjects, self.different, self.unsure = subjects, different, unsure
        self.members = {subject_id: frozenset({subject_id}) for subject_id in subjects}
        self.candidates = sorted(candidates, key=self._order)
        self.compared = {candidate.pair: candidate.compared for candidate in candidates}
        self.linkable = {each.pair for each in candidates if each.judged.decision in LINKABLE}
        self.exact = {each.pair for each in candidates if each.judged.decision is Decision.LINK}
        # Asked again and again, of two subjects and of two groups.
        self._against = cache(self._contradiction)
        self._said_against = cache(self._objections)
        self._told_apart = cache(self._pairs_apart)
        self.near: dict[int, list[Candidate]] = {}
        for candidate in self.candidates:
            for subject_id in candidate.pair:
                self.near.setdefault(subject_id, []).append(candidate)
        self.reviews: list[tuple[Candidate, str]] = []
        self.links: list[Link] = []
        for pair in same:
            self._join(pair, NAMES[PERSON])
        self.judged_one = dict(self.members)

    def _order(self, candidate: Candidate) -> tuple[float, tuple[tuple[str, str, str], ...]]:
        keys = sorted(self.subjects[subject_id].key for subject_id in candidate.pair)
        return (-round(candidate.judged.fit, 6), tuple(keys))

    def join(self) -> None:
        """Link exact pairs first, then near ones without a rival."""
        wanted = [each for each in self.candidates if each.judged.decision in LINKABLE]
        for candidate in sorted(wanted, key=lambda each: each.judged.decision is Decision.NEAR):
            self._consider(candidate)

    def run(self) -> Grouping:
        """Link what may be linked; the rest goes to review."""
        self.join()
        for candidate in self.candidates:
            decision = candidate.judged.decision
            alone = decision is Decision.HOUSEHOLD and self._both_alone(candidate.pair)
            if alone or decision is Decision.REVIEW:
                self.reviews.append((candidate, ""))
        return Grouping(sorted({*self.members.values()}, key=sorted), self._proposals(), self.links)

    def _consider(self, candidate: Candidate) -> None:
        a, b = candidate.pair
        if self.members[a] is self.members[b]:
            return
        if against := self._objection(a, b) or self._rival(candidate):
            self.reviews.append((candidate, against))
        else:
            self._join(candidate.pair, rule_of_link(candidate.compared))

    def _proposals(self) -> list[Proposal]:
        """Ask once for each two groups, about the pair that fits best; not all at once."""
        asked: list[Proposal] = []
        told: set[frozenset[frozenset[int]]] = set()
        times: Counter[frozenset[int]] = Counter()
        for candidate, reason in sorted(self.reviews, key=lambda review: self._order(review[0])):
            two = frozenset(self.members[each] for each in candidate.pair)
            if len(two) == 1 or two in told or self._is_settled(candidate):
                continue
            told.add(two)
            if candidate.pair not in self.unsure and all(times[each] < AT_A_TIME for each in two):
                times.update(two)
                new, judged = self._news(candidate), candidate.judged
                reasons = (*filter(None, (new, reason)), *judged.reasons)
                rule = rule_of(candidate.compared, reason, new)
                asked.append(Proposal(candidate.pair, judged.probability, reasons, rule))
        return sorted(asked, key=lambda proposal: proposal.pair)

    def _is_settled(self, candidate: Candidate) -> bool:
        """A person or an organisation tells the two apart, or each side knows both.

        The group inherits a person's word, until there is something new.
        """
        a, b = candidate.pair
        told_apart = self._told_apart(self.members[a], self.members[b])
        if not self.different.keys().isdisjoint(told_apart):
            return not self._news(candidate)
        if any(pair not in self.exact for pair in told_apart):
            return True
        other_name = candidate.compared.forename in OTHER_NAMES
        known = self._sides(a) >= BOTH_SIDES and self._sides(b) >= BOTH_SIDES
        return other_name and known and not candidate.compared.identifier_agrees

    def _news(self, candidate: Candidate) -> str:
        """Say what is new since people parted the two groups; blank where nobody did."""
        apart = self._told_apart(*(self.members[each] for each in candidate.pair))
        said = [self.different[pair] for pair in apart if pair in self.different]
        known = [evidence for each in said for evidence in each or ()]
        return news(candidate.compared, known) if known and None not in said else ""

    def _join(self, pair: Pair, rule: str) -> None:
        one, other = (self.members[each] for each in pair)
        if one is not other:
            self.links.append(Link(pair, rule))
            self.members.update(dict.fromkeys(one | other, one | other))

    def _between(self, a: int, b: int) -> Iterable[Pair]:
        return (ordered(x, y) for x, y in product(self.members[a], self.members[b]))

    def _pairs_apart(self, ones: frozenset[int], others: frozenset[int]) -> Sequence[Pair]:
        """Give the pairs of one of each group whom a person or an organisation tells apart."""
        return [pair for x, y in product(ones, others) if self._are_apart(pair := ordered(x, y))]

    def _objection(self, a: int, b: int) -> str:
        return self._said_against(self.members[a], self.members[b])

    def _objections(self, one: frozenset[int], other: frozenset[int]) -> str:
        """Say what in the one group speaks against a member of the other.

        Of reports that a person holds to be one child's it is enough that one fits.
        """
        said: set[str] = set()
        known = ({self.judged_one[each] for each in group} for group in (one, other))
        for ones, others in product(*known):
            found = {self._against(ordered(x, y)) for x, y in product(ones, others)}
            said |= found if "" not in found else found & {PERSON, TWO_OF_ONE}
        return next((each for each in OBJECTIONS if each in said), max(said, default=""))

    def _contradiction(self, pair: Pair) -> str:
        if self._are_apart(pair):
            return PERSON if pair in self.different else TWO_OF_ONE
        one, other = (self.subjects[each] for each in pair)
        if one.organisation == other.organisation and pair not in self.linkable:
            return NOT_BY_ITSELF
        against = parting(self._comparison(pair))
        return f"{ANOTHER_REPORT}{against}" if against else ""

    def _comparison(self, pair: Pair) -> Comparison:
        if pair not in self.compared:
            self.compared[pair] = compare(*(self.subjects[each] for each in pair))
        return self.compared[pair]

    def _are_apart(self, pair: Pair) -> bool:
        """Two ids that one organisation gives are two children, unless a person says otherwise."""
        one, other = (self.subjects[each] for each in pair)
        return pair in self.different or (
            one.organisation == other.organisation
            and bool(one.child_reference and other.child_reference)
            and one.child_reference != other.child_reference
        )

    def _rival(self, candidate: Candidate) -> str:
        """Say whether another known child fits as well as this one."""
        a, b = candidate.pair
        has_number = candidate.compared.identifier_agrees
        unsure = candidate.compared.forename in UNSURE_NAMES and not has_number
        if unsure and self._sides(a) & self._sides(b):
            # One side knows both forenames: rather twins, each under its own, than one child.
            return EITHER_NAME
        if not has_number and self._live_apart(candidate):
            return RIVAL
        for here, there in ((a, b), (b, a)):
            for other in self.near.get(here, ()):
                third = other.partner(here)
                if self.members[third] in (self.members[here], self.members[there]):
                    continue
                if has_number and not other.compared.identifier_agrees:
                    continue
                apart = self._told_apart(self.members[here], self.members[third])
                if not apart and self._fits_as_well(candidate, other, third, there):
                    return RIVAL
        return ""

    def _live_apart(self, candidate: Candidate) -> bool:
        """Both sides know either at a home of its own, or one, the other elsewhere: namesakes."""
        known = [self._sides(each) >= BOTH_SIDES for each in candidate.pair]
        homes = {self._comparison(pair).postcode for pair in self._between(*candidate.pair)}
        unsure = Level.UNKNOWN in homes or candidate.compared.going_missing is Level.AGREES
        namesakes = all(known) or (any(known) and not unsure)
        return namesakes and homes.isdisjoint({Level.EXACT, Level.SLIP})

    def _fits_as_well(self, candidate: Candidate, other: Candidate, third: int, there: int) -> bool:
        """Of near forenames, any other near one; of the same one, another child as likely."""
        decision = other.judged.decision
        if candidate.judged.decision is Decision.NEAR:
            return decision in FITTING and other.compared.forename is not Level.DIFFERS
        if decision is not Decision.LINK or not tie(candidate.judged, other.judged):
            return False
        return bool(self._objection(third, there)) or self.linkable.isdisjoint(
            self._between(third, there)
        )

    def _both_alone(self, pair: Pair) -> bool:
        """Neither has a partner on the other's side: no other child explains the likeness."""
        return not self._sides(pair[0]) & self._sides(pair[1])

    def _sides(self, subject_id: int) -> set[Sector]:
        """Police, authorities or both: who knows the child so far."""
        known = (find_organisation(self.subjects[m].organisation) for m in self.members[subject_id])
        return {found.sector for found in known if found}
