"""Protected values shown one at a time: to whom, of which report, with which reason.

People are shown what their own organisation sent. What the other side sent they are shown while
the child is missing now and their own organisation has it open, unless something bars it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.access.stepping_up import Purpose, require_confirmed
from register.audit.service import record
from register.errors import NotFound
from register.inspection.askable import is_own, reports_to_ask
from register.inspection.children import find_child
from register.inspection.paging import PAGE, Page, clamp
from register.linkage.subjects import reports_of_children
from register.numbers import child_number, read_row
from register.records.service import fold
from register.reports.fields import APART_FIELDS, BY_NAME, Field
from register.reports.models import Report
from register.reports.organisations import current_code
from register.reports.protected import protected_values
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.rows import among
from register.secrecy.showings import (
    What,
    Why,
    all_showings,
    count_notices,
    count_showings,
    keep_showing,
    shown_of,
    words_of,
)
from register.work import Work


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that may be shown: of which child, what it is, and which report says it."""

    number: str
    field: Field
    report: int
    organisation: str
    reference: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The one value, and what it is; blank where the report says it no more."""

    asked: Asked
    value: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """That a value was shown: a number, when, to whose people, and the report's own reference."""

    number: int
    at: datetime
    organisation: str
    reference: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A showing as it is looked into: who was shown whose value of which field, and why."""

    number: int
    at: datetime
    actor: str
    organisation: str
    owner: str
    field: Field
    reason: str
    words: str


@needs(Permission.PLACE_REVEAL)
def place_asked(work: Work, number: str, report: str, field: str) -> Asked:
    """Say what would be shown; raise NotFound for whatever may not be, or is not there."""
    return _asked(work, number, report, field)[0]


@needs(Permission.PLACE_REVEAL)
def show_place(  # whose, what, why, and the proof of who asks
    work: Work, number: str, report: str, field: str, why: Why, token: str
) -> Shown:
    """Show one value, keep that it was shown, and tell the organisation that sent it.

    Raises NotFound as `place_asked` does, Invalid for a reason that is none, and ConfirmFirst
    unless the visitor, whose session has this token, signed in, or again, just now. The value may
    leave only when the work is committed: the log and the notice are in it.
    """
    asked, statement = _asked(work, number, report, field)
    require_confirmed(work, token, Purpose.PLACE)
    # An authority that is no more is told through the one that took its children over.
    owner = current_code(asked.organisation)
    keep_showing(work, What(asked.number, asked.report, owner, field), why)
    value = protected_values(work, [asked.report])[asked.report].get(field, "")
    return Shown(asked, value, statement.updated_at)


@needs(Permission.NOTICE_READ)
def notice_list(work: Work, page: int = 1) -> Page[Notice]:
    """Give the showings of what the reader's organisation sent, the newest first.

    Each by a reference alone: who reads it need not see the child.
    """
    total = count_notices(work)
    number = clamp(page, total)
    rows = shown_of(work, (number - 1) * PAGE, PAGE)
    reports = {row.report_id for row in rows}
    named = select(Report.id, Report.reference).where(among(Report.id, reports))
    references = dict(iter(work.session.execute(named)))
    record(work, "list:viewed", "notices", count=len(rows))
    told = [Notice(row.id, row.at, row.organisation, references[row.report_id]) for row in rows]
    return Page(told, number, total)


@needs(Permission.SHOWING_READ)
def showing_list(work: Work, page: int = 1) -> Page[Kept]:
    """Give all showings with who asked and why, for whoever looks into them; newest first."""
    total = count_showings(work)
    number = clamp(page, total)
    rows = all_showings(work, (number - 1) * PAGE, PAGE)
    record(work, "list:viewed", "showings", count=len(rows))
    told = [
        Kept(
            row.id,
            row.at,
            row.actor,
            row.organisation,
            row.owner,
            BY_NAME[row.field],
            row.reason,
            words_of(work, row),
        )
        for row in rows
    ]
    return Page(told, number, total)


def _asked(work: Work, number: str, report: str, field: str) -> tuple[Asked, Statement]:
    child = find_child(work, number)
    statements = find_statements(work, reports_of_children(work, [child])[child])
    said = statements.get(read_row(report))
    known = BY_NAME.get(field)
    if said is None or known is None or not _is_to_ask(known, said, work):
        raise _nothing()
    if said.report_id not in reports_to_ask(work, fold(child, statements.values())):
        raise _nothing()
    named = (said.report_id, said.organisation, said.reference)
    return Asked(child_number(child), known, *named), said


def _is_to_ask(field: Field, said: Statement, work: Work) -> bool:
    """Tell whether it is a protected value that stands on no page for this reader already."""
    stands_apart = field.name in APART_FIELDS or not is_own(work, said)
    return field.protected and stands_apart and bool(said.values.get(field.name))


def _nothing() -> NotFound:
    return NotFound("There is nothing here to be shown, or nothing that you may see.")
