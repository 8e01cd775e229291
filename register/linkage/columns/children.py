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
        self, people: People, silent: dict[str, Flags], ones: Ints, others: Ints, compared: Compared,
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
        count = len(self.people)
        child = np.arange(count, dtype=np.int64)
        simple = self._stand_alone(count)
        link = np.isin(self.decision, [_DECISIONS.index(each) for each in LINKABLE])
        joined = simple & link
        child[self.b[joined]] = self.a[joined]
        proposals = [self._proposal(row) for row in np.flatnonzero(simple & ~link).tolist()]
        grouping = self._by_group(np.flatnonzero(~simple))
        for members in grouping.groups:
            child[list(members)] = min(members)
        return Children(child, sorted(proposals + grouping.proposals, key=lambda each: each.pair))

    def _stand_alone(self, count: int) -> Flags:
        """Tell which pairs are the only one of both, and of two sides."""
        times = np.bincount(self.a, minlength=count) + np.bincount(self.b, minlength=count)
        side = self._sides()
        return (times[self.a] == 1) & (times[self.b] == 1) & (side[self.a] != side[self.b])

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

