"""What the register writes out: rows by name of column, generated, never edited."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import func, select

from register.access.hiding import sealed_reports
from register.access.openings import counted
from register.access.policy import Permission, needs
from register.audit.service import Entry, record_many
from register.inspection.cells import LINK_COLUMNS, REVIEW_COLUMNS
from register.inspection.feeds import all_faults
from register.inspection.wanted import ALL, Wanted, during, narrowed
from register.linkage.models import Membership, Review
from register.linkage.subjects import memberships
from register.mismatches.models import Mismatch
from register.mismatches.standing import last_said, state_at, waiting
from register.numbers import child_number, episode_number, read_number
from register.records.models import EpisodeRow
from register.records.reconcile import CHILD_FIELDS, Reconciled
from register.records.service import read_children
from register.reports.fields import PROTECTED_FIELDS
from register.reports.models import Report
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.rows import among, parts
from register.terms import MismatchState
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
FEED_COLUMNS = ("rule", "severity", "owner", "opened_at", "due_at", "state")


@needs(Permission.REGISTER_EXPORT)
def export(
    work: Work, what: str, wanted: Wanted = ALL, *, recipient: str = "", purpose: str = ""
) -> tuple[tuple[str, ...], list[Row]]:
    """Give the columns and the rows of an export; that it tells of each child stands in the log.

    `what` is one of `EXPORTS`.
    """
    columns, rows = EXPORTS[what]
    found = list(counted(work, rows(work, wanted)))
    if "child" in columns:
        children = {read_number(row["child"])[1] for row in found}
    elif what == "feeds":
        children = set()
    else:
        owners = memberships(work, _asked(work, wanted)[1])
        children = {child for _, child in owners.values()}
    words = {"recipient": recipient, "purpose": purpose}
    record_many(work, [Entry("export:disclosed", what, wanted.told(), sorted(children), words)])
    return columns, found


def _links(work: Work, wanted: Wanted) -> Iterator[Row]:
    episode_of = {
        report: number
        for number, spells in work.session.execute(
            select(EpisodeRow.number, EpisodeRow.spells).where(
                stands(work, EpisodeRow), narrowed(work, wanted, EpisodeRow.child)
            )
        )
        for spell in spells
        for report in spell
    }
    counts = work.session.execute(
        select(Membership.child_id, func.count())
        .where(stands(work, Membership), narrowed(work, wanted, Membership.child_id))
        .group_by(Membership.child_id)
    )
    sizes = dict(iter(counts))
    rows = work.session.execute(
        select(Report.id, Report.organisation, Report.reference, Membership.child_id)
        .join(Membership, Membership.report_id == Report.id)
        .where(stands(work, Membership), narrowed(work, wanted, Membership.child_id))
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


def _asked(work: Work, wanted: Wanted) -> tuple[Sequence[Review], set[int]]:
    asked = was_known(work, Review.known_from) if wanted.every else stands(work, Review)
    ours = select(Membership.report_id).where(
        stands(work, Membership), narrowed(work, wanted, Membership.child_id)
    )
    asked &= Review.report_a.in_(ours) | Review.report_b.in_(ours)
    if not wanted.sealed:
        asked &= Review.report_a.not_in(sealed_reports()) & Review.report_b.not_in(sealed_reports())
    reviews = work.session.scalars(select(Review).where(asked).order_by(Review.id)).all()
    return reviews, {report for each in reviews for report in (each.report_a, each.report_b)}


def _reviews(work: Work, wanted: Wanted) -> Iterator[Row]:
    reviews, reports = _asked(work, wanted)
    names = _names(work, reports)
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
        .where(stands(work, Membership), narrowed(work, wanted, Membership.child_id))
        .distinct()
        .order_by(Membership.child_id)
    ).all()
    for part in parts(numbers):
        for folded in read_children(work, part).values():
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
    mine = narrowed(work, replace(wanted, days=None), EpisodeRow.child) & during(wanted, EpisodeRow)
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
    told &= narrowed(work, wanted, Mismatch.child)
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


def _feeds(work: Work, wanted: Wanted) -> Iterator[Row]:
    """Give what is amiss with senders' feeds, which is no child's."""
    for fault in all_faults(work):
        if wanted.organisation in {"", fault.organisation}:
            state = MismatchState.ESCALATED if fault.is_overdue else MismatchState.DETECTED
            yield {
                "rule": fault.rule,
                "severity": fault.severity,
                "owner": fault.organisation,
                "opened_at": _time(fault.opened_at),
                "due_at": _time(fault.due_at),
                "state": state.value,
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
    "feeds": (FEED_COLUMNS, _feeds),
}
"""Every export: its columns, and what gives its rows."""
