"""What one's own organisation must answer: by clock, with what is new and critical on top."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import ColumnElement, func, or_, select

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
    information = _concerning(work) & (Mismatch.severity == Severity.INFO.value)
    newest = (Mismatch.opened_at.desc(), Mismatch.number)
    told = find_page(work, Mismatch, information, newest, size=MOST_INFORMATION)
    rows = rows_of(work, [*found.rows, *told.rows], with_persons=True)
    record(work, "list:viewed", "to answer", children=sorted({row.child for row in rows}))
    count = len(found.rows)
    return ToAnswer(found.telling(rows[:count]), rows[count:], told.total)


@needs(Permission.MISMATCH_READ)
def alerts(work: Work) -> Alerts:
    """Give what one's own organisation must see first."""
    critical = _mine(work) & (Mismatch.severity == Severity.CRITICAL.value)
    query = select(Mismatch.id, Mismatch.number).where(critical).order_by(*_SOONEST)
    new = _new(work, work.session.execute(query).all())
    rows = rows_of(work, _read(work, new[:MOST_ALERTS]), with_persons=True)
    record(work, "list:viewed", "alerts", children=sorted({row.child for row in rows}))
    return Alerts(rows, len(new), faults_to_answer(work))


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
    """Go once through what must be answered: what is due first, and what is new and critical."""
    is_critical = Mismatch.severity == Severity.CRITICAL.value
    place = func.row_number().over(order_by=_SOONEST).label("place")
    columns = (Mismatch.id, Mismatch.number, is_critical.label("critical"), place)
    every = select(*columns, func.count().over().label("total"))
    found = every.where(_mine(work), Mismatch.severity != Severity.INFO.value).subquery().c
    query = select(*found).where(or_(found.place <= count, found.critical)).order_by(found.place)
    rows = work.session.execute(query).all()
    new = _new(work, [(row.id, row.number) for row in rows if row.critical])
    due = [row.id for row in rows if row.place <= count]
    read = _read(work, [*due, *new[:MOST_ALERTS]])
    total = rows[0].total if rows else 0
    return _First(read[: len(due)], total, read[len(due) :], len(new))


def _new(work: Work, critical: Iterable[tuple[int, int]]) -> list[int]:
    """Give those, by id, that nobody of their owner has answered: of an id and a number each."""
    by_number = {number: row for row, number in critical}
    heard = heard_among(work, by_number)
    return [row for number, row in by_number.items() if number not in heard]


def _read(work: Work, ids: Sequence[int]) -> list[Mismatch]:
    query = select(Mismatch).where(among(Mismatch.id, sorted(set(ids))))
    by_id = {row.id: row for row in work.session.scalars(query)} if ids else {}
    return [by_id[each] for each in ids]


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


def _mine(work: Work) -> ColumnElement[bool]:
    own = current_code(work.actor.organisation)
    return waiting(work) & (Mismatch.owner == own) & is_in_sight(work, Mismatch.child)


def _concerning(work: Work) -> ColumnElement[bool]:
    own = current_code(work.actor.organisation)
    ours = or_(Mismatch.owner == own, Mismatch.counterpart == own)
    return waiting(work) & ours & is_in_sight(work, Mismatch.child)
