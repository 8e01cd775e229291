"""Figures of the register as it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from register.linkage.models import Membership, Review
from register.mismatches.models import Mismatch
from register.mismatches.standing import waiting
from register.records.models import EpisodeRow
from register.rows import among, parts
from register.work import Work, stands


@dataclass(slots=True)
class Standing:
    """How some reports stand: linked to others, alone, and of both how many are in review."""

    linked: int = 0
    alone: int = 0
    in_review: int = 0


@dataclass(frozen=True, slots=True)
class Headline:
    """What the register exists for, in four figures."""

    children: int
    missing: int
    disagreed_on: int
    unknown_to_one: int


def standing_of(work: Work, reports: Mapping[str, Iterable[int]]) -> Standing:
    """Tell how these reports, by organisation, stand now."""
    standing = Standing()
    ids = sorted(report for those in reports.values() for report in those)
    child_of: dict[int, int] = {}
    for part in parts(ids):
        rows = work.session.execute(
            select(Membership.report_id, Membership.child_id).where(
                among(Membership.report_id, part), stands(work, Membership)
            )
        )
        child_of |= dict(iter(rows))
        asked = work.session.execute(
            select(Review.report_a, Review.report_b).where(
                or_(among(Review.report_a, part), among(Review.report_b, part)),
                stands(work, Review),
            )
        )
        standing.in_review += len({r for pair in asked for r in pair} & set(part))
    alone: set[int] = set()
    for part in parts(sorted(set(child_of.values()))):
        alone |= set(
            work.session.scalars(
                select(Membership.child_id)
                .where(among(Membership.child_id, part), stands(work, Membership))
                .group_by(Membership.child_id)
                .having(func.count() == 1)
            )
        )
    standing.alone = sum(child in alone for child in child_of.values())
    standing.linked = len(child_of) - standing.alone
    return standing


UNKNOWN_TO_ONE = ("A1", "A2", "A7")
"""Rules that find a child missing to one side of whom the other knows nothing."""


def headline(work: Work) -> Headline:
    """Count children, those missing now, those disagreed on, those unknown to one side."""
    open_mismatches = select(func.count(Mismatch.child.distinct())).where(
        waiting(work), Mismatch.severity != "info"
    )
    missing = EpisodeRow.missing_to_police | EpisodeRow.missing_to_authority
    return Headline(
        children=_count(
            work,
            select(func.count(Membership.child_id.distinct())).where(stands(work, Membership)),
        ),
        missing=_count(
            work,
            select(func.count(EpisodeRow.child.distinct())).where(
                stands(work, EpisodeRow), ~EpisodeRow.was_adult, missing
            ),
        ),
        disagreed_on=_count(work, open_mismatches),
        unknown_to_one=_count(work, open_mismatches.where(Mismatch.rule.in_(UNKNOWN_TO_ONE))),
    )


def _count(work: Work, query: object) -> int:
    return work.session.scalar(query) or 0  # type: ignore[call-overload]  # a count
