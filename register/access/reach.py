"""Who may see a child: whose organisation reaches it, who inspects it, to whom it was given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.models import Inspected, Inspection, Inspector, Need, Reach
from register.access.policy import SEES_WHOLE, Permission, is_allowed, sight_of
from register.changes.service import note_changed
from register.db import stood
from register.rows import add_standing, asked_once, end_standing, parts, standing_rows
from register.work import Actor, Work

Reason = tuple[str, str]
"""An organisation's code (today's), and why: `reports`, `responsible`, `host` or `polices`."""
_REACH = aliased(Reach)
"""Made once: every list asks with it, and to make one takes longer than most questions."""


def set_reach(work: Work, reach: Mapping[int, frozenset[Reason]]) -> int:
    """Hold the table equal to `reach` for its children; one without reasons is seen by none.

    Gives how many rows that changed.
    """
    return sum(
        _set_reach(work, {child: reach[child] for child in part}) for part in parts(sorted(reach))
    )


def _set_reach(work: Work, reach: Mapping[int, frozenset[Reason]]) -> int:
    held = standing_rows(work.session, reach, Reach.child)
    before = {(row["child"], row["organisation"], row["why"]): row["id"] for row in held}
    after = {(child, *reason) for child, reasons in reach.items() for reason in reasons}
    stale = [row for reason, row in before.items() if reason not in after]
    end_standing(work.session, Reach.id, stale, work.now)
    new = [
        {"child": child, "organisation": code, "why": why, "known_from": work.now}
        for child, code, why in sorted(after - before.keys())
    ]
    add_standing(work.session, Reach, new)
    note_changed(work, {child for child, _, _ in before.keys() ^ after})
    return len(stale) + len(new)


def is_seen_by(
    actor: Actor,
    child: InstrumentedAttribute[Any],
    as_at: datetime | None = None,
    *,
    listed: bool = False,
) -> ColumnElement[bool]:
    """Give the condition that this column's child may stand on the actor's lists, now or then.

    `listed` asks from the actor's children, for a list of them; else it is asked of each child,
    for one that is named.
    """
    sight = sight_of(actor)
    if sight.everything:
        return true()
    if not (sight.inspector or sight.organisation):
        return false()
    theirs = _REACH.organisation == sight.organisation
    if sight.inspector:
        theirs = _REACH.organisation.in_(asked_once(inspected_by(sight.inspector)))
    reached = theirs & stood(_REACH, as_at)
    if listed:
        return child.in_(select(_REACH.child).where(reached))
    # Wrapped, or PostgreSQL would turn it round and ask from the actor's children as well.
    return func.coalesce(exists().where(_REACH.child == child, reached), false())


def is_open_to(
    actor: Actor,
    child: InstrumentedAttribute[Any],
    as_at: datetime | None = None,
    *,
    listed: bool = False,
) -> ColumnElement[bool]:
    """Give the condition that this column's child's whole page is open to the actor, by role."""
    sight = sight_of(actor)
    if actor.role in SEES_WHOLE and sight.everything:
        return true()
    return is_seen_by(actor, child, as_at, listed=listed) if sight.organisation else false()


def inspected_by(who: str) -> Select[str]:
    """Give the organisations of the open inspections that are assigned to this person."""
    assigned = (Inspector.inspection == Inspection.id) & inspects(who)
    return (
        select(Inspected.organisation)
        .join(Inspection, Inspection.id == Inspected.inspection)
        .join(Inspector, assigned)
        .where(Inspection.closed_at.is_(None))
    )


def inspects(who: str) -> ColumnElement[bool]:
    """Give the condition that a person is one of an inspection's, still."""
    return (Inspector.who == who) & Inspector.ended_at.is_(None)


def needed_by(actor: Actor, at: datetime, *, acting: bool = False) -> Select[int] | None:
    """Give the reports by which children were given to the actor; None for whoever sees none.

    With `acting` those that were assigned to work on alone: not what is looked at, at need or as
    a sample.
    """
    if not is_allowed(actor, Permission.CHILD_READ):
        return None
    lasts = Need.until.is_(None) | (Need.until > at)
    mine = (Need.who == actor.name) & Need.ended_at.is_(None) & lasts
    found = select(Need.report).where(mine)
    return found.where(Need.why == "assigned") if acting else found
