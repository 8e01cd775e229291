"""From compared pairs to children, many at once: what stands alone at once, the rest by `group`.

Two subjects of two sides that nobody else may be are one child, or are asked about, without more
ado. All others that hang together go through `group.py` as one.
"""

from dataclasses import dataclass

import numpy as np

from register.linkage.columns.compare import Compared
from register.linkage.columns.people import People
from register.linkage.group import LINKABLE, Candidate, Grouping, Proposal, group, ordered
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

    def run(self) -> Children:
        """Give the children."""
        child = np.arange(len(self.people), dtype=np.int64)
        link = self._is(*LINKABLE)
        joined = np.flatnonzero(link & self._stand_alone(~self._is(Decision.HOUSEHOLD)))
        child[self.b[joined]] = self.a[joined]
        asked = self._may_be_asked(joined)
        alone = self._stand_alone(asked)
        proposals = [self._proposal(row) for row in np.flatnonzero(alone & ~link).tolist()]
        grouping = self._by_group(np.flatnonzero(asked & ~alone))
        for members in grouping.groups:
            child[list(members)] = min(members)
        return Children(child, sorted(proposals + grouping.proposals, key=lambda each: each.pair))

    def _is(self, *decisions: Decision) -> Flags:
        return np.isin(self.decision, [_DECISIONS.index(each) for each in decisions])

    def _may_be_asked(self, joined: Ints) -> Flags:
        """Leave out pairs of one household of which one has a partner, or both are of one side.

        Perhaps a name unknown to us, perhaps twins: only where no partner explains the likeness
        is that asked, and it decides nothing else (`group.py`).
        """
        partnered = np.zeros(len(self.people), bool)
        partnered[self.a[joined]] = partnered[self.b[joined]] = True
        side = self._sides()
        idle = partnered[self.a] | partnered[self.b] | (side[self.a] == side[self.b])
        flags: Flags = ~(self._is(Decision.HOUSEHOLD) & idle)
        return flags

    def _stand_alone(self, chosen: Flags) -> Flags:
        """Tell which of these pairs are the only one of both subjects, and of two sides."""
        rows, count = np.flatnonzero(chosen), len(self.people)
        a, b = self.a[rows], self.b[rows]
        times = np.bincount(a, minlength=count) + np.bincount(b, minlength=count)
        side = self._sides()
        flags = np.zeros(len(self.a), bool)
        flags[rows] = (times[a] == 1) & (times[b] == 1) & (side[a] != side[b])
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
        members = np.union1d(self.a[rows], self.b[rows]).tolist()
        subjects = {each: self.people.subject(each, self.silent) for each in members}
        candidates = [
            Candidate(self._pair(row), self.compared.distinct[place], self.judged[place])
            for row, place in zip(rows.tolist(), self.place[rows].tolist(), strict=True)
        ]
        return group(subjects, candidates)
