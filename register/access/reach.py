"""Which organisations' people may see a child: a derived table, filled by the floors above."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, false, insert, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.models import Reach
from register.access.policy import sight_of
from register.db import among, parts
from register.work import Actor, Work

Reason = tuple[str, str]
"""An organisation's code (today's), and why: `reports`, `responsible`, `host` or `polices`."""


def set_reach(work: Work, reach: Mapping[int, frozenset[Reason]]) -> int:
    """Hold the table equal to `reach` for its children; one without reasons is seen by none.

    Gives how many rows that changed.
    """
    return sum(
        _set_reach(work, {child: reach[child] for child in part}) for part in parts(sorted(reach))
    )


def _set_reach(work: Work, reach: Mapping[int, frozenset[Reason]]) -> int:
    held = select(Reach.child, Reach.organisation, Reach.why).where(among(Reach.child, reach))
    before = {(child, code, why) for child, code, why in work.session.execute(held)}
    after = {(child, *reason) for child, reasons in reach.items() for reason in reasons}
    for child, code, why in before - after:
        this = (Reach.child == child) & (Reach.organisation == code) & (Reach.why == why)
        work.session.execute(delete(Reach).where(this))
    if new := sorted(after - before):
        rows = [{"child": child, "organisation": code, "why": why} for child, code, why in new]
        work.session.execute(insert(Reach), rows)
    return len(before ^ after)


def is_seen_by(actor: Actor, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that this column's child lies within the actor's sight.

    It stands inside every query that gives children or what follows from them.
    """
    sight = sight_of(actor)
    if sight.everything:
        return true()
    if not sight.organisation:
        return false()
    reach = aliased(Reach)
    return exists().where(reach.child == child, reach.organisation == sight.organisation)
