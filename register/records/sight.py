"""Whose children a reader may see, also as they were: asked inside every query that gives them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.policy import sight_of
from register.access.reach import is_seen_by
from register.access.seals import sealed_from, sealed_reports
from register.db import stood
from register.linkage.models import Membership
from register.work import Work


def within_sight(work: Work, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that this column's child lies within the reader's sight.

    As at an earlier time it must have been so then, for that is what is looked at, and be so
    today, for no one needs to see a child of the past whom they may not see now. The number then
    is a report's, and that report is some child's today. What is sealed today is so in the past.
    """
    seen = is_seen_by(work.actor, child, work.as_at) & is_open_to(work, child)
    if work.as_at is None or sight_of(work.actor).everything:
        return seen
    today = aliased(Membership)
    now = exists().where(
        today.report_id == child, stood(today, None), is_seen_by(work.actor, today.child_id)
    )
    return seen & now


def is_open_to(work: Work, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that no seal hides this column's child from the reader."""
    hidden = sealed_from(work.actor)
    return true() if hidden is None else _is_none_of(work, child, hidden)


def is_unsealed(work: Work, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that no seal is on this column's child, whoever reads."""
    return _is_none_of(work, child, sealed_reports())


def _is_none_of(
    work: Work, child: InstrumentedAttribute[Any], reports: Select[int]
) -> ColumnElement[bool]:
    """Give the condition that none of these reports is the child's today, or was at the time."""
    member = aliased(Membership)
    owners = select(member.child_id).where(member.report_id.in_(reports))
    times = {None, work.as_at}
    return and_(*(child.not_in(owners.where(stood(member, at))) for at in sorted(times, key=str)))
