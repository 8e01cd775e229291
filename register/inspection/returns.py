"""What an authority hands on of its own reports: `missing.csv` of SSDA903, columns of list 8.

Both are made of its own word alone, as each return asks for; columns are those of the guides.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Forbidden
from register.inspection.cells import safe
from register.inspection.scope import year_before
from register.linkage.subjects import memberships
from register.records.care import CareState, care_of
from register.reports.models import Report
from register.reports.organisations import find_organisation
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.reports.values import Moment, midnight
from register.terms import Category, InterviewOutcome, Kind, Sector, Status
from register.work import Work

MISSING_COLUMNS = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
LIST_8_COLUMNS = (
    "ChildUniqueID",
    "Number of missing episodes from placement in last 12 months",
    "Number of absent/away episodes in last 12 months",
    "Offered return interview after last missing",
    "Accepted return interview after last missing",
)
_STILL_GONE = frozenset({Status.OPEN.value, Status.LOCATED.value})
YES, NO, UNKNOWN = "a) Yes", "b) No", "c) Unknown"
RECIPIENTS = {
    "dfe": "the Department for Education",
    "ofsted": "Ofsted",
    "own": "our own people",
}
PURPOSES = {
    "statutory_return": "the statutory return",
    "inspection": "an inspection",
    "quality": "to check our own records",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A file to hand on: its columns, its rows, and how many reports could not stand in it."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_out: int


@dataclass(frozen=True, slots=True)
class Told:
    """To whom a file goes and what for, as codes that the log keeps."""

    recipient: str
    purpose: str


@needs(Permission.REPORT_RECEIVE)
def missing_table(work: Work, year: int, told: Told) -> Table:
    """Give `missing.csv` for the year that ends on 31 March of `year`."""
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    rows, left_out = [], 0
    handed_on: list[Statement] = []
    for child, statements in _own_children(work).items():
        for said in _in_care(statements):
            start, end = _day(said.moment("missing_at")), _end(said)
            if start is None or start > last or (end is not None and end < first):
                continue
            if not child:
                left_out += 1
                continue
            # An end after the year is not yet known to the return (rule 571).
            shown = end if end is not None and end <= last else None
            kind = "A" if said.text("category") == Category.AWAY else "M"
            rows.append(
                (child, start, (_birth(statements), kind, _written(start), _written(shown)))
            )
            handed_on.append(said)
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    cells = [(safe(child), *rest) for child, _, rest in rows]
    return _told(work, Table("missing.csv", MISSING_COLUMNS, cells, left_out), told, handed_on)


@needs(Permission.REPORT_RECEIVE)
def list_8(work: Work, on: date, told: Told) -> Table:
    """Give the four missing columns of Annex A list 8 for each child in care on that day."""
    rows, left_out = [], 0
    handed_on: list[Statement] = []
    for child, statements in sorted(_own_children(work).items()):
        if care_of(statements, midnight(on)).state is not CareState.LOOKED_AFTER:
            continue
        if not child:
            left_out += 1
            continue
        rows.append((safe(child), *_four(statements, on)))
        handed_on += statements
    table = Table("annex-a-list-8.csv", LIST_8_COLUMNS, rows, left_out)
    return _told(work, table, told, handed_on)


def _told(work: Work, table: Table, told: Told, handed_on: Iterable[Statement]) -> Table:
    """Keep in the log who got whose data, and what for."""
    children = memberships(work, (said.report_id for said in handed_on)).values()
    record(
        work,
        "export:disclosed",
        table.name,
        children=(child for _, child in children),
        recipient=told.recipient,
        purpose=told.purpose,
        rows=len(table.rows),
    )
    return table


def _own_children(work: Work) -> dict[str, list[Statement]]:
    """Give one's own reports and lists by the organisation's id for the child, withdrawn apart."""
    own = find_organisation(work.actor.organisation)
    if own is None or own.sector is not Sector.AUTHORITY:
        raise Forbidden("Only local authorities make these returns.")
    ids = work.session.scalars(select(Report.id).where(Report.organisation == own.code))
    children: dict[str, list[Statement]] = defaultdict(list)
    for _, said in sorted(find_statements(work, ids).items()):
        if not said.withdrawn:
            children[said.text("child_reference")].append(said)
    return children


def _in_care(statements: Sequence[Statement]) -> Iterable[Statement]:
    """Give the goings missing that began while the child was looked after: no others are asked."""
    for said in statements:
        start = said.moment("missing_at") if said.kind is Kind.MISSING else None
        if start and care_of(statements, start.latest).state is CareState.LOOKED_AFTER:
            yield said


def _four(statements: Sequence[Statement], on: date) -> tuple[str, str, str, str]:
    since = year_before(on)
    within = [
        (start, said)
        for said in _in_care(statements)
        if (start := _day(said.moment("missing_at"))) and since <= start <= on
    ]
    missing = [each for each in within if each[1].text("category") == Category.MISSING]
    counts = (str(len(missing)), str(len(within) - len(missing)))
    # Of a child who is not back nobody can say yet what became of an interview.
    back = [each for each in missing if each[1].text("status") not in _STILL_GONE]
    if not back:
        return (*counts, "", "")
    last = max(back, key=lambda each: (each[0], each[1].reference))[1]
    return (*counts, *_interview(last))


def _interview(last: Statement) -> tuple[str, str]:
    outcome = last.text("return_interview_outcome")
    answered = outcome in {InterviewOutcome.ACCEPTED, InterviewOutcome.DECLINED}
    held = bool(last.text("return_interview_at"))
    if answered or held or last.text("return_interview_offered_at"):
        took = held or outcome == InterviewOutcome.ACCEPTED
        return YES, YES if took else NO if outcome == InterviewOutcome.DECLINED else UNKNOWN
    return (NO, NO) if outcome == InterviewOutcome.NOT_REQUIRED else (UNKNOWN, UNKNOWN)


def _end(said: Statement) -> date | None:
    """Give when it ended: found where whereabouts were unknown, back where they were known."""
    if said.text("status") == Status.OPEN:
        return None
    away = said.text("category") == Category.AWAY
    order = ("returned_at", "found_at") if away else ("found_at", "returned_at")
    ends = (said.moment(name) for name in (*order, "closed_at"))
    return _day(next(filter(None, ends), None))


def _birth(statements: Sequence[Statement]) -> str:
    births = [day for said in reversed(statements) if (day := said.day("date_of_birth"))]
    return _written(births[0]) if births else ""


def _day(moment: Moment | None) -> date | None:
    return moment.day if moment else None


def _written(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
