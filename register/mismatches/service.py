"""Mismatches as they stand: opened, changed and closed by what the reports say now."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from register.audit.service import Entry, record_many
from register.db import among, parts
from register.mismatches.case import Case
from register.mismatches.changes import Changes, changes_between
from register.mismatches.finding_rows import STATED, Row, row_of
from register.mismatches.judging import Judged, judge
from register.mismatches.models import Mismatch, Outlook
from register.mismatches.ruleset import ruleset
from register.work import Work

CLOSED, SUPERSEDED = "closed", "superseded"
_MAY_CHANGE = (*STATED, "child", "episode", "response_from", "due_at", "known_from")


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


def detect(work: Work, cases: Sequence[Case], gone: Collection[int] = ()) -> Detected:
    """Hold each child's mismatches equal to what the rules find now.

    `gone` are register numbers that are no child's any more: what they had open goes over to the
    child that has the same disagreement now, with its clock, or is closed.
    """
    heard = [(case, judge(case, ruleset())) for case in cases]
    children = sorted({*gone, *(case.child for case in cases)})
    changes = changes_between(_standing(work, children), _rows(heard, work.now), gone)
    _write(work, changes)
    outlooks = _keep_outlooks(work, {case.child: judged for case, judged in heard}, children)
    record_many(work, _entries(changes))
    return Detected(
        len(changes.opened), len(changes.closed), changes.kept, len(changes.changed), outlooks
    )


def children_due(work: Work, now: datetime) -> list[int]:
    """Give the children for whom time alone has brought something by `now`."""
    due = select(Outlook.child).where(Outlook.next_change_at <= now).order_by(Outlook.child)
    return list(work.session.scalars(due))


def children_compared(work: Work) -> set[int]:
    """Give every child of whom a comparison left anything standing."""
    open_now = select(Mismatch.child).where(Mismatch.known_to.is_(None))
    return set(work.session.scalars(open_now.union(select(Outlook.child))))


def _rows(heard: Iterable[tuple[Case, Judged]], now: datetime) -> Iterator[Row]:
    holidays = ruleset().holidays
    for case, judged in heard:
        statements = {statement.report_id: statement for statement in case.statements}
        for finding in judged.findings:
            yield row_of(case, finding, statements, now, holidays)


def _standing(work: Work, children: Sequence[int]) -> dict[tuple[int, str], Row]:
    standing: dict[tuple[int, str], Row] = {}
    for part in parts(children):
        query = select(*Mismatch.__table__.columns).where(
            among(Mismatch.child, part), Mismatch.known_to.is_(None)
        )
        for row in work.session.execute(query).mappings():
            standing[(row["child"], row["subject"])] = dict(row)
    return standing


def _write(work: Work, changes: Changes) -> None:
    """Write closings first: a child's place for a subject must be free before another takes it."""
    connection = work.session.connection()
    if changes.closed:
        closing = (
            update(Mismatch)
            .where(Mismatch.id == bindparam("row"))
            .values(
                state=CLOSED,
                closed_because=bindparam("why"),
                closed_at=work.now,
                known_to=work.now,
            )
        )
        closed = [{"row": row["id"], "why": why} for row, why in changes.closed]
        connection.execute(closing, closed)
    if changes.changed:
        # The row that stands keeps its id; what it was goes into a row of its own.
        past = [
            {name: value for name, value in before.items() if name != "id"}
            | {"state": SUPERSEDED, "known_to": work.now}
            for before, _ in changes.changed
        ]
        connection.execute(insert(Mismatch), past)
        changing = update(Mismatch).where(Mismatch.id == bindparam("row"))
        connection.execute(
            changing.values({name: bindparam(f"new_{name}") for name in _MAY_CHANGE}),
            [
                {"row": before["id"]} | {f"new_{name}": after[name] for name in _MAY_CHANGE}
                for before, after in changes.changed
            ],
        )
    if changes.opened:
        connection.execute(insert(Mismatch), changes.opened)


def _keep_outlooks(work: Work, heard: Mapping[int, Judged], children: Sequence[int]) -> int:
    """Keep, for each child that has any, when time changes something and what is not compared."""
    wanted = {
        child: {
            "child": child,
            "next_change_at": judged.next_change_at,
            "gap_count": len(judged.gaps),
            "gaps": [[gap.rule, gap.episode, gap.organisation, gap.why] for gap in judged.gaps],
        }
        for child, judged in heard.items()
        if judged.gaps or judged.next_change_at
    }
    known: dict[int, Row] = {}
    for part in parts(children):
        rows = work.session.execute(
            select(*Outlook.__table__.columns).where(among(Outlook.child, part))
        ).mappings()
        known |= {row["child"]: dict(row) for row in rows}
    stale = sorted(child for child, row in known.items() if wanted.get(child) != row)
    for part in parts(stale):
        work.session.execute(delete(Outlook).where(among(Outlook.child, part)))
    fresh = [row for child, row in sorted(wanted.items()) if known.get(child) != row]
    if fresh:
        work.session.execute(insert(Outlook), fresh)
    return len({*stale} | {row["child"] for row in fresh})


def _entries(changes: Changes) -> Iterator[Entry]:
    for row in changes.opened:
        yield Entry("mismatch:opened", f"child {row['child']}", _named(row))
    for row, why in changes.closed:
        yield Entry("mismatch:closed", f"child {row['child']}", _named(row) | {"because": why})


def _named(row: Row) -> dict[str, str | int | None]:
    return {"rule": row["rule"], "episode": row["episode"], "owner": row["owner"]}
