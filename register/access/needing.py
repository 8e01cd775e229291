"""Giving one child to one person: to work on, as a sample of an inspection, or for an hour."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select, true, update

from register.access.models import Inspected, Inspection, Inspector, Need, User
from register.access.policy import INSPECTS
from register.access.reach import inspects
from register.audit.service import record
from register.db import HIGHEST_ID
from register.errors import NotFound
from register.terms import Role
from register.work import Work


class Why(StrEnum):
    """Why one person may see one child."""

    ASSIGNED = "assigned"
    SAMPLED = "sampled"
    GLASS = "glass"


LASTS = {Why.ASSIGNED: timedelta(days=90), Why.GLASS: timedelta(hours=1)}
"""How long a need holds; a sample's lasts as long as its inspection."""


def give(
    work: Work, child: int, why: Why, reason: str, *, to: User, inspection: int | None = None
) -> Need:
    """Keep that this person has a need of this child from now on."""
    need = Need(
        who=to.username,
        organisation=to.organisation,
        report=child,
        why=why.value,
        reason=reason.strip(),
        inspection=inspection,
        given_by=work.actor.name,
        at=work.now,
        until=work.now + LASTS[why] if why in LASTS else None,
    )
    work.session.add(need)
    work.session.flush()
    return need


def end_inspection(work: Work, inspection: Inspection) -> None:
    """Close an inspection, and end the needs that its samples were."""
    inspection.closed_at = work.now
    own = (Need.inspection == inspection.id) & Need.ended_at.is_(None)
    work.session.execute(update(Need).where(own).values(ended_at=work.now))
    record(work, "inspection:closed", f"inspection {inspection.id}")


def end_needs_of(work: Work, username: str) -> None:
    """End what one person was given: in another role, or elsewhere, they need it no more.

    Nor do they inspect: what is still open would show them its lists, and give them its samples.
    An inspection that is left with nobody is over.
    """
    own = (Need.who == username) & Need.ended_at.is_(None)
    work.session.execute(update(Need).where(own).values(ended_at=work.now))
    for open_one in _inspections(work, username, Inspection.closed_at.is_(None)):
        mine = inspects(username) & (Inspector.inspection == open_one.id)
        work.session.execute(update(Inspector).where(mine).values(ended_at=work.now))
        if not inspectors_of(work, open_one.id):
            end_inspection(work, open_one)


def find_person(work: Work, username: str) -> User | None:
    """Give an active person by username; None where there is none."""
    named = (User.username == username.strip().lower()[:80]) & User.active
    return work.session.scalar(select(User).where(named))


def find_inspection(work: Work, number: int) -> Inspection:
    """Give an inspection that is assigned to the actor; raise NotFound."""
    found = _inspections(work, work.actor.name, Inspection.id == min(number, HIGHEST_ID))
    if not found:
        raise NotFound("There is no such inspection, or none that you may see.")
    return found[0]


def inspections_of(work: Work) -> list[Inspection]:
    """Give the actor's inspections, the open ones first."""
    return _inspections(work, work.actor.name, true())


def _inspections(work: Work, username: str, which: ColumnElement[bool]) -> list[Inspection]:
    assigned = (Inspector.inspection == Inspection.id) & inspects(username)
    query = select(Inspection).join(Inspector, assigned).where(which)
    order = (Inspection.closed_at.is_not(None), Inspection.id.desc())
    return list(work.session.scalars(query.order_by(*order)))


def add_inspection(
    work: Work,
    organisations: Iterable[str],
    days: tuple[date, date],
    inspectors: Iterable[str],
) -> Inspection:
    """Keep a new inspection of these organisations, assigned to these people."""
    made = Inspection(first_day=days[0], last_day=days[1], opened_at=work.now)
    work.session.add(made)
    work.session.flush()
    codes, people = sorted(set(organisations)), sorted(set(inspectors))
    work.session.add_all(Inspected(inspection=made.id, organisation=each) for each in codes)
    work.session.add_all(Inspector(inspection=made.id, who=each) for each in people)
    work.session.flush()
    return made


def organisations_of(work: Work, inspection: int) -> tuple[str, ...]:
    """Give the organisations that an inspection is of."""
    own = Inspected.inspection == inspection
    return tuple(sorted(work.session.scalars(select(Inspected.organisation).where(own))))


def inspectors_of(work: Work, inspection: int) -> tuple[str, ...]:
    """Give the people an inspection is assigned to."""
    own = (Inspector.inspection == inspection) & Inspector.ended_at.is_(None)
    return tuple(sorted(work.session.scalars(select(Inspector.who).where(own))))


def inspects_alike(person: User, role: Role) -> bool:
    """Tell whether a person inspects the same side."""
    return role in INSPECTS and person.role == role.value
