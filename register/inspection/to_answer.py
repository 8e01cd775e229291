"""What one's own organisation must answer: by clock, with what is new and critical on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import ColumnElement, Select, func, or_, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.feeds import Fault, faults_to_answer
from register.inspection.heard import answerers, heard_among, is_answered
from register.inspection.mismatches import RANK, MismatchRow, rows_of
from register.inspection.paging import Page, find_page
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.standing import waiting
from register.records.sight import is_in_sight
from register.reports.organisations import current_code
from register.rows import among
from register.terms import Answer, Severity
from register.work import Work

_SOONEST = (Mismatch.due_at, RANK, Mismatch.number)
MOST_ALERTS = 5
MOST_INFORMATION = 25
MOST_REQUESTS = 50


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
class Owing:
    """What an organisation owes on mismatches, as its desk shows it; `total` of what is due."""

    alerts: Alerts
    due: Sequence[MismatchRow]
    total: int
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class _First:
    """What is due first, of so many, and the first that is new and critical, of so many."""

    due: Sequence[Mismatch]
    total: int
    new: Sequence[Mismatch]
    new_total: int


@dataclass(frozen=True, slots=True)
class Found:
    """What an organisation owes on mismatches, found and not yet read."""

    first: _First
    of_us: Sequence[Mismatch]
    by_us: Sequence[Mismatch]

    @property
    def lists(self) -> dict[str, Sequence[Mismatch]]:
        """The lists of it, by their names in the log."""
        corrections = [*self.of_us, *self.by_us]
        return {"due first": self.first.due, "alerts": self.first.new, "corrections": corrections}

    @property
    def children(self) -> set[int]:
        """Whose mismatches they are."""
        return {row.child for rows in self.lists.values() for row in rows}


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
    page_of_rows = found.telling(rows)
    return ToAnswer(page_of_rows, below, _count(work, information))


@needs(Permission.MISMATCH_READ)
def alerts(work: Work) -> Alerts:
    """Give what one's own organisation must see first."""
    first = _first(work, 0)
    rows = rows_of(work, first.new, with_persons=True)
    record(work, "list:viewed", "alerts", children=sorted({row.child for row in rows}))
    return Alerts(rows, first.new_total, faults_to_answer(work))


@needs(Permission.MISMATCH_READ)
def find_owing(work: Work, count: int) -> Found:
    """Find what one's own organisation must see first, and the few things that are due first.

    With them the requests to correct that still wait, asked of one's own organisation and by it.
    """
    return Found(_first(work, count), *_requested(work))


@needs(Permission.MISMATCH_READ)
def read_owing(work: Work, found: Found) -> Owing:
    """Give what was found that one's own organisation owes, for the reader."""
    for name, rows in found.lists.items():
        record(work, "list:viewed", name, children=sorted({row.child for row in rows}))
    first = found.first
    lists = (first.due, first.new, found.of_us, found.by_us)
    told = iter(rows_of(work, list(chain(*lists)), with_persons=True))
    shown = [list(islice(told, len(rows))) for rows in lists]
    on_top = Alerts(shown[1], first.new_total, faults_to_answer(work))
    return Owing(on_top, shown[0], first.total, Corrections(shown[2], shown[3]))


def _first(work: Work, count: int) -> _First:
    """Go once through what must be answered: what is due first, and what is new and critical.

    New is what nobody of its owner has answered.
    """
    is_critical = Mismatch.severity == Severity.CRITICAL.value
    place = func.row_number().over(order_by=_SOONEST).label("place")
    columns = (Mismatch.id, Mismatch.number, is_critical.label("critical"), place)
    every = select(*columns, func.count().over().label("total"))
    found = every.where(_mine(work), Mismatch.severity != Severity.INFO.value).subquery().c
    query = select(*found).where(or_(found.place <= count, found.critical)).order_by(found.place)
    rows = work.session.execute(query).all()
    critical = [row for row in rows if row.critical]
    heard = heard_among(work, [row.number for row in critical])
    new = [row.id for row in critical if row.number not in heard]
    due = [row.id for row in rows if row.place <= count]
    read = select(Mismatch).where(among(Mismatch.id, {*due, *new[:MOST_ALERTS]}))
    by_id = {row.id: row for row in work.session.scalars(read)} if rows else {}
    total = rows[0].total if rows else 0
    on_top = [by_id[each] for each in new[:MOST_ALERTS]]
    return _First([by_id[each] for each in due], total, on_top, len(new))


def _requested(work: Work) -> tuple[list[Mismatch], list[Mismatch]]:
    """Give what one's own organisation is asked to correct, and what it asks others to."""
    requests = Settlement.answer == Answer.CORRECTION_REQUESTED.value
    query = select(Mismatch).where(_concerning(work), is_answered(work, requests))
    query = query.order_by(Mismatch.due_at.is_(None), Mismatch.due_at, Mismatch.number)
    found = work.session.scalars(query.limit(MOST_REQUESTS)).all()
    by = answerers(work, [each.number for each in found], requests)
    own = {work.actor.organisation}
    of_us = [each for each in found if by[each.number] - own]
    return of_us, [each for each in found if by[each.number] & own]


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
