"""What an organisation's extracts hold whole, and which reports are gone from the last of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, insert, select

from register.access.policy import Permission, needs
from register.reports.models import Extract, ExtractReport, Submission
from register.reports.service import parts
from register.reports.statement import Statement
from register.reports.values import LONDON
from register.work import Work

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExtractSpan:
    """One extract: the days it covers and the instants it is complete from and to."""

    extract_id: int
    organisation: str
    starts_on: date
    ends_on: date | None
    start: datetime
    end: datetime
    carries: frozenset[str]

    def covers(self, day: date) -> bool:
        """Tell whether the extract should hold what began on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@needs(Permission.REPORT_RECEIVE)
def record_extract(
    work: Work,
    submission: Submission,
    days: tuple[date, date | None],
    carries: Collection[str],
    reports: Mapping[str, Iterable[int]],
) -> list[str]:
    """Keep the word that a submission is all its organisations know between two days.

    `reports` are the ids of the reports in it, by organisation. The same file with the same days
    again is no new word. Gives the organisations for which it is new.
    """
    new = [code for code in sorted(reports) if not _is_known(work, submission, code, days)]
    for organisation in new:
        extract = Extract(
            submission_id=submission.id,
            organisation=organisation,
            starts_on=days[0],
            ends_on=days[1],
            received_at=work.now,
            carries=sorted(carries),
        )
        work.session.add(extract)
        work.session.flush()
        rows = [
            {"extract_id": extract.id, "report_id": report_id}
            for report_id in sorted(set(reports[organisation]))
        ]
        if rows:
            work.session.execute(insert(ExtractReport), rows)
    return new


def find_extracts(work: Work) -> dict[str, list[ExtractSpan]]:
    """Give every organisation's extracts, oldest first."""
    spans: dict[str, list[ExtractSpan]] = defaultdict(list)
    for extract in work.session.scalars(select(Extract).order_by(Extract.id)):
        spans[extract.organisation].append(
            ExtractSpan(
                extract_id=extract.id,
                organisation=extract.organisation,
                starts_on=extract.starts_on,
                ends_on=extract.ends_on,
                start=_midnight(extract.starts_on),
                end=_complete_to(extract),
                carries=frozenset(extract.carries),
            )
        )
    return spans


def find_vanished(
    work: Work, statements: Mapping[int, Statement], extracts: Mapping[str, list[ExtractSpan]]
) -> frozenset[int]:
    """Give the reports that were in an extract and are gone from a later one that should hold them.

    Only extracts of one layout are held against each other. Such reports are asked about, never
    closed (contract, section 2).
    """
    last: dict[int, int] = {}
    for part in parts(sorted(statements)):
        rows = work.session.execute(
            select(ExtractReport.report_id, func.max(ExtractReport.extract_id))
            .where(ExtractReport.report_id.in_(part))
            .group_by(ExtractReport.report_id)
        )
        last |= dict(iter(rows))
    return frozenset(
        report_id
        for report_id, extract_id in last.items()
        if _is_gone(statements[report_id], extract_id, extracts)
    )


def _is_gone(
    statement: Statement, extract_id: int, extracts: Mapping[str, list[ExtractSpan]]
) -> bool:
    start = statement.moment("missing_at")
    spans = extracts.get(statement.organisation, [])
    seen = next((span for span in spans if span.extract_id == extract_id), None)
    if start is None or seen is None or statement.withdrawn:
        return False
    return any(
        span.extract_id > extract_id and span.carries == seen.carries and span.covers(start.day)
        for span in spans
    )


def _is_known(
    work: Work, submission: Submission, organisation: str, days: tuple[date, date | None]
) -> bool:
    ends = Extract.ends_on.is_(None) if days[1] is None else Extract.ends_on == days[1]
    query = (
        select(Extract.id)
        .join(Submission, Submission.id == Extract.submission_id)
        .where(
            Submission.digest == submission.digest,
            Extract.organisation == organisation,
            Extract.starts_on == days[0],
            ends,
        )
    )
    return work.session.scalar(query.limit(1)) is not None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def _complete_to(extract: Extract) -> datetime:
    """An extract cannot know what came after it was received; a feed goes on."""
    if extract.ends_on is None:
        return END_OF_TIME
    return min(_midnight(extract.ends_on + timedelta(days=1)), extract.received_at)
