"""Annex A list 8 of an authority beside what the register works out, child by child.

Nothing of the file is kept: it is the authority's own list, brought by an inspector, and no report.
The log says by whom, of which authority, as at which time, and the digest of the file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Refused
from register.inspection.scope import Scope, goings, year_before
from register.linkage.models import Membership
from register.numbers import child_number
from register.records.models import EpisodeRow
from register.records.sight import is_in_sight, openable, within_sight
from register.reports.annex_a import COLUMNS, Listed, SuppliedList
from register.reports.models import Report, ReportVersion
from register.reports.organisations import current_code, find_organisation
from register.rows import parts
from register.terms import Category, InterviewOutcome, Sector
from register.work import Work, stands, was_known

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """One value: the register's and the authority's; `standing` is agrees, differs or unknown."""

    register: str
    supplied: str
    standing: str


@dataclass(frozen=True, slots=True)
class ListedChild:
    """One child: its own id in the list, its number here, blank where it is not known."""

    reference: str
    number: str
    values: Mapping[str, Compared]
    line: int

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return any(each.standing == "differs" for each in self.values.values())


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole list: its children, those of the register that it lacks, and totals by column."""

    organisation: str
    on: date
    moment: datetime
    digest: str
    children: tuple[ListedChild, ...]
    lacking: tuple[str, ...]
    """Numbers of children who went missing while this authority looked after them."""
    totals: Mapping[str, Mapping[str, int]]
    rejected: tuple[tuple[int, str], ...]
    opened: frozenset[str]
    """Numbers of those children whose pages are open to the reader."""


@dataclass(slots=True)
class _Worked:
    """What the register makes of one child."""

    missing: int = 0
    away: int = 0
    offered: str = ""
    """Of the last going missing from which the child came back; blank without one."""
    accepted: str = ""


@needs(Permission.SAMPLE_DRAW)
def compare_list(work: Work, listed: SuppliedList, organisation: str, on: date) -> Comparison:
    """Hold a list 8, as of the day of the inspection, against the register.

    Raises Refused with a sentence for what is no authority.
    """
    known = find_organisation(organisation)
    if known is None or known.sector is not Sector.AUTHORITY:
        raise Refused("Choose the authority whose list it is.")
    code = current_code(organisation)
    children = _children_of(work, code, {each.reference for each in listed.rows})
    worked = _work_out(work, code, on)
    rows = tuple(_compare(each, children, worked) for each in listed.rows)
    seen = {children[each.reference] for each in listed.rows if each.reference in children}
    lacking = sorted(child_number(child) for child in worked if child not in seen)
    told = {*seen, *worked}
    record(
        work,
        "inspection:viewed",
        "Annex A list 8",
        organisation=code,
        digest=listed.digest,
        children=sorted(told),
    )
    return Comparison(
        code,
        on,
        work.moment,
        listed.digest,
        rows,
        tuple(lacking),
        _totals(rows),
        listed.rejected,
        frozenset(map(child_number, openable(work, told))),
    )


def _children_of(work: Work, code: str, references: Iterable[str]) -> dict[str, int]:
    """Find children by the authority's own id: of two that share one, none is meant."""
    said = ReportVersion.open[("content", "child_reference")].as_string()
    found: dict[str, set[int]] = {}
    for part in parts(sorted(references)):
        rows = work.session.execute(
            select(said, Membership.child_id)
            .join(Report, Report.id == ReportVersion.report_id)
            .join(Membership, Membership.report_id == Report.id)
            .where(
                Report.organisation == code,
                said.in_(part),
                stands(work, Membership),
                was_known(work, ReportVersion.received_at),
                within_sight(work, Membership.child_id),
            )
            .distinct()
        )
        for reference, child in rows:
            found.setdefault(reference, set()).add(child)
    return {reference: min(those) for reference, those in found.items() if len(those) == 1}


def _work_out(work: Work, code: str, on: date) -> dict[int, _Worked]:
    """Count of each child looked after by the authority the twelve months up to that day."""
    starts_on = year_before(on)
    rows = work.session.execute(
        select(
            EpisodeRow.child,
            EpisodeRow.category,
            EpisodeRow.returned_at,
            EpisodeRow.interview_offered_at,
            EpisodeRow.interview_held_at,
            EpisodeRow.interview_outcome,
        )
        .where(
            goings(work, Scope(code, starts_on, on)),
            EpisodeRow.looked_after_by == code,
            is_in_sight(work, EpisodeRow.child),
        )
        .order_by(EpisodeRow.started_at, EpisodeRow.number)
    )
    worked: dict[int, _Worked] = {}
    for child, category, returned, offered, held, outcome in rows:
        one = worked.setdefault(child, _Worked())
        if category == Category.AWAY:
            one.away += 1
            continue
        one.missing += 1
        if returned:
            # Of a child who is not back nobody can say yet what became of an interview.
            one.offered, one.accepted = _interview(offered, held, outcome)
    return worked


def _interview(offered: datetime | None, held: datetime | None, outcome: str) -> tuple[str, str]:
    """Tell whether the last interview was offered, and accepted: yes, no or unknown."""
    answered = outcome in {InterviewOutcome.ACCEPTED, InterviewOutcome.DECLINED}
    if offered or held or answered:
        took = held or outcome == InterviewOutcome.ACCEPTED
        refused = outcome == InterviewOutcome.DECLINED
        return "yes", "yes" if took else "no" if refused else UNKNOWN
    return ("no", "no") if outcome == InterviewOutcome.NOT_REQUIRED else (UNKNOWN, UNKNOWN)


def _compare(
    row: Listed, children: Mapping[str, int], worked: Mapping[int, _Worked]
) -> ListedChild:
    child = children.get(row.reference)
    if child is None:
        values = {name: Compared(UNKNOWN, row.values[name], UNKNOWN) for name in COLUMNS}
        return ListedChild(row.reference, "", values, row.line)
    made = worked.get(child, _Worked())
    own = {
        "missing": str(made.missing),
        "away": str(made.away),
        "offered": made.offered,
        "accepted": made.accepted,
    }
    values = {
        name: Compared(own[name], row.values[name], _standing(own[name], row.values[name]))
        for name in COLUMNS
    }
    return ListedChild(row.reference, child_number(child), values, row.line)


def _standing(own: str, supplied: str) -> str:
    if own == supplied or (not own and supplied == UNKNOWN):
        return "agrees"
    return UNKNOWN if UNKNOWN in {own, supplied} or not supplied else "differs"


def _totals(rows: Sequence[ListedChild]) -> dict[str, dict[str, int]]:
    return {
        name: {
            standing: sum(row.values[name].standing == standing for row in rows)
            for standing in ("agrees", "differs", UNKNOWN)
        }
        for name in COLUMNS
    }
