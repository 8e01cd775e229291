"""From compared pairs to children, many at once: what is plain at once, the rest by `group`.

Plain are links of two subjects that no other link wants, and questions among those so linked and
those who stand alone. Whatever hangs together with anything else goes through `group.py` as one.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from register.linkage.columns.compare import Compared
from register.linkage.columns.many import components
from register.linkage.columns.people import People
from register.linkage.group import (
    AT_A_TIME,
    LINKABLE,
    OTHER_NAMES,
    Candidate,
    Grouping,
    Proposal,
    group,
    ordered,
)
from register.linkage.guards import Decision
from register.linkage.match import Judged, Model, judge
from register.reports.coding import Flags, Ints
from register.reports.organisations import find_organisation
from register.terms import Sector

_DECISIONS = tuple(Decision)


@dataclass(frozen=True, slots=True)
class Children:
    """For each subject the least number of the subjects that are the same child; and the asked."""

    child: Ints
    proposals: list[Proposal]


class Grouper:
    """Groups these people's subjects by pairs that were compared."""

    def __init__(
        self,
        people: People,
        silent: dict[str, Flags],
        ones: Ints,
        others: Ints,
        compared: Compared,
        model: Model,
    ) -> None:
        self.people, self.silent = people, silent
        self.compared = compared
        self.judged: list[Judged] = [judge(each, model) for each in compared.distinct]
        decisions = np.array([_DECISIONS.index(each.decision) for each in self.judged], np.int8)
        decision = decisions[compared.places] if len(self.judged) else np.zeros(0, np.int8)
        kept = np.flatnonzero(decision != _DECISIONS.index(Decision.NOTHING))
        self.a, self.b = np.minimum(ones, others)[kept], np.maximum(ones, others)[kept]
        self.decision, self.place = decision[kept], compared.places[kept]
        side = self._sides()
        self.two_sides: Flags = side[self.a] != side[self.b]

    def run(self) -> Children:
        """Give the children."""
        joined = self._joined()
        child = np.arange(len(self.people))
        child[self.b[joined]] = self.a[joined]
        known = self._known_to_both(joined)
        asked = ~(self._is(Decision.HOUSEHOLD) & self._explained(known))
        whole = components(self.a[asked], self.b[asked], len(child))[self.a]
        knotty = np.zeros(len(child), bool)
        knotty[whole[asked & ~joined & self._is(*LINKABLE)]] = True
        open_rows = np.flatnonzero(asked & ~joined & ~knotty[whole])
        best = self._best(self._unsettled(open_rows, known, joined), child)
        knotty[whole[best[self._too_many(best, child)]]] = True
        plain = best[~knotty[whole[best]]]
        grouping = self._by_group(np.flatnonzero(asked & knotty[whole]))
        for members in grouping.groups:
            child[list(members)] = min(members)
        proposals = [*map(self._proposal, plain.tolist()), *grouping.proposals]
        return Children(child, sorted(proposals, key=lambda each: each.pair))

    def _is(self, *decisions: Decision) -> Flags:
        return np.isin(self.decision, [_DECISIONS.index(each) for each in decisions])

    def _joined(self) -> Flags:
        """Tell which links are plain: no other link, of near ones nothing else, wants the two."""
        link = self._alone(self._is(Decision.LINK))
        near = self._alone(~self._is(Decision.HOUSEHOLD)) & self.two_sides
        fits: Flags = (link | (near & self._is(Decision.NEAR))) & ~self._are_apart(self.a, self.b)
        return fits

    def _alone(self, chosen: Flags) -> Flags:
        """Tell which of the chosen pairs are the only one of both subjects."""
        a, b, count = self.a[chosen], self.b[chosen], len(self.people)
        times = np.bincount(a, minlength=count) + np.bincount(b, minlength=count)
        flags: Flags = chosen & (times[self.a] == 1) & (times[self.b] == 1)
        return flags

    def _are_apart(self, ones: Ints, others: Ints) -> Flags:
        """Tell which two are different ids of one organisation."""
        organisation, reference = self.people.organisation, self.people.reference
        one, other = reference[ones], reference[others]
        same = organisation[ones] == organisation[others]
        flags: Flags = same & (one > 0) & (other > 0) & (one != other)
        return flags

    def _known_to_both(self, joined: Flags) -> Flags:
        """Tell which subjects have a partner on the other side."""
        found, across = np.zeros(len(self.people), bool), joined & self.two_sides
        found[self.a[across]] = found[self.b[across]] = True
        return found

    def _explained(self, known: Flags) -> Flags:
        """Tell of pairs of one household whether one has a partner, or both are of one side.

        Perhaps a name unknown to us, perhaps twins: only where no partner explains the likeness
        is that asked, and it decides nothing else (`group.py`).
        """
        flags: Flags = known[self.a] | known[self.b] | ~self.two_sides
        return flags

    def _unsettled(self, rows: Ints, known: Flags, joined: Flags) -> Ints:
        """Leave out of plain questions those that an organisation, or knowledge of both, settles.

        As `group.py` does: two ids of one organisation are two children; and where both sides know
        both, another name is another child.
        """
        mate = np.arange(len(self.people))
        mate[self.a[joined]], mate[self.b[joined]] = self.b[joined], self.a[joined]
        a, b = self.a[rows], self.b[rows]
        apart = np.zeros(len(rows), bool)
        for one, other in product((a, mate[a]), (b, mate[b])):
            apart |= self._are_apart(one, other)
        another = [
            each.forename in OTHER_NAMES and not each.identifier_agrees
            for each in self.compared.distinct
        ]
        both = known[a] & known[b] & np.array(another, bool)[self.place[rows]]
        unsettled: Ints = rows[~(apart | both)]
        return unsettled

    def _best(self, rows: Ints, child: Ints) -> Ints:
        """Choose for each two children the pair that fits best, the first by key of equal ones."""
        one, other = child[self.a[rows]], child[self.b[rows]]
        two = np.minimum(one, other) * len(child) + np.maximum(one, other)
        fit = np.array([-round(each.fit, 6) for each in self.judged])[self.place[rows]]
        order = np.lexsort((*self._ranks(rows), fit, two))
        two = two[order]
        chosen: Ints = rows[order[np.flatnonzero(np.diff(two, prepend=-1))]]
        return chosen

    def _ranks(self, rows: Ints) -> tuple[Ints, Ints]:
        """Give the places of a pair's keys in the order of all, the greater of the two first."""
        members, places = np.unique(np.r_[self.a[rows], self.b[rows]], return_inverse=True)
        keys = self.people.keys(members)
        rank = np.empty(len(keys), np.int64)
        rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
        one, other = rank[places].reshape(2, -1)
        return np.maximum(one, other), np.minimum(one, other)

    def _too_many(self, rows: Ints, child: Ints) -> Flags:
        """Tell which ask about a child of whom more is to be asked than is asked at a time."""
        one, other = child[self.a[rows]], child[self.b[rows]]
        times = np.bincount(np.r_[one, other], minlength=len(child))
        flags: Flags = (times[one] > AT_A_TIME) | (times[other] > AT_A_TIME)
        return flags

    def _sides(self) -> Ints:
        codes = self.people.columns.coded["organisation"].listed()
        found = [find_organisation(code) for code in codes]
        sides = np.array([bool(each and each.sector is Sector.POLICE) for each in found])
        return sides[self.people.organisation]

    def _proposal(self, row: int) -> Proposal:
        judged = self.judged[self.place[row]]
        return Proposal(self._pair(row), judged.probability, judged.reasons)

    def _pair(self, row: int) -> tuple[int, int]:
        return ordered(int(self.a[row]), int(self.b[row]))

    def _by_group(self, rows: Ints) -> Grouping:
        subjects = self.people.subjects(np.union1d(self.a[rows], self.b[rows]), self.silent)
        candidates = [
            Candidate(self._pair(row), self.compared.distinct[place], self.judged[place])
            for row, place in zip(rows.tolist(), self.place[rows].tolist(), strict=True)
        ]
        return group(subjects, candidates)
