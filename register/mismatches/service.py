"""Mismatches as they stand: opened, changed and closed by what the reports say now."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from register.audit.service import Entry, child_reference, record_many
from register.changes.service import note_changed
from register.db import Instant, stood
from register.mismatches.answers import states_of
from register.mismatches.case import Case
from register.mismatches.changes import HOLDS_NO_LONGER, Changes, changes_between
from register.mismatches.finding_rows import Row, row_of
from register.mismatches.judging import Judged, judge
from register.mismatches.models import Mismatch, Outlook
from register.mismatches.outlooks import keep_outlooks
from register.mismatches.ruleset import ruleset
from register.rows import add_standing, standing_rows
from register.terms import WAITING, MismatchState, Sector
from register.work import Work

FIRST_DUE = select(func.min(Outlook.next_change_at)).where(stood(Outlook, None)).scalar_subquery()
_DUE = select(Outlook.child).where(
    Outlook.next_change_at <= bindparam("now", type_=Instant()), stood(Outlook, None)
)
SUPERSEDED = "superseded"
_RUNNING = WAITING - {MismatchState.ESCALATED}
"""States in which a clock still has something to bring."""
_ENDING = (
    update(Mismatch.__table__)  # type: ignore[arg-type]  # every table of ours is one
    .where(Mismatch.id == bindparam("row"))
    .values(
        ended=bindparam("how"),
        closed_because=bindparam("why"),
        known_to=bindparam("at", type_=Instant()),
    )
)


@dataclass(frozen=True, slots=True)
class Detected:
    """What a comparison came to, in mismatches; the changed ones are among the kept.

    `outlooks` are the children for whom what time will bring, or what is not compared, changed.
    """

    opened: int = 0
    closed: int = 0
    kept: int = 0
    changed: int = 0
    outlooks: int = 0

    def __add__(self, other: "Detected") -> "Detected":
        """Add two comparisons up."""
        return Detected(
            self.opened + other.opened,
            self.closed + other.closed,
            self.kept + other.kept,
            self.changed + other.changed,
            self.outlooks + other.outlooks,
        )


def detect(
    work: Work, cases: Sequence[Case], gone: Collection[int] = (), changed: Collection[int] = ()
) -> Detected:
    """Hold each child's mismatches equal to what the rules find now, and to people's answers.

    `gone` are register numbers that are no child's any more: what they had open goes over to the
    child that has the same disagreement now, with its clock, or is closed. `changed` are the
    reports that say something new: what ends by one of them was corrected by its side.
    """
    heard = [(case, judge(case, ruleset())) for case in cases]
    children = sorted({*gone, *(case.child for case in cases)})
    rows = list(_rows(heard, work.now))
    for row, state in zip(rows, states_of(work, rows), strict=True):
        row["state"] = state.value
    now = max((case.now for case in cases), default=work.now)
    changes = changes_between(_standing(work, children), rows, now, gone)
    _write(work, changes, _endings(changes, heard, set(changed)))
    outlooks = keep_outlooks(work, _outlooks(heard, changes), children)
    record_many(work, _entries(changes))
    ended = [row for row, _ in changes.closed]
    moved = [row for both in changes.changed for row in both]
    note_changed(work, (row["child"] for row in [*changes.opened, *ended, *moved]))
    return Detected(
        len(changes.opened), len(changes.closed), len(changes.kept), len(changes.changed), outlooks
    )


def children_due(work: Work, now: datetime) -> list[int]:
    """Give the children for whom time alone has brought something by `now`."""
    # Not in order: SQLite would go through all children in theirs, for want of a few.
    return sorted(work.session.connection().scalars(_DUE, {"now": now}))


def children_compared(work: Work) -> set[int]:
    """Give every child of whom a comparison left anything standing."""
    open_now = select(Mismatch.child).where(stood(Mismatch, None))
    outlooks = select(Outlook.child).where(stood(Outlook, None))
    return set(work.session.scalars(open_now.union(outlooks)))


def _rows(heard: Iterable[tuple[Case, Judged]], now: datetime) -> Iterator[Row]:
    holidays = ruleset().holidays
    for case, judged in heard:
        statements = {statement.report_id: statement for statement in case.statements}
        for finding in judged.findings:
            yield row_of(case, finding, statements, now, holidays)


def _standing(work: Work, children: Sequence[int]) -> dict[tuple[int, str], Row]:
    rows = standing_rows(work.session, children, Mismatch.child)
    return {(row["child"], row["subject"]): row for row in rows}


def _write(work: Work, changes: Changes, endings: Mapping[int, str]) -> None:
    """Write endings first: a child's place for a subject must be free before another takes it."""
    over = [
        {"row": row["id"], "how": endings[row["id"]], "why": why} for row, why in changes.closed
    ]
    over += [{"row": row["id"], "how": SUPERSEDED, "why": ""} for row, _ in changes.changed]
    if over:
        work.session.connection().execute(_ENDING, [row | {"at": work.now} for row in over])
    if changes.opened:
        last = work.session.scalar(select(func.max(Mismatch.number))) or 0
        for number, row in enumerate(changes.opened, last + 1):
            row["number"] = number
    rows = [row for _, row in changes.changed] + changes.opened
    add_standing(work.session, Mismatch, rows)


def _endings(
    changes: Changes, heard: Iterable[tuple[Case, Judged]], changed: set[int]
) -> dict[int, str]:
    """Say, by its row's id, how each mismatch that holds no longer ended."""
    new = {
        case.child: {s.sector is Sector.POLICE for s in case.statements if s.report_id in changed}
        for case, _ in heard
    }
    ways = {True: MismatchState.CORRECTED_BY_POLICE, False: MismatchState.CORRECTED_BY_AUTHORITY}
    found = {}
    for row, why in changes.closed:
        own = {True: row["police_report_id"], False: row["authority_report_id"]}
        sides = {side for side, report in own.items() if report in changed}
        sides = sides or new.get(row["child"], set())
        corrected = why == HOLDS_NO_LONGER and len(sides) == 1
        found[row["id"]] = (ways[min(sides)] if corrected else MismatchState.CLOSED).value
    return found


def _outlooks(heard: Iterable[tuple[Case, Judged]], changes: Changes) -> dict[int, Row]:
    """Give what each comparison leaves open: when time changes something, what is not compared."""
    due: dict[int, list[datetime]] = {}
    for row in (*changes.opened, *changes.kept):
        if row["due_at"] and row["state"] in _RUNNING:
            due.setdefault(row["child"], []).append(row["due_at"])
    return {
        case.child: {
            "next_change_at": _earliest(judged.next_change_at, *due.get(case.child, ())),
            "gaps": [[gap.rule, gap.episode, gap.organisation, gap.why] for gap in judged.gaps],
        }
        for case, judged in heard
    }


def _earliest(*times: datetime | None) -> datetime | None:
    return min((each for each in times if each), default=None)


def _entries(changes: Changes) -> Iterator[Entry]:
    for row in changes.opened:
        yield Entry("mismatch:opened", child_reference(row["child"]), _named(row))
    for row, why in changes.closed:
        yield Entry(
            "mismatch:closed", child_reference(row["child"]), _named(row) | {"because": why}
        )


def _named(row: Row) -> dict[str, str | int | None]:
    return {"rule": row["rule"], "episode": row["episode"], "owner": row["owner"]}
