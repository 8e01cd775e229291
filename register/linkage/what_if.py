"""What another model would make of the register: read, compared with what stands, never written."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from register.linkage.candidates import explore_all
from register.linkage.grouping import Pair
from register.linkage.match import Model
from register.linkage.models import Membership, Review
from register.linkage.service import regroup
from register.linkage.subjects import find_subjects
from register.work import Work

Children = Mapping[int, tuple[int, ...]]
"""Some children, each with its reports."""


@dataclass(frozen=True, slots=True)
class Change:
    """Children who would be other children: as they stand, and as they would."""

    before: Children
    after: Children

    @property
    def parts(self) -> bool:
        """Some child would be parted."""
        return _breaks(self.before, self.after)

    @property
    def joins(self) -> bool:
        """Some children would become one."""
        return _breaks(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model would change: children, and the pairs of reports that people are asked about."""

    changes: list[Change]
    asked_before: frozenset[Pair]
    asked_after: frozenset[Pair]


def try_model(
    work: Work, model: Model, step: Callable[[int], object] = lambda _count: None
) -> Trial:
    """Link the whole register by a model, and compare; nothing is kept.

    `step` is told how many more subjects were linked: in the end as many as there are.
    """
    standing = Membership.known_to.is_(None)
    ids = work.session.scalars(select(Membership.subject_id).where(standing).distinct())
    reached = explore_all(work, find_subjects(work, ids), model, step)
    grouping = regroup(work, reached)
    after = {
        report: min(reports)
        for members in grouping.groups
        if (reports := [each for m in members for each in reached.subjects[m].reports])
        for report in reports
    }
    asked = frozenset(reached.reports_of(proposal.pair) for proposal in grouping.proposals)
    return Trial(list(changes(standing_children(work), after)), _asked(work), asked)


def standing_children(work: Work) -> dict[int, int]:
    """Give the child of each report, as it stands."""
    query = select(Membership.report_id, Membership.child_id).where(Membership.known_to.is_(None))
    return dict(iter(work.session.execute(query)))


def changes(before: Mapping[int, int], after: Mapping[int, int]) -> Iterator[Change]:
    """Compare two groupings of the same reports, each the child of every report.

    Children who exchange reports make one change together; who stays as it is makes none.
    """
    were, will_be = _children(before), _children(after)
    seen: set[int] = set()
    for child in sorted(were):
        if child in seen:
            continue
        old, new = {child}, set[int]()
        while True:
            reports = {report for each in old for report in were[each]}
            reports |= {report for each in new for report in will_be[each]}
            grown = ({before[report] for report in reports}, {after[report] for report in reports})
            if grown == (old, new):
                break
            old, new = grown
        seen |= old
        change = Change(
            {each: were[each] for each in sorted(old)},
            {each: will_be[each] for each in sorted(new)},
        )
        if change.parts or change.joins:
            yield change


def _children(child_of: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for report in sorted(child_of):
        found[child_of[report]].append(report)
    return {child: tuple(reports) for child, reports in found.items()}


def _breaks(wholes: Children, others: Children) -> bool:
    """Tell whether some child's reports are not together among the others'."""
    together = [set(reports) for reports in others.values()]
    return any(not any(each.issuperset(whole) for each in together) for whole in wholes.values())


def _asked(work: Work) -> frozenset[Pair]:
    query = select(Review.report_a, Review.report_b).where(Review.known_to.is_(None))
    return frozenset((a, b) for a, b in work.session.execute(query))
