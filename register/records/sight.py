"""Whose children a reader may see, also as they were: asked inside every query that gives them.

Three questions, each a condition on a column of a child: may it stand on a list (`within_sight`),
may its page be opened by its number (`may_open`), and does the page tell all (`is_whole`).
"""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast
from weakref import proxy

from sqlalchemy import ColumnElement, Select, True_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.hiding import sealed_from, sealed_reports
from register.access.policy import SEES_ALL, sight_of
from register.access.reach import is_open_to, is_seen_by, needed_by
from register.db import stood
from register.errors import NotFound
from register.linkage.models import Membership, Review
from register.rows import among, is_found, parts
from register.underneath.roles import KNOWN, see_all
from register.work import Actor, Work, stands

_ROOM, _SEALED = "sight", "sealed"
Child = InstrumentedAttribute[Any]
May = Callable[[Work, Child], ColumnElement[bool]]
# Made once: every list asks with them, and to make one takes longer than most questions.
_MEMBER, _TODAY, _SIDE = aliased(Membership), aliased(Membership), aliased(Membership)
_ASKED_ABOUT = aliased(Membership)
_IS_SIDE = (_SIDE.report_id == Review.report_a) | (_SIDE.report_id == Review.report_b)


class ByRole(Protocol):
    """A question of `access/reach.py`: what a role lets an actor see of a column's child."""

    def __call__(
        self, actor: Actor, child: Child, as_at: datetime | None = None, *, listed: bool = False
    ) -> ColumnElement[bool]:
        """Give the condition, asked of each child, or from the actor's where they are `listed`."""
        ...


def within_sight(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the condition that this column's child lies within the reader's sight, for a list.

    It is asked from the reader's children, who are few of all; `is_in_sight` is for one who is
    named. As at an earlier time it must have been so then, for that is what is looked at, and be so
    today, for no one needs to see a child of the past whom they may not see now. The number then
    is a report's, and that report is some child's today.
    """
    return _seen(work, child, partial(is_seen_by, listed=True))


def is_in_sight(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the same condition, for one child who is named by another."""
    return _seen(work, child, is_seen_by)


def is_whole(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the condition that all is told of this column's child: the reader has a need of it."""
    whole = _seen(work, child, is_open_to)
    return whole | _is_asked_about(work, child) if work.actor.role in SEES_ALL else whole


def may_open(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the condition that this column's child has a page for the reader, whole or not."""
    by_all = work.actor.role in SEES_ALL
    return is_in_sight(work, child) if by_all else is_whole(work, child)


def may_be_found(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the condition that the quick check may tell who this column's child is."""
    hidden = sealed_from(work.actor)
    return true() if hidden is None else _is_none_of(work, child, hidden)


def may_judge(work: Work, *, listed: bool = False) -> ColumnElement[bool]:
    """Give the condition that a review lies within the reader's sight: by one of its reports.

    What a seal hides of either side hides it all. `listed` asks from the reader's children, of
    reviews that stand: those name the children of today.
    """
    see_all(work.session)  # one of the two children may lie outside what the database would show
    listed = listed and work.as_at is None
    seen: ColumnElement[bool] = true()
    if (hidden := sealed_from(work.actor)) is not None:
        seen = ~(_is_listed_of if listed else _tells_of)(work, hidden)
    if sight_of(work.actor).everything:
        return seen
    if listed:
        whole = partial(_seen, work, by_role=partial(is_open_to, listed=True))
        return seen & (whole(Review.child_a) | whole(Review.child_b))
    return seen & exists().where(_IS_SIDE, stands(work, _SIDE), is_whole(work, _SIDE.child_id))


def _is_listed_of(work: Work, hidden: Select[int]) -> ColumnElement[bool]:
    owners = _owners(work, hidden)
    return is_found(Review.child_a, owners) | is_found(Review.child_b, owners)


def _tells_of(work: Work, hidden: Select[int]) -> ColumnElement[bool]:
    """Give the condition that one of a review's reports is of a child with one of these."""
    of_them = is_found(_SIDE.child_id, _owners(work, hidden))
    reports = select(_SIDE.report_id).where(stands(work, _SIDE), of_them)
    return Review.report_a.in_(reports) | Review.report_b.in_(reports)


def may_act_on(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the condition that the reader may judge, give away or seal this column's child.

    To have broken the glass is to look for an hour, and no more.
    """
    by_role = is_seen_by if work.actor.role in SEES_ALL else is_open_to
    return _seen(work, child, by_role, _given(work, acting=True))


def unhidden(work: Work, children: Collection[int]) -> set[int]:
    """Give those of the children whom no seal hides from the reader, whoever's they are."""
    return _those_who(work, children, may_be_found)


def reports_in_sight(
    work: Work,
    reports: Collection[int],
    may: May | None = None,
) -> set[int]:
    """Give those of the reports whose child's page the reader may open; asked of none as well.

    `may` asks for another condition on the child.
    """
    found: set[int] = set()
    for part in list(parts(sorted(reports))) or [()]:
        opened = among(Membership.report_id, part) & (may or may_open)(work, Membership.child_id)
        query = select(Membership.report_id).where(opened, stands(work, Membership))
        found |= set(work.session.scalars(query))
    return found


def openable(work: Work, children: Collection[int]) -> set[int]:
    """Give those of the children whose pages the reader may open: a link leads nowhere else."""
    return _those_who(work, children, may_open)


def openable_of_sight(work: Work, children: Collection[int]) -> set[int]:
    """Give the same of children who are all within the reader's sight, as on a list of theirs.

    To an organisation's own people whoever is within sight is open (`access/reach.py`).
    """
    return set(children) if sight_of(work.actor).organisation else openable(work, children)


def _those_who(work: Work, children: Collection[int], may: May) -> set[int]:
    found: set[int] = set()
    for part in parts(sorted(children)):
        wanted = among(Membership.child_id, part) & may(work, Membership.child_id)
        query = select(Membership.child_id).where(wanted, stands(work, Membership)).distinct()
        found |= set(work.session.scalars(query))
    return found


def ask_sight(work: Work, reports: Collection[int]) -> None:
    """Raise NotFound unless all of these reports are of children on whom one may act."""
    if not reports_in_sight(work, reports, may_act_on).issuperset(reports):
        raise NotFound("There is no such child, or none that you may see.")


def _seen(
    work: Work, child: Child, by_role: ByRole, given: list[int] | None = None
) -> ColumnElement[bool]:
    """Whatever bars a child from sight altogether belongs here: every condition passes by."""
    hidden = sealed_from(work.actor)
    seen = _needed(work, child, by_role, _given(work) if given is None else given)
    return seen if hidden is None else seen & _is_none_of(work, child, hidden)


def _needed(work: Work, child: Child, by_role: ByRole, given: list[int]) -> ColumnElement[bool]:
    if work.as_at is None:
        seen = by_role(work.actor, child)
        return or_(seen, among(child, given)) if given else seen
    then = by_role(work.actor, child, work.as_at)
    if isinstance(then, True_):
        return then
    is_of = (_TODAY.report_id == child) & stood(_TODAY, None)
    seen = then & exists().where(is_of, by_role(work.actor, _TODAY.child_id))
    return or_(seen, exists().where(is_of, among(_TODAY.child_id, given))) if given else seen


def is_unsealed(work: Work, child: Child) -> ColumnElement[bool]:
    """Give the condition that no seal is on this column's child, whoever reads."""
    return _is_none_of(work, child, sealed_reports())


def _is_none_of(work: Work, child: Child, reports: Select[int]) -> ColumnElement[bool]:
    """Give the condition that none of these reports is the child's today, or was at the time.

    Whose they are is found when it is asked, as far as the database shows it by then.
    """
    return ~is_found(child, _owners(work, reports))


def _owners(work: Work, reports: Select[int]) -> Callable[[], Collection[int]]:
    """Give how to find whose these reports are today, and whose they were at the time.

    Asked once of a work that reads: nothing changes before its eyes. What finds them may outlast
    the work, and holds on to nothing of it.
    """
    session, reads, room = proxy(work.session), work.reads, f"{_SEALED} {work.as_at}"
    times = or_(*(stood(_MEMBER, at) for at in {None, work.as_at}))
    owners = select(_MEMBER.child_id).where(_MEMBER.report_id.in_(reports), times)

    def find() -> Collection[int]:
        found: dict[Select[int], list[int]] = session.info[KNOWN].setdefault(room, {})
        if not (reads and reports in found):
            found[reports] = sorted(set(session.connection().scalars(owners)))
        return found[reports]

    return find


def _given(work: Work, *, acting: bool = False) -> list[int]:
    """Find the children that were given to the reader: those of today, by the report it was by.

    Those to act on, with `acting`: not whom one only looks at.
    """
    room = f"{_ROOM} to act on" if acting else _ROOM
    if room not in work.notes:
        given = needed_by(work.actor, work.now, acting=acting)
        reports = [] if given is None else list(work.session.scalars(given))
        if reports:
            see_all(work.session)  # they lie outside what the database would show
        work.notes[room] = _children_of(work, reports) if reports else []
    return cast("list[int]", work.notes[room])


def _children_of(work: Work, reports: list[int]) -> list[int]:
    of_today = among(Membership.report_id, reports) & stood(Membership, None)
    return sorted(set(work.session.scalars(select(Membership.child_id).where(of_today))))


def _is_asked_about(work: Work, child: Child) -> ColumnElement[bool]:
    """Tell whether a review waits that is about this child."""
    side = _ASKED_ABOUT
    is_side = (side.report_id == Review.report_a) | (side.report_id == Review.report_b)
    own = (side.child_id == child) & stands(work, side)
    return exists().where(own, is_side, stands(work, Review))
