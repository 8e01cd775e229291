"""How police graded the risk, and who did: read from the versions of their reports."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from register.reports.models import Report, ReportVersion, Submission
from register.rows import among
from register.work import Work, was_known

PAGE_DOOR = "page"


@dataclass(frozen=True, slots=True)
class Grading:
    """A risk that a force graded, when, and by whom: a person, where it was entered on a page."""

    risk: str
    at: datetime
    organisation: str
    by: str


def gradings_of(work: Work, reports: Collection[int]) -> dict[int, list[Grading]]:
    """Give the gradings by report, the first one first; the same again is no new one."""
    risk = ReportVersion.open["content"]["risk_level"].as_string()
    query = (
        select(
            ReportVersion.report_id,
            risk,
            ReportVersion.updated_at,
            Report.organisation,
            Submission.source,
            Submission.actor,
        )
        .join(Report, Report.id == ReportVersion.report_id)
        .join(Submission, Submission.id == ReportVersion.submission_id)
        .where(among(ReportVersion.report_id, reports), risk.is_not(None))
        .where(was_known(work, ReportVersion.received_at))
        .order_by(ReportVersion.updated_at, ReportVersion.digest)
    )
    found: dict[int, list[Grading]] = {}
    for report, level, at, organisation, source, actor in work.session.execute(query):
        told = found.setdefault(report, [])
        if not told or told[-1].risk != level:
            told.append(Grading(level, at, organisation, actor if source == PAGE_DOOR else ""))
    return found
