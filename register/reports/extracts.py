"""What an organisation's extracts hold whole, and which reports are gone from the last of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

from sqlalchemy import func, insert, select

from register.access.policy import Permission, needs
from register.reports.models import Extract, ExtractReport, Submission
from register.reports.statement import Statement
from register.reports.values import midnight
from register.rows import among, parts
from register.work import Work

_ROOM = "extracts"
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


@dataclass(frozen=True, slots=True)
class Held:
    """What a submission (or the last of several, sent together) holds of one organisation.

    `carries` are the fields that the layout can hold, `reports` the ids of the reports in it.
    """

    submission_id: int
    organisation: str
    carries: frozenset[str]
    reports: frozenset[int]


@needs(Permission.REPORT_RECEIVE)
def record_extract(work: Work, days: tuple[date, date | None], held: Held) -> bool:
    """Keep the word that this is all that an organisation knows between two days.

    The same file with the same days again is no new word: False.
    """
    if _is_known(work, days, held):
        return False
    extract = Extract(
        submission_id=held.submission_id,
        organisation=held.organisation,
        starts_on=days[0],
        ends_on=days[1],
        received_at=work.now,
        carries=sorted(held.carries),
    )
    work.session.add(extract)
    work.session.flush()
    work.known.pop(_ROOM, None)
    rows = [{"extract_id": extract.id, "report_id": each} for each in sorted(held.reports)]
    if rows:
        work.session.execute(insert(ExtractReport), rows)
    return True


def find_extracts(work: Work, organisations: Collection[str]) -> dict[str, list[ExtractSpan]]:
    """Give these organisations' extracts, oldest first; asked for once in a piece of work.

    Never all: two hundred senders, each with an extract a day, come to seventy thousand a year.
    """
    known = cast("dict[str, list[ExtractSpan]]", work.known.setdefault(_ROOM, {}))
    if unknown := sorted(set(organisations) - known.keys()):
        known |= {code: [] for code in unknown}
        query = select(Extract).where(Extract.organisation.in_(unknown)).order_by(Extract.id)
        for extract in work.session.scalars(query):
            known[extract.organisation].append(_span(extract))
    return {code: known[code] for code in organisations if known[code]}


def _span(extract: Extract) -> ExtractSpan:
    return ExtractSpan(
        extract_id=extract.id,
        organisation=extract.organisation,
        starts_on=extract.starts_on,
        ends_on=extract.ends_on,
        start=midnight(extract.starts_on),
        end=_complete_to(extract),
        carries=frozenset(extract.carries),
    )


def find_vanished(
    work: Work, statements: Mapping[int, Statement], extracts: Mapping[str, list[ExtractSpan]]
) -> frozenset[int]:
    """Give the reports that were in an extract and are gone from a later one that should hold them.

    Only extracts of one layout are held against each other. Such reports are asked about, never
    closed (contract, section 2).
    """
    last: dict[int, int] = {}
    # Nothing is gone from the only extract there is.
    several = {code for code, spans in extracts.items() if len(spans) > 1}
    asked = [report for report, each in statements.items() if each.organisation in several]
    for part in parts(sorted(asked)):
        rows = work.session.execute(
            select(ExtractReport.report_id, func.max(ExtractReport.extract_id))
            .where(among(ExtractReport.report_id, part))
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


def _is_known(work: Work, days: tuple[date, date | None], held: Held) -> bool:
    ends = Extract.ends_on.is_(None) if days[1] is None else Extract.ends_on == days[1]
    digest = select(Submission.digest).where(Submission.id == held.submission_id)
    query = (
        select(Extract.carries)
        .join(Submission, Submission.id == Extract.submission_id)
        .where(
            Submission.digest == digest.scalar_subquery(),
            Extract.organisation == held.organisation,
            Extract.starts_on == days[0],
            ends,
        )
    )
    return any(frozenset(carries) == held.carries for carries in work.session.scalars(query))


def _complete_to(extract: Extract) -> datetime:
    """An extract cannot know what came after it was received; a feed goes on."""
    if extract.ends_on is None:
        return END_OF_TIME
    return min(midnight(extract.ends_on + timedelta(days=1)), extract.received_at)
