"""What reports say: read as a work knows it, by the version that counts."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from register.reports.models import Report, ReportVersion
from register.reports.organisations import find_organisation
from register.reports.sealing import opened
from register.reports.statement import Statement
from register.rows import ASKED, ask
from register.secrecy.keys import Opened, key_of
from register.terms import Kind, Sector
from register.work import Work

_ROOM = "statements"
MOST_KEPT = 1000
"""Reports whose statements a work keeps: those of a page, not those of a whole export."""
LAST_FIRST = (ReportVersion.updated_at.desc(), ReportVersion.digest.desc())
"""The order of a report's versions in which the first is the one that counts."""
_STATED = (
    Report.id,
    Report.organisation,
    Report.reference,
    Report.kind,
    ReportVersion.updated_at,
    Report.received_at,
    ReportVersion.open,
    ReportVersion.protected,
    ReportVersion.marks,
)


_SAID = select(*_STATED).join_from(ASKED, Report, Report.id == ASKED.c.value)
_SAID_NOW = _SAID.join(ReportVersion, ReportVersion.id == Report.current_version_id)


def find_statements(work: Work, report_ids: Iterable[int]) -> dict[int, Statement]:
    """Give what reports say, as known to this work, by report id; an unknown one is left out.

    What a work that only reads was given, it is given again without asking: several lists of a page
    tell of the same reports.
    """
    kept: dict[int, Statement] = work.known_in(_ROOM) if work.reads else {}
    asked = set(report_ids)
    found = {each: kept[each] for each in asked & kept.keys()}
    found |= _read_statements(work, asked - found.keys())
    if len(kept) + len(found) <= MOST_KEPT:
        kept |= found
    return found


def _read_statements(work: Work, report_ids: Collection[int]) -> dict[int, Statement]:
    query = _SAID_NOW if work.as_at is None else _said_at(work.as_at)
    rows = list(ask(work.session, query, report_ids))
    keys = {code: key_of(work, code) for code in {row[1] for row in rows}}
    return {row[0]: _statement(keys[row[1]], row) for row in rows}


def _said_at(at: datetime) -> Select[*tuple[Any, ...]]:
    """Join each report with the version that counted then: the last of those that had come in."""
    counted = (
        select(ReportVersion.id)
        .where(ReportVersion.report_id == Report.id, ReportVersion.received_at <= at)
        .order_by(*LAST_FIRST)
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    return _SAID.join(ReportVersion, ReportVersion.id == counted)


def _statement(key: Opened, row: Row[*tuple[Any, ...]]) -> Statement:
    """Make a statement of the columns of `_STATED`."""
    report_id, organisation, reference, kind, updated_at, received_at, plain, hidden, marks = row
    known, name = find_organisation(organisation), (organisation, kind, reference)
    return Statement(
        report_id=report_id,
        organisation=organisation,
        sector=known.sector if known else Sector.OTHER,
        reference=reference,
        kind=Kind(kind),
        updated_at=updated_at,
        received_at=received_at,
        values=plain["content"] | opened(hidden, name, key, "content"),
        doubtful=plain["doubtful"] | opened(hidden, name, key, "doubtful"),
        marks=marks,
    )
