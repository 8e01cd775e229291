"""Every version of some reports in the order in which they came in, each held against the last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from register.reports.fields import BY_NAME, Field
from register.reports.models import Report, ReportVersion, Submission
from register.reports.organisations import find_organisation
from register.reports.statement import Value
from register.reports.values import Moment, read_moment
from register.terms import Kind, Sector
from register.work import Work, was_known

_LEFT_OUT = frozenset({"organisation", "reference", "updated_at"})
_TIMES = ("returned_at", "found_at", "closed_at", "missing_at")
"""The first of them that a version newly tells of is when what it tells happened; a report's first
version tells of the going missing itself."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a version says otherwise than the one before; blank where nothing is said."""

    field: Field
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Telling:
    """One version of one report: who told it, when, when it happened, what changed by it."""

    report: int
    organisation: str
    sector: Sector
    reference: str
    what: str
    happened: Moment | None
    updated_at: datetime
    received_at: datetime
    actor: str
    changes: tuple[Change, ...]


def tellings_of(work: Work, reports: Sequence[int]) -> list[Telling]:
    """Give every version of these reports that was known to this work, as they came in.

    Only what is not protected is read.
    """
    rows = work.session.execute(
        select(
            Report.id,
            Report.organisation,
            Report.reference,
            Report.kind,
            ReportVersion.updated_at,
            ReportVersion.received_at,
            ReportVersion.digest,
            ReportVersion.open,
            Submission.actor,
        )
        .join(ReportVersion, ReportVersion.report_id == Report.id)
        .join(Submission, Submission.id == ReportVersion.submission_id)
        .where(Report.id.in_(reports), was_known(work, ReportVersion.received_at))
        .order_by(ReportVersion.received_at, ReportVersion.id)
    )
    return list(_in_turn(rows.all()))


def _in_turn(rows: Sequence[Any]) -> Iterator[Telling]:
    counting: dict[int, tuple[tuple[datetime, str], Mapping[str, Value]]] = {}
    for row in rows:
        content: dict[str, Value] = row.open["content"]
        place = (row.updated_at, row.digest)
        last = counting.get(row.id)
        known = find_organisation(row.organisation)
        changes = tuple(_changes(last[1] if last else {}, content))
        is_late = last is not None and last[0] > place
        if not is_late:
            counting[row.id] = (place, content)
        yield Telling(
            report=row.id,
            organisation=row.organisation,
            sector=known.sector if known else Sector.OTHER,
            reference=row.reference,
            what=_what(row.kind, content, is_first=last is None, is_late=is_late),
            happened=_happened(content, changes, _TIMES if last else _TIMES[::-1]),
            updated_at=row.updated_at,
            received_at=row.received_at,
            actor=row.actor,
            changes=changes,
        )


def _changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[Change]:
    for name, field in BY_NAME.items():
        if name in _LEFT_OUT or field.protected:
            continue
        was, now = before.get(name, ""), after.get(name, "")
        if was != now:
            yield Change(field, was, now)


def _what(kind: str, content: Mapping[str, Value], *, is_first: bool, is_late: bool) -> str:
    if is_late:
        return "An older version came in; it changes nothing"
    if content.get("status") == "withdrawn":
        return "Withdrawn by its source: entered in error"
    if kind == Kind.ROSTER:
        return "On the list of looked-after children" if is_first else "List entry changed"
    return "First report" if is_first else "Corrected or carried on"


def _happened(
    content: Mapping[str, Value], changes: Sequence[Change], times: Sequence[str]
) -> Moment | None:
    new = {each.field.name for each in changes if each.after}
    for name in times:
        said = content.get(name)
        if name in new and isinstance(said, str) and said:
            return read_moment(said)
    return None
