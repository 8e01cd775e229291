"""Whose children a reader may see, also as they were: asked inside every query that gives them."""

from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.policy import sight_of
from register.access.reach import is_seen_by
from register.db import stood
from register.linkage.models import Membership
from register.work import Work


def within_sight(work: Work, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that this column's child lies within the reader's sight.

    As at an earlier time it must have been so then, for that is what is looked at, and be so
    today, for no one needs to see a child of the past whom they may not see now. The number then
    is a report's, and that report is some child's today.
    """
    seen = is_seen_by(work.actor, child, work.as_at)
    if work.as_at is None or sight_of(work.actor).everything:
        return seen
    today = aliased(Membership)
    now = exists().where(
        today.report_id == child, stood(today, None), is_seen_by(work.actor, today.child_id)
    )
    return seen & now
