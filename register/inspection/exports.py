"""What the register writes out: rows by name of column, generated, never edited."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.models import Reach
from register.access.openings import counted
from register.access.policy import Permission, needs
from register.access.seals import sealed_reports
from register.audit.service import record
from register.db import stood
from register.inspection.cells import LINK_COLUMNS, REVIEW_COLUMNS
from register.linkage.models import Membership, Review
from register.mismatches.models import Mismatch
from register.mismatches.standing import last_said, state_at, waiting
from register.records.models import EpisodeRow
from register.records.numbers import child_number, episode_number
from register.records.reconcile import CHILD_FIELDS, Reconciled
from register.records.service import read_children
from register.records.sight import is_unsealed
from register.reports.fields import PROTECTED_FIELDS
from register.reports.models import Report
from register.reports.organisations import current_code
from register.reports.service import find_statements
from register.reports.statement import Statement
from register.reports.values import midnight
from register.rows import among, parts
from register.work import Work, stands, was_known

Row = dict[str, str]
CHILD_COLUMNS = (
    "child",
    "reports",
    "organisations",
    "episodes",
    *(field.name for field in CHILD_FIELDS if field.name not in PROTECTED_FIELDS),
    "disputed",
)
EPISODE_COLUMNS = (
    "episode",
    "child",
    "started_at",
    "ended_at",
    "missing_to_police",
    "missing_to_authority",
    "open",
    "risk_level",
    "reports",
)
MISMATCH_COLUMNS = (
    "child",
    "episode",
    "rule",
    "field",
    "severity",
    "owner",
    "police_value",
    "authority_value",
    "opened_at",
    "due_at",
    "state",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export is narrowed to; by default what stands of all children.

    `every` adds what is closed, where that means something. `organisation` is the code of one
    whose children are meant: those it reports, or is responsible for. `days`, the first and the
    last, are when it was true: children who were missing then, for episodes those of the time.
    Sealed children are left out unless `sealed`.
    """

    every: bool = False
    organisation: str = ""
    days: tuple[date, date | None] | None = None
    sealed: bool = False

    def told(self) -> dict[str, str]:
        """Give what the log tells of it."""
        days = [each.isoformat() if each else "" for each in self.days or ()]
        return {
            **({"organisation": self.organisation} if self.organisation else {}),
            **({"during": "..".join(days)} if days else {}),
            **({"sealed": "included"} if self.sealed else {}),
        }


@needs(Permission.REGISTER_EXPORT)
def export(
    work: Work, what: str, wanted: Wanted = Wanted(), *, recipient: str = "", purpose: str = ""
) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Give the columns and the rows of an export; that it was made stands in the log.

    `what` is one of `EXPORTS`.
    """
    columns, rows = EXPORTS[what]
    asked = {"as_at": work.as_at.isoformat()} if work.as_at else {}
    asked |= wanted.told()
    record(work, "export:disclosed", what, recipient=recipient, purpose=purpose, **asked)
    return columns, counted(work, rows(work, wanted))


def _of(work: Work, wanted: Wanted, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that this column's child is wanted."""
    condition = true() if wanted.sealed else is_unsealed(work, child)
    if wanted.organisation:
        own = (Reach.child == child) & (Reach.organisation == current_code(wanted.organisation))
        condition &= exists().where(own, stands(work, Reach))
    if wanted.days:
        episode = aliased(EpisodeRow)
        own = (episode.child == child) & stood(episode, work.as_at)
        condition &= exists().where(own, _during(wanted, episode))
    return condition


def _during(wanted: Wanted, episode: type[EpisodeRow]) -> ColumnElement[bool]:
    """Give the condition that a going missing was, at least in part, in the days that are meant."""
    if wanted.days is None:
        return true()
    first, last = wanted.days
    condition = episode.is_open | (episode.ended_at >= midnight(first))
    if last is not None:
        condition &= episode.started_at < midnight(last + timedelta(days=1))
    return condition


def _links(work: Work, wanted: Wanted) -> Iterator[Row]:
    episode_of = {
        report: number
        for number, spells in work.session.execute(
            select(EpisodeRow.number, EpisodeRow.spells).where(
                stands(work, EpisodeRow), _of(work, wanted, EpisodeRow.child)
            )
        )
        for spell in spells
        for report in spell
    }
    counts = work.session.execute(
        select(Membership.child_id, func.count())
        .where(stands(work, Membership), _of(work, wanted, Membership.child_id))
        .group_by(Membership.child_id)
    )
    sizes = dict(iter(counts))
    rows = work.session.execute(
        select(Report.id, Report.organisation, Report.reference, Membership.child_id)
        .join(Membership, Membership.report_id == Report.id)
        .where(stands(work, Membership), _of(work, wanted, Membership.child_id))
        .order_by(Report.id)
    )
    for report_id, organisation, reference, child in rows:
        episode = episode_of.get(report_id)
        yield {
            "organisation": organisation,
            "reference": reference,
            "child": child_number(child),
            "episode": "" if episode is None else episode_number(episode),
            "decision": "linked" if sizes[child] > 1 else "alone",
        }


def _reviews(work: Work, wanted: Wanted) -> Iterator[Row]:
    asked = was_known(work, Review.known_from) if wanted.every else stands(work, Review)
    ours = select(Membership.report_id).where(
        stands(work, Membership), _of(work, wanted, Membership.child_id)
    )
    asked &= Review.report_a.in_(ours) | Review.report_b.in_(ours)
    if not wanted.sealed:
        asked &= Review.report_a.not_in(sealed_reports()) & Review.report_b.not_in(sealed_reports())
    reviews = work.session.scalars(select(Review).where(asked).order_by(Review.id)).all()
    names = _names(work, {r for review in reviews for r in (review.report_a, review.report_b)})
    for review in reviews:
        (one, first), (other, second) = names[review.report_a], names[review.report_b]
        yield {
            "organisation_a": one,
            "reference_a": first,
            "organisation_b": other,
            "reference_b": second,
            "probability": f"{review.probability:.6f}",
            "reasons": " ".join(review.reasons),
        }


def _names(work: Work, reports: set[int]) -> dict[int, tuple[str, str]]:
    names: dict[int, tuple[str, str]] = {}
    for part in parts(sorted(reports)):
        rows = work.session.execute(
            select(Report.id, Report.organisation, Report.reference).where(among(Report.id, part))
        )
        names |= {report: (organisation, reference) for report, organisation, reference in rows}
    return names


def _children(work: Work, wanted: Wanted) -> Iterator[Row]:
    numbers = work.session.scalars(
        select(Membership.child_id)
        .where(stands(work, Membership), _of(work, wanted, Membership.child_id))
        .distinct()
        .order_by(Membership.child_id)
    ).all()
    for part in parts(numbers):
        for folded in read_children(work, part):
            values = folded.record.values
            yield {
                "child": child_number(folded.child),
                "reports": str(len(folded.statements)),
                "organisations": ";".join(sorted({s.organisation for s in folded.statements})),
                "episodes": str(len(folded.episodes)),
                "disputed": ";".join(n for n in values if _is_disputed(values[n])),
                **{
                    field.name: _shown(values.get(field.name))
                    for field in CHILD_FIELDS
                    if field.name not in PROTECTED_FIELDS
                },
            }


def _is_disputed(value: Reconciled) -> bool:
    """Tell it of what may be told: where the two know the child to be is not."""
    return value.disputed and value.field not in PROTECTED_FIELDS


def _shown(value: Reconciled | None) -> str:
    if value is None:
        return ""
    if value.value is None:
        return "disputed"
    return value.value if isinstance(value.value, str) else ";".join(value.value)


def _episodes(work: Work, wanted: Wanted) -> Iterator[Row]:
    query = select(EpisodeRow).order_by(EpisodeRow.started_at, EpisodeRow.number, EpisodeRow.id)
    told = was_known(work, EpisodeRow.known_from) if wanted.every else stands(work, EpisodeRow)
    mine = _of(work, replace(wanted, days=None), EpisodeRow.child) & _during(wanted, EpisodeRow)
    rows = work.session.scalars(query.where(told, mine))
    for row in rows:
        yield {
            "episode": episode_number(row.number),
            "child": child_number(row.child),
            "started_at": _time(row.started_at),
            "ended_at": _time(row.ended_at),
            "missing_to_police": _yes_no(row.missing_to_police),
            "missing_to_authority": _yes_no(row.missing_to_authority),
            "open": _yes_no(row.is_open),
            "risk_level": row.risk_level,
            "reports": str(sum(len(spell) for spell in row.spells)),
        }


def _mismatches(work: Work, wanted: Wanted) -> Iterator[Row]:
    told = last_said(work) if wanted.every else waiting(work)
    told &= _of(work, wanted, Mismatch.child)
    rows = work.session.scalars(select(Mismatch).where(told).order_by(Mismatch.number)).all()
    reports = {r for row in rows for r in (row.police_report_id, row.authority_report_id) if r}
    statements = find_statements(work, reports)
    for row in rows:
        yield {
            "child": child_number(row.child),
            "episode": "" if row.episode is None else episode_number(row.episode),
            "rule": row.rule,
            "field": row.field,
            "severity": row.severity,
            "owner": row.owner,
            "police_value": _value(statements, row.police_report_id, row.field),
            "authority_value": _value(statements, row.authority_report_id, row.field),
            "opened_at": _time(row.opened_at),
            "due_at": _time(row.due_at),
            "state": state_at(work, row),
        }


def _value(statements: Mapping[int, Statement], report: int | None, field: str) -> str:
    if report is None or report not in statements or field in PROTECTED_FIELDS:
        return ""
    statement = statements[report]
    return statement.text(field) or statement.doubtful.get(field, "")


def _time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _yes_no(value: bool) -> str:  # noqa: FBT001  # it is about a truth
    return "yes" if value else "no"


EXPORTS: dict[str, tuple[tuple[str, ...], Callable[[Work, Wanted], Iterator[Row]]]] = {
    "links": (LINK_COLUMNS, _links),
    "reviews": (REVIEW_COLUMNS, _reviews),
    "children": (CHILD_COLUMNS, _children),
    "episodes": (EPISODE_COLUMNS, _episodes),
    "mismatches": (MISMATCH_COLUMNS, _mismatches),
}
"""Every export: its columns, and what gives its rows."""
