"""One's own organisation's reports, as they count now."""

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import NotFound
from register.linkage.subjects import memberships
from register.numbers import child_number
from register.records.sight import reports_in_sight
from register.reports.models import Report
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.terms import Kind
from register.work import Work


@needs(Permission.REPORT_RECEIVE)
def own_statement(work: Work, report_id: int | None) -> Statement:
    """Give a report of one's own organisation as it counts now; raise NotFound."""
    # Another's report is not even read: to look for it costs what one that is not there costs.
    wanted = (Report.id == report_id, Report.organisation == work.actor.organisation)
    own = work.session.scalar(select(Report.id).where(*wanted)) if report_id else None
    found = find_statements(work, [own]).get(own) if own else None
    if found is None or found.kind is not Kind.MISSING:
        raise NotFound("There is no such report, or it is not your organisation's.")
    children = [child for _, child in memberships(work, [found.report_id]).values()]
    record(work, "report:viewed", f"report {report_id}", children=children)
    return found


def version_of(work: Work, report_id: int) -> int:
    """Give the version that counts of a report; 0 where there is none."""
    query = select(Report.current_version_id).where(Report.id == report_id)
    return work.session.scalar(query) or 0


@needs(Permission.REPORT_RECEIVE)
def number_of(work: Work, report_id: int) -> str:
    """Give the register number of the child that a report speaks of.

    Of a child that a seal hides, the report is as if alone.
    """
    seen = reports_in_sight(work, [report_id])
    return child_number(memberships(work, seen)[report_id][1] if seen else report_id)
