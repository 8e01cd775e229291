"""From compared pairs to children, many at once; what hangs together is joined by `group.py`.

A link of two subjects that no other link wants is plain. All others that hang together go through
`group.py` as one. Then questions are chosen among all children at once, as `group.py` does it.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from register.linkage.columns.compare import Compared
from register.linkage.columns.many import components, many, products
from register.linkage.columns.people import People
from register.linkage.group import AT_A_TIME, LINKABLE, OTHER_NAMES, Groups
from register.linkage.grouping import Candidate, Proposal
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
        sides = ones[kept].astype(np.int64), others[kept].astype(np.int64)
        self.a, self.b = np.minimum(*sides), np.maximum(*sides)
        self.decision, self.place = decision[kept], compared.places[kept]
        self.side = self._sides()
        self.two_sides: Flags = self.side[self.a] != self.side[self.b]

    def run(self) -> Children:
        """Give the children."""
        joined = self._joined()
        child = np.arange(len(self.people))
        child[self.b[joined]] = self.a[joined]
        knotty = self._knotty(joined)
        groups = self._join(knotty)
        for members in {*groups.members.values()}:
            child[list(members)] = min(members)
        against = {each.pair: reason for each, reason in groups.reviews}
        open_rows = np.flatnonzero(self._is(Decision.REVIEW) | self._both_alone(child))
        links = knotty[self._is(*LINKABLE)[knotty]]
        parted = [pair in against for pair in self._pairs(links)]
        open_rows = np.r_[open_rows, links[np.array(parted, bool)]]
        asked = self._in_time(self._best(self._unsettled(open_rows, child), child), child)
        return Children(child, self._proposals(asked, against))

    def _knotty(self, joined: Flags) -> Ints:
        """Give the pairs among all on whom it may hang whether some two are joined.

        That are those who may be joined, and of near ones whoever else they may be.
        """
        links, near = self._is(*LINKABLE), np.zeros(len(self.people), bool)
        rows = self._is(Decision.NEAR) & ~joined
        near[self.a[rows]] = near[self.b[rows]] = True
        held = links | (self._is(Decision.REVIEW) & (near[self.a] | near[self.b]))
        whole = components(self.a[held], self.b[held], len(self.people))
        knot = np.zeros(len(self.people), bool)
        knot[whole[self.a[links & ~joined]]] = True
        one, other = whole[self.a], whole[self.b]
        return np.flatnonzero((one == other) & knot[one])

    def _number(self, a: Ints, b: Ints) -> Ints:
        """Give a pair's own number, the lesser of the two first."""
        return a * len(self.people) + b

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

    def _known_to(self, child: Ints, side: int) -> Flags:
        """Tell which children one of the two sides knows."""
        found = np.zeros(len(child), bool)
        found[child[self.side == side]] = True
        return found

    def _both_alone(self, child: Ints) -> Flags:
        """Tell which pairs of one household have no partner on the other's side.

        Perhaps a name unknown to us, perhaps twins: only where no partner explains the likeness
        is that asked.
        """
        one, other = child[self.a], child[self.b]
        alone = self._is(Decision.HOUSEHOLD)
        for side in (0, 1):
            known = self._known_to(child, side)
            alone &= ~(known[one] & known[other])
        return alone

    def _unsettled(self, rows: Ints, child: Ints) -> Ints:
        """Leave out questions that an organisation, or knowledge of both sides, settles.

        As `group.py` does: two ids of one organisation are two children unless they are the same
        to the letter; and where both sides know both, another name is another child.
        """
        rows = rows[child[self.a[rows]] != child[self.b[rows]]]
        one, other = child[self.a[rows]], child[self.b[rows]]
        order = np.argsort(child, kind="stable")
        members = many(child[order], order, len(child))
        owner, x, y = products(members, members, one, other)
        apart = np.flatnonzero(self._are_apart(x, y))
        exact = self._is(Decision.LINK)
        pairs = self._number(np.minimum(x[apart], y[apart]), np.maximum(x[apart], y[apart]))
        told = ~np.isin(pairs, self._number(self.a[exact], self.b[exact]))
        settled = np.zeros(len(rows), bool)
        settled[owner[apart[told]]] = True
        both = self._known_to(child, 0) & self._known_to(child, 1)
        another = [
            each.forename in OTHER_NAMES and not each.identifier_agrees
            for each in self.compared.distinct
        ]
        settled |= both[one] & both[other] & np.array(another, bool)[self.place[rows]]
        unsettled: Ints = rows[~settled]
        return unsettled

    def _best(self, rows: Ints, child: Ints) -> Ints:
        """Choose for each two children the pair that fits best; give the best of all first."""
        one, other = child[self.a[rows]], child[self.b[rows]]
        two = np.minimum(one, other) * len(child) + np.maximum(one, other)
        fit = np.array([-round(each.fit, 6) for each in self.judged])[self.place[rows]]
        order = np.lexsort((*self._ranks(rows), fit))
        first = np.sort(np.unique(two[order], return_index=True)[1])
        chosen: Ints = rows[order[first]]
        return chosen

    def _ranks(self, rows: Ints) -> tuple[Ints, Ints]:
        """Give the places of a pair's keys in the order of all, the greater of the two first."""
        members, places = np.unique(np.r_[self.a[rows], self.b[rows]], return_inverse=True)
        keys = self.people.keys(members)
        rank = np.empty(len(keys), np.int64)
        rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
        one, other = rank[places].reshape(2, -1)
        return np.maximum(one, other), np.minimum(one, other)

    def _in_time(self, rows: Ints, child: Ints) -> Ints:
        """Leave out what is too much at a time about one child, of whom the best is asked."""
        one, other = child[self.a[rows]], child[self.b[rows]]
        many_asked = np.bincount(np.r_[one, other], minlength=len(child)) > AT_A_TIME
        kept = np.ones(len(rows), bool)
        times: Counter[int] = Counter()
        for row in np.flatnonzero(many_asked[one] | many_asked[other]).tolist():
            two = (int(one[row]), int(other[row]))
            kept[row] = all(times[each] < AT_A_TIME for each in two)
            times.update(two if kept[row] else ())
        asked: Ints = rows[kept]
        return asked

    def _sides(self) -> Ints:
        codes = self.people.columns.coded["organisation"].listed()
        found = [find_organisation(code) for code in codes]
        sides = np.array([bool(each and each.sector is Sector.POLICE) for each in found])
        return sides[self.people.organisation]

    def _proposals(self, rows: Ints, against: dict[tuple[int, int], str]) -> list[Proposal]:
        rows = rows[np.lexsort((self.b[rows], self.a[rows]))]
        proposals = []
        for pair, place in zip(self._pairs(rows), self.place[rows].tolist(), strict=True):
            judged, reason = self.judged[place], against.get(pair, "")
            reasons = (reason, *judged.reasons) if reason else judged.reasons
            proposals.append(Proposal(pair, judged.probability, reasons))
        return proposals

    def _pairs(self, rows: Ints) -> list[tuple[int, int]]:
        """Give pairs of subjects, the lesser first."""
        return list(zip(self.a[rows].tolist(), self.b[rows].tolist(), strict=True))

    def _join(self, rows: Ints) -> Groups:
        subjects = self.people.subjects(np.union1d(self.a[rows], self.b[rows]), self.silent)
        candidates = [
            Candidate(pair, self.compared.distinct[place], self.judged[place])
            for pair, place in zip(self._pairs(rows), self.place[rows].tolist(), strict=True)
        ]
        groups = Groups(subjects, candidates)
        groups.join()
        return groups
