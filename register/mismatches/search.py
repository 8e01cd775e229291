"""Mismatches read again: lists, counts and what could not be compared, within a person's sight."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from register.access.policy import Permission, needs
from register.access.reach import is_seen_by
from register.errors import NotFound
from register.mismatches.case import Gap
from register.mismatches.models import Mismatch, Outlook
from register.mismatches.service import SUPERSEDED
from register.reports.organisations import current_code
from register.terms import Severity
from register.work import Work

COUNTED = ("rule", "severity", "owner", "field", "state")
_RANK = case(
    {severity.value: place for place, severity in enumerate(Severity)}, value=Mismatch.severity
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mismatches are wanted; a blank asks for all.

    `organisation`: it owns or concerns them. `state` blank: every one that is not closed; `all`:
    the closed too. `older_than`: opened longer ago than this.
    """

    organisation: str = ""
    rule: str = ""
    severity: str = ""
    state: str = ""
    older_than: timedelta | None = None
    child: int | None = None


EVERY_OPEN = Wanted()


@needs(Permission.MISMATCH_READ)
def get_mismatch(work: Work, mismatch_id: int) -> Mismatch:
    """Give one mismatch, open or closed; NotFound also where the child is out of sight."""
    query = select(Mismatch).where(
        Mismatch.id == mismatch_id,
        Mismatch.state != SUPERSEDED,
        is_seen_by(work.actor, Mismatch.child),
    )
    found = work.session.scalar(query)
    if found is None:
        raise NotFound("There is no such mismatch, or it is not within your sight.")
    return found


@needs(Permission.MISMATCH_READ)
def find_mismatches(
    work: Work, wanted: Wanted = EVERY_OPEN, limit: int | None = 50, offset: int = 0
) -> list[Mismatch]:
    """Give mismatches, gravest first, then what is due first."""
    query = select(Mismatch).where(_is_wanted(work, wanted))
    query = query.order_by(_RANK, Mismatch.due_at.is_(None), Mismatch.due_at, Mismatch.id)
    query = query.limit(limit).offset(offset)
    return list(work.session.scalars(query, execution_options={"populate_existing": True}))


@needs(Permission.MISMATCH_READ)
def count_mismatches(work: Work, wanted: Wanted = EVERY_OPEN) -> int:
    """Count mismatches."""
    query = select(func.count()).select_from(Mismatch).where(_is_wanted(work, wanted))
    return work.session.scalar(query) or 0


@needs(Permission.MISMATCH_READ)
def count_by(work: Work, column: str, wanted: Wanted = EVERY_OPEN) -> dict[str, int]:
    """Count mismatches by one of `COUNTED`, most first."""
    if column not in COUNTED:
        raise ValueError(f"mismatches are counted by {', '.join(COUNTED)}, not by {column}")
    by = getattr(Mismatch, column)
    query = select(by, func.count()).where(_is_wanted(work, wanted)).group_by(by)
    rows = work.session.execute(query.order_by(func.count().desc(), by))
    return {str(value): count for value, count in rows}


@needs(Permission.MISMATCH_READ)
def count_children(work: Work, wanted: Wanted = EVERY_OPEN) -> int:
    """Count the children that have such mismatches."""
    query = select(func.count(Mismatch.child.distinct())).where(_is_wanted(work, wanted))
    return work.session.scalar(query) or 0


@needs(Permission.MISMATCH_READ)
def find_gaps(work: Work, child: int) -> list[Gap]:
    """Give what could not be compared of one child."""
    query = select(Outlook.gaps).where(
        Outlook.child == child, is_seen_by(work.actor, Outlook.child)
    )
    return [Gap(*row) for row in work.session.scalar(query) or []]


@needs(Permission.MISMATCH_READ)
def count_gaps(work: Work) -> int:
    """Count what could not be compared, over all children within sight."""
    query = select(func.sum(Outlook.gap_count)).where(is_seen_by(work.actor, Outlook.child))
    return work.session.scalar(query) or 0


def _is_wanted(work: Work, wanted: Wanted) -> ColumnElement[bool]:
    conditions = [is_seen_by(work.actor, Mismatch.child), Mismatch.state != SUPERSEDED]
    if wanted.state != "all":
        is_state = Mismatch.state == wanted.state
        conditions.append(is_state if wanted.state else Mismatch.known_to.is_(None))
    if wanted.organisation:
        code = current_code(wanted.organisation)
        conditions.append(or_(Mismatch.owner == code, Mismatch.counterpart == code))
    if wanted.rule:
        conditions.append(Mismatch.rule == wanted.rule)
    if wanted.severity:
        conditions.append(Mismatch.severity == wanted.severity)
    if wanted.older_than is not None:
        conditions.append(Mismatch.opened_at <= work.now - wanted.older_than)
    if wanted.child is not None:
        conditions.append(Mismatch.child == wanted.child)
    return and_(*conditions)
