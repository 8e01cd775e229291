"""One's own organisation's reports: found by reference or name, to go on from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.persons import Person, person_of
from register.linkage.subjects import memberships
from register.numbers import child_number
from register.records.reconcile import reconcile
from register.records.sight import reports_in_sight
from register.reports.models import Report, ReportVersion
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.reports.values import Moment
from register.terms import Kind
from register.work import Work

MOST = 25
"""Reports that one search shows; who has more is asked to say more."""
ASKED_LENGTH = 80
_NAMES = ("forename", "surname", "known_as", "child_reference")


@dataclass(frozen=True, slots=True)
class OwnReport:
    """One report of one's own, in a line."""

    report_id: int
    reference: str
    child_reference: str
    number: str
    person: Person
    category: str
    status: str
    missing_at: Moment | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class OwnReports:
    """What a search found, and whether there is more than is shown."""

    rows: Sequence[OwnReport]
    has_more: bool


@needs(Permission.REPORT_RECEIVE)
def own_reports(work: Work, asked: str = "") -> OwnReports:
    """Give reports of one's own organisation, the last received first.

    Every word that is asked for must begin a name, the organisation's id for the child, or the
    report's reference. Blank gives the last ones.
    """
    asked = asked[:ASKED_LENGTH]
    ids = list(work.session.scalars(_query(work, asked)))
    found = find_statements(work, ids[:MOST])
    shown = [found[each] for each in ids[:MOST]]
    # Of a child that a seal hides, the report is as if alone.
    seen = reports_in_sight(work, found)
    owners = {each: child for each, (_, child) in memberships(work, found).items() if each in seen}
    children = set(owners.values())
    record(work, "search:made", "own reports", children=children, reports=sorted(found))
    rows = [_row(work, each, owners.get(each.report_id, each.report_id)) for each in shown]
    return OwnReports(rows, has_more=len(ids) > MOST)


def _query(work: Work, asked: str) -> Select[int]:
    own = (Report.organisation == work.actor.organisation) & (Report.kind == Kind.MISSING.value)
    query = select(Report.id).where(own)
    if words := asked.split():
        query = query.join(ReportVersion, ReportVersion.id == Report.current_version_id)
        query = query.where(*(_begins(word) for word in words))
    return query.order_by(Report.id.desc()).limit(MOST + 1)


def _begins(word: str) -> ColumnElement[bool]:
    columns = [ReportVersion.open["content"][name].as_string() for name in _NAMES]
    columns.append(Report.reference)
    return or_(*(func.lower(each).startswith(word.lower(), autoescape=True) for each in columns))


def _row(work: Work, said: Statement, child: int) -> OwnReport:
    return OwnReport(
        report_id=said.report_id,
        reference=said.reference,
        child_reference=said.text("child_reference"),
        number=child_number(child),
        person=person_of(reconcile([said]), work.moment),
        category=said.text("category"),
        status=said.text("status"),
        missing_at=said.moment("missing_at"),
        is_open=said.text("status") in {"open", "located"},
    )
