"""Mismatches as a person reads them: what disagrees, both values, whose turn it is, until when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, or_, select

from register.access.policy import Permission, may_read_protected, needs
from register.audit.service import record
from register.inspection.feeds import Fault, faults_to_answer
from register.inspection.paging import Page, find_page
from register.inspection.persons import Person, person_of
from register.mismatches.ladder import Holder, holder_at
from register.mismatches.models import Mismatch
from register.mismatches.rule import Rule
from register.mismatches.rules import RULES
from register.mismatches.standing import ended, last_said, state_at, stood_then, waiting
from register.numbers import child_number
from register.records.service import read_children
from register.records.sight import openable_of_sight, within_sight
from register.reports.fields import BY_NAME, Field
from register.reports.organisations import find_organisation
from register.reports.statement import Statement, Value
from register.reports.statements import find_statements
from register.terms import SETTLED, WAITING, MismatchState, Sector, Severity
from register.work import Actor, Work, stands

RANK = case({severity: rank for rank, severity in enumerate(Severity)}, value=Mismatch.severity)
GRAVEST_FIRST = (RANK, Mismatch.due_at.is_(None), Mismatch.due_at, Mismatch.number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; blanks narrow nothing. `older_than` is in whole days."""

    organisation: str = ""
    rule: str = ""
    severity: str = ""
    state: str = "open"
    older_than: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """One report's value of what is disagreed on; None where it gives none, or is not shown."""

    organisation: str
    value: Value | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class MismatchRow:
    """One mismatch, for one reader.

    `response_from` to `due_at` is the owner's time to respond, `clock` its length in words;
    `duty_from` to `duty_due_at` the time that guidance gives, where it gives one. `person` is
    None where the page says who it is about anyway.
    """

    id: int
    """The row's: it changes with what the mismatch says, so that an answer tells what was seen."""
    mismatch: int
    """The mismatch's own number."""
    matter: int
    """What answers are on."""
    child: int
    number: str
    episode: int | None
    rule: Rule
    field: Field | None
    severity: Severity
    owner: str
    counterpart: str
    police: tuple[Held, ...]
    authority: tuple[Held, ...]
    person: Person | None
    clock: str
    opened_at: datetime
    response_from: datetime | None
    due_at: datetime | None
    duty_from: datetime | None
    duty_due_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    state: MismatchState
    is_open: bool
    is_overdue: bool
    is_duty_past: bool
    holder: Holder | None
    """Who has it now at its owner's; None where nobody need act."""
    sector: Sector
    """The owner's side."""
    may_open: bool = True
    """Whether the reader may open its page, and the child's."""


@dataclass(frozen=True, slots=True)
class MismatchList:
    """A page of mismatches, and what is amiss beside them."""

    page: Page[MismatchRow]
    faults: Sequence[Fault]
    """What stands amiss with one's own feed, which is no child's, however the list is narrowed."""


@needs(Permission.MISMATCH_READ)
def mismatch_list(work: Work, wanted: Wanted, page: int = 1) -> MismatchList:
    """Give the mismatches within the reader's sight, the gravest first, then by what is due."""
    found_by = matching(work, wanted) & within_sight(work, Mismatch.child)
    found = find_page(work, Mismatch, found_by, GRAVEST_FIRST, page)
    rows = rows_of(work, found.rows, with_persons=True)
    record(work, "list:viewed", "mismatches", children={row.child for row in rows})
    return MismatchList(found.telling(rows), faults_to_answer(work))


def mismatches_of(work: Work, child: int) -> list[MismatchRow]:
    """Give a child's mismatches, the open ones first, then the closed, newest first."""
    query = (
        select(Mismatch)
        .where(Mismatch.child == child, last_said(work))
        .order_by(~waiting(work), ~stands(work, Mismatch), RANK, Mismatch.number.desc())
    )
    return rows_of(work, work.session.scalars(query).all())


def open_mismatches(work: Work, children: Collection[int]) -> dict[int, list[MismatchRow]]:
    """Give the open mismatches of these children, the gravest first, by child."""
    query = (
        select(Mismatch)
        .where(Mismatch.child.in_(sorted(children)), waiting(work))
        .order_by(*GRAVEST_FIRST)
    )
    found: dict[int, list[MismatchRow]] = {}
    for row in rows_of(work, work.session.scalars(query).all()):
        found.setdefault(row.child, []).append(row)
    return found


def matching(work: Work, wanted: Wanted) -> ColumnElement[bool]:
    """Give the condition that a mismatch is among those that are wanted."""
    settled = stands(work, Mismatch) & Mismatch.state.in_(sorted(SETTLED))
    states = {"open": waiting(work), "settled": settled, "closed": ended(work)}
    found_by = states.get(wanted.state, last_said(work))
    if wanted.organisation:
        concerned = (Mismatch.owner, Mismatch.counterpart)
        found_by &= or_(*(column == wanted.organisation for column in concerned))
    if wanted.rule:
        found_by &= Mismatch.rule == wanted.rule
    if wanted.severity:
        found_by &= Mismatch.severity == wanted.severity
    if wanted.older_than:
        found_by &= Mismatch.opened_at <= work.moment - timedelta(days=wanted.older_than)
    return found_by


def rows_of(
    work: Work, found: Sequence[Mismatch], *, with_persons: bool = False
) -> list[MismatchRow]:
    """Give what was found, for the reader."""
    children = {each.child for each in found} if with_persons else ()
    persons = {
        child: person_of(folded.record, work.moment)
        for child, folded in read_children(work, children).items()
    }
    statements = find_statements(work, _reports(found))  # most of them were read of the children
    rows = [_row(work, each, statements, persons.get(each.child)) for each in found]
    if not with_persons:
        return rows
    opened = openable_of_sight(work, {each.child for each in found})
    return [replace(row, may_open=row.child in opened) for row in rows]


def _row(
    work: Work, row: Mismatch, statements: dict[int, Statement], person: Person | None
) -> MismatchRow:
    state = MismatchState(state_at(work, row))
    is_open = state in WAITING
    owner = find_organisation(row.owner)
    return MismatchRow(
        id=row.id,
        mismatch=row.number,
        matter=row.matter,
        child=row.child,
        number=child_number(row.child),
        episode=row.episode,
        rule=RULES[row.rule],
        field=BY_NAME.get(row.field),
        severity=Severity(row.severity),
        owner=row.owner,
        counterpart=row.counterpart,
        police=_side(row, Sector.POLICE, statements, work.actor),
        authority=_side(row, Sector.AUTHORITY, statements, work.actor),
        person=person,
        clock=row.clock,
        opened_at=row.opened_at,
        response_from=row.response_from,
        due_at=row.due_at,
        duty_from=row.duty_from,
        duty_due_at=row.duty_due_at,
        closed_at=None if stood_then(work, row) else row.known_to,
        closed_because="" if stood_then(work, row) else row.closed_because,
        state=state,
        is_open=is_open,
        is_overdue=is_open and row.due_at is not None and row.due_at <= work.moment,
        is_duty_past=is_open and row.duty_due_at is not None and row.duty_due_at <= work.moment,
        holder=holder_at(state, row.response_from, row.due_at, work.moment),
        sector=owner.sector if owner else Sector.OTHER,
    )


def _reports(found: Iterable[Mismatch]) -> set[int]:
    columns = ("police_report_id", "authority_report_id", "other_report_id")
    ids = {getattr(each, column) for each in found for column in columns}
    return ids - {None}


def _side(
    row: Mismatch, sector: Sector, statements: dict[int, Statement], actor: Actor
) -> tuple[Held, ...]:
    ids = (row.police_report_id, row.authority_report_id, row.other_report_id)
    said = [statements[each] for each in ids if each in statements]
    police = sector is Sector.POLICE
    return tuple(
        _held(row, each, actor) for each in said if (each.sector is Sector.POLICE) is police
    )


def _held(row: Mismatch, statement: Statement, actor: Actor) -> Held:
    field = BY_NAME.get(row.field)
    may_read = may_read_protected(actor, statement.organisation)
    if field and field.protected and (field.apart or not may_read):
        return Held(statement.organisation, None, is_hidden=True)
    return Held(statement.organisation, statement.values.get(row.field))
