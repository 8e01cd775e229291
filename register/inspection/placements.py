"""Children placed in another authority's area, both ways, and whether the host was told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from register.access.models import Reach
from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.paging import PAGE
from register.inspection.persons import Person, person_of
from register.numbers import child_number
from register.records.models import Child, EpisodeRow
from register.records.service import Folded, read_children
from register.records.sight import is_in_sight
from register.reports.organisations import current_code
from register.reports.values import Moment
from register.work import Work, stands


@dataclass(frozen=True, slots=True)
class Placed:
    """One child placed elsewhere; the notices are None where no report tells of one."""

    number: str
    person: Person
    responsible: str
    host: str
    is_missing: bool
    placement_notified_at: Moment | None
    host_informed_at: Moment | None


@dataclass(frozen=True, slots=True)
class Placements:
    """One's own children elsewhere, and others' here: the first of each, and how many."""

    ours: Sequence[Placed]
    ours_total: int
    theirs: Sequence[Placed]
    theirs_total: int


@needs(Permission.CHILD_READ)
def placements(work: Work) -> Placements:
    """Give children placed out of their authority's area, those missing now on top."""
    own = current_code(work.actor.organisation)
    elsewhere = Child.host_authority.not_in(["", own]) & (Child.responsible_authority == own)
    # Asked from the reach: a child is found by its host there, and nowhere else.
    hosted = select(Reach.child).where(
        Reach.organisation == own, Reach.why == "host", stands(work, Reach)
    )
    here = Child.number.in_(hosted) & (Child.host_authority == own)
    here &= Child.responsible_authority.not_in(["", own])
    (ours, ours_total), (theirs, theirs_total) = _first(work, elsewhere), _first(work, here)
    both = {number for number, _ in (*ours, *theirs)}
    folded = read_children(work, both)
    record(work, "list:viewed", "placed elsewhere", children=sorted(both))
    return Placements(
        [_placed(work, folded[number], is_missing=bool(gone)) for number, gone in ours],
        ours_total,
        [_placed(work, folded[number], is_missing=bool(gone)) for number, gone in theirs],
        theirs_total,
    )


def _first(work: Work, which: ColumnElement[bool]) -> tuple[list[tuple[int, int]], int]:
    """Give the first children, with whether they are missing now, and how many there are."""
    missing = exists().where(
        EpisodeRow.child == Child.number,
        stands(work, EpisodeRow),
        EpisodeRow.is_open,
        or_(EpisodeRow.missing_to_police, EpisodeRow.missing_to_authority),
    )
    gone = case((missing, 1), else_=0)
    seen = stands(work, Child) & which & is_in_sight(work, Child.number)
    query = select(Child.number, gone, func.count().over()).where(seen)
    rows = work.session.execute(query.order_by(gone.desc(), Child.number.desc()).limit(PAGE)).all()
    return [(number, flag) for number, flag, _ in rows], rows[0][2] if rows else 0


def _placed(work: Work, folded: Folded, *, is_missing: bool) -> Placed:
    notices = {
        name: next((m for s in reversed(folded.statements) if (m := s.moment(name))), None)
        for name in ("placement_notified_at", "host_informed_at")
    }
    return Placed(
        number=child_number(folded.child),
        person=person_of(folded.record, work.moment),
        responsible=folded.care.responsible,
        host=folded.care.host,
        is_missing=is_missing,
        **notices,
    )
