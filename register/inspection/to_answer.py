"""What one's own organisation must answer: by clock, with what is new and critical on top."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.feeds import Fault, faults_to_answer
from register.inspection.heard import is_answered, is_heard
from register.inspection.mismatches import RANK, MismatchRow, rows_of
from register.inspection.paging import PAGE, Page, find_page
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.standing import waiting
from register.records.sight import is_in_sight
from register.reports.organisations import current_code
from register.terms import Answer, Severity
from register.work import Work

_SOONEST = (Mismatch.due_at, RANK, Mismatch.number)
MOST_ALERTS = 5
MOST_INFORMATION = 25


@dataclass(frozen=True, slots=True)
class Alerts:
    """Critical mismatches that nobody of their owner has acknowledged: the first, and how many."""

    rows: Sequence[MismatchRow]
    total: int
    faults: Sequence[Fault]
    """What stands amiss with one's own feed, which is no child's."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Mismatches of which one side asked the other to correct its report."""

    asked_of_us: Sequence[MismatchRow]
    asked_by_us: Sequence[MismatchRow]


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A page of what is to be answered, and what is only for information, apart."""

    page: Page[MismatchRow]
    information: Sequence[MismatchRow]
    information_total: int


@needs(Permission.MISMATCH_READ)
def to_answer(work: Work, page: int = 1) -> ToAnswer:
    """Give what one's own organisation must answer, what is due first on top."""
    mine = _mine(work) & (Mismatch.severity != Severity.INFO.value)
    found = find_page(work, Mismatch, mine, _SOONEST, page)
    rows = rows_of(work, found.rows, with_persons=True)
    information = _concerning(work) & (Mismatch.severity == Severity.INFO.value)
    told = select(Mismatch).where(information).order_by(Mismatch.opened_at.desc(), Mismatch.number)
    below = _read(work, told.limit(MOST_INFORMATION))
    seen = {row.child for row in (*rows, *below)}
    record(work, "list:viewed", "to answer", children=sorted(seen))
    page_of_rows = Page(rows, found.number, found.total)
    return ToAnswer(page_of_rows, below, _count(work, information))


@needs(Permission.MISMATCH_READ)
def alerts(work: Work) -> Alerts:
    """Give what one's own organisation must see first."""
    new = _mine(work) & (Mismatch.severity == Severity.CRITICAL.value)
    new &= ~is_heard(work)
    query = select(Mismatch).where(new).order_by(Mismatch.due_at, Mismatch.number)
    rows = _read(work, query.limit(MOST_ALERTS))
    record(work, "list:viewed", "alerts", children=sorted({row.child for row in rows}))
    total = _count(work, new) if len(rows) == MOST_ALERTS else len(rows)
    return Alerts(rows, total, faults_to_answer(work))


@needs(Permission.MISMATCH_READ)
def soonest(work: Work, count: int) -> tuple[list[MismatchRow], int]:
    """Give the few that are due first, and how many there are."""
    mine = _mine(work) & (Mismatch.severity != Severity.INFO.value)
    found = find_page(work, Mismatch, mine, _SOONEST)
    rows = rows_of(work, found.rows[:count], with_persons=True)
    record(work, "list:viewed", "due first", children=sorted({row.child for row in rows}))
    return rows, found.total


@needs(Permission.MISMATCH_READ)
def corrections(work: Work) -> Corrections:
    """Give the requests to correct that still wait, asked of one's own organisation and by it."""
    own = work.actor.organisation
    return Corrections(
        _requested(work, Settlement.organisation != own),
        _requested(work, Settlement.organisation == own),
    )


def _requested(work: Work, by: ColumnElement[bool]) -> list[MismatchRow]:
    requests = Settlement.answer == Answer.CORRECTION_REQUESTED.value
    asked = is_answered(work, requests, by)
    query = select(Mismatch).where(_concerning(work), asked)
    query = query.order_by(Mismatch.due_at.is_(None), Mismatch.due_at, Mismatch.number)
    rows = _read(work, query.limit(PAGE))
    record(work, "list:viewed", "corrections", children=sorted({row.child for row in rows}))
    return rows


def _read(work: Work, query: Select[Mismatch]) -> list[MismatchRow]:
    return rows_of(work, work.session.scalars(query).all(), with_persons=True)


def _mine(work: Work) -> ColumnElement[bool]:
    own = current_code(work.actor.organisation)
    return waiting(work) & (Mismatch.owner == own) & is_in_sight(work, Mismatch.child)


def _concerning(work: Work) -> ColumnElement[bool]:
    own = current_code(work.actor.organisation)
    ours = or_(Mismatch.owner == own, Mismatch.counterpart == own)
    return waiting(work) & ours & is_in_sight(work, Mismatch.child)


def _count(work: Work, condition: ColumnElement[bool]) -> int:
    return work.session.scalar(select(func.count()).select_from(Mismatch).where(condition)) or 0
