"""Inspections: of which organisations and days, by whom, and the children they look at whole."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from register.access.models import Inspection, Need, Reach
from register.access.needing import (
    Why,
    add_inspection,
    end_inspection,
    find_inspection,
    find_person,
    give,
    inspections_of,
    inspectors_of,
    inspects_alike,
    organisations_of,
)
from register.access.notices import Matter, tell
from register.access.policy import INSPECTS, Permission, needs
from register.audit.service import child_reference, record
from register.errors import Conflict, Invalid, NotFound
from register.linkage.models import Membership
from register.numbers import child_number, read_number
from register.records.sight import is_in_sight
from register.reports.organisations import find_organisation
from register.rows import among
from register.work import Work, stands

MOST_SAMPLED = 100
"""Children that one inspection looks at whole."""
MOST_INSPECTED = 20


@dataclass(frozen=True, slots=True)
class InspectionView:
    """One inspection; `sampled` are register numbers, with who chose each child and why."""

    number: int
    organisations: tuple[str, ...]
    inspectors: tuple[str, ...]
    first_day: date
    last_day: date
    opened_at: datetime
    closed_at: datetime | None
    sampled: tuple[tuple[str, str, str], ...]


@needs(Permission.INSPECTION_RUN)
def open_inspection(
    work: Work, organisations: list[str], days: tuple[date, date], colleagues: list[str]
) -> int:
    """Open an inspection; the organisations' privacy officers are told. Raise Invalid."""
    problems = {}
    side = INSPECTS.get(work.actor.role)
    found = [find_organisation(code) for code in organisations]
    if (
        not found
        or len(found) > MOST_INSPECTED
        or any(each is None or (side is not None and each.sector is not side) for each in found)
    ):
        problems["organisations"] = (
            f"Write 1 to {MOST_INSPECTED} organisations of the side that you inspect, one a line, "
            "each by its whole name or its code"
        )
    people = [find_person(work, each) for each in colleagues]
    if any(each is None or not inspects_alike(each, work.actor.role) for each in people):
        problems["colleagues"] = "Write usernames of inspectors of the same side, one a line"
    if days[1] < days[0]:
        problems["to"] = "The last day must be the same as or after the first"
    if problems:
        raise Invalid(problems)
    names = [work.actor.name, *(each.username for each in people if each is not None)]
    made = add_inspection(work, organisations, days, names)
    tell(work, organisations, Matter.INSPECTION, f"inspection {made.id}")
    record(work, "inspection:opened", f"inspection {made.id}", organisations=sorted(organisations))
    return made.id


@needs(Permission.INSPECTION_RUN)
def sample(work: Work, inspection: int, number: str, reason: str) -> str:
    """Choose a child that an inspected organisation reaches, to be seen whole by the inspectors.

    Gives its number. Raises NotFound for a child that none of them reaches, Conflict where the
    inspection is closed or has chosen as many as it may.
    """
    found = find_inspection(work, inspection)
    if found.closed_at is not None:
        raise Conflict("This inspection is closed: nothing was changed.")
    if not reason.strip():
        raise Invalid({"reason": "Say why this child is chosen"})
    child = _find_listed(work, number, found.id)
    chosen = {row.report for row in _samples(work, found.id)}
    if child in chosen:
        return child_number(child)
    if len(chosen) >= MOST_SAMPLED:
        raise Conflict(f"An inspection chooses {MOST_SAMPLED} children at most.")
    for username in inspectors_of(work, found.id):
        person = find_person(work, username)
        if person is not None:
            give(work, child, Why.SAMPLED, reason, to=person, inspection=found.id)
    record(work, "inspection:sampled", f"child {child_number(child)}", inspection=found.id)
    return child_number(child)


def give_sampled(work: Work, children: Collection[int], reason: str) -> None:
    """Let the inspectors of the actor's open inspections see whole who was drawn by lot.

    Of each inspection's own organisations, and no more than it may look at.
    """
    for found in inspections_of(work):
        if found.closed_at is not None:
            continue
        chosen = {row.report for row in _samples(work, found.id)}
        own = _reached_by(work, found.id)
        listed = select(Reach.child).where(own, among(Reach.child, children)).distinct()
        drawn = sorted(set(work.session.scalars(listed)) - chosen)[: MOST_SAMPLED - len(chosen)]
        for username in inspectors_of(work, found.id):
            person = find_person(work, username)
            if person is None:
                continue
            for child in drawn:
                give(work, child, Why.SAMPLED, reason, to=person, inspection=found.id)
        for child in drawn:
            record(work, "inspection:sampled", child_reference(child), inspection=found.id)


@needs(Permission.INSPECTION_RUN)
def close_inspection(work: Work, inspection: int) -> None:
    """Close an inspection: its inspectors see nothing by it any more. Raise NotFound."""
    found = find_inspection(work, inspection)
    if found.closed_at is None:
        end_inspection(work, found)


@needs(Permission.INSPECTION_RUN)
def inspection_list(work: Work) -> list[InspectionView]:
    """Give the reader's inspections, the open ones first."""
    return [_view(work, each) for each in inspections_of(work)]


@needs(Permission.INSPECTION_RUN)
def inspection_page(work: Work, inspection: int) -> InspectionView:
    """Give one inspection; raise NotFound."""
    found = find_inspection(work, inspection)
    record(work, "inspection:viewed", f"inspection {found.id}")
    return _view(work, found)


def _view(work: Work, found: Inspection) -> InspectionView:
    sampled = {
        child_number(each.report): (each.given_by, each.reason) for each in _samples(work, found.id)
    }
    return InspectionView(
        found.id,
        organisations_of(work, found.id),
        inspectors_of(work, found.id),
        found.first_day,
        found.last_day,
        found.opened_at,
        found.closed_at,
        tuple((number, *told) for number, told in sampled.items()),
    )


def _reached_by(work: Work, inspection: int) -> ColumnElement[bool]:
    """Give the condition that it is one of the inspection's organisations that is reached for."""
    return Reach.organisation.in_(organisations_of(work, inspection)) & stands(work, Reach)


def _samples(work: Work, inspection: int) -> list[Need]:
    own = (Need.inspection == inspection) & (Need.why == Why.SAMPLED.value)
    return list(work.session.scalars(select(Need).where(own).order_by(Need.id)))


def _find_listed(work: Work, number: str, inspection: int) -> int:
    try:
        _, report = read_number(number)
    except ValueError as error:
        raise Invalid({"number": str(error)}) from error
    # Another inspection of the reader's may reach further, and not be its colleagues'.
    of_it = select(Reach.child).where(_reached_by(work, inspection))
    listed = (Membership.report_id == report) & is_in_sight(work, Membership.child_id)
    listed &= Membership.child_id.in_(of_it)
    child = work.session.scalar(
        select(func.min(Membership.child_id)).where(listed, stands(work, Membership))
    )
    if child is None:
        raise NotFound("There is no child with this number, or none that you may see.")
    return child
