"""Which organisations' people may see a child: a derived table, filled by the floors above."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.models import Reach
from register.access.policy import sight_of
from register.db import stood
from register.rows import add_standing, end_standing, parts, standing_rows
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
    held = standing_rows(work.session, Reach.child, reach)
    before = {(row["child"], row["organisation"], row["why"]): row["id"] for row in held}
    after = {(child, *reason) for child, reasons in reach.items() for reason in reasons}
    stale = [row for reason, row in before.items() if reason not in after]
    end_standing(work.session, Reach.id, stale, work.now)
    new = [
        {"child": child, "organisation": code, "why": why, "known_from": work.now}
        for child, code, why in sorted(after - before.keys())
    ]
    add_standing(work.session, Reach, new)
    return len(stale) + len(new)


def is_seen_by(
    actor: Actor, child: InstrumentedAttribute[Any], as_at: datetime | None = None
) -> ColumnElement[bool]:
    """Give the condition that this column's child lies within the actor's sight, now or then."""
    sight = sight_of(actor)
    if sight.everything:
        return true()
    if not sight.organisation:
        return false()
    reach = aliased(Reach)
    mine = (reach.child == child) & (reach.organisation == sight.organisation)
    return exists().where(mine, stood(reach, as_at))
