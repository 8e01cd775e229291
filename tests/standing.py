"""All that stands in a register, row by row and by its own numbers.

Two registers that were told the same reports in the same order have the same numbers, so that
nothing has to be named anew to hold them against each other, as `state_of` does.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, select

from register.access.models import Reach
from register.db import Base
from register.linkage.models import BlockingKey, CrowdedKey, Membership, Review, StoredSubject
from register.linkage.said import evidence_when
from register.mismatches.answers import states_of
from register.mismatches.models import Mismatch, Outlook
from register.records.models import Child, EpisodeRow
from register.reports.models import Report
from register.work import begin_work

CLOCK = ("number", "opened_at", "response_from", "due_at", "state")
"""When the owner of a mismatch was told of it, and what follows from that."""
Rows = dict[str, list[dict[str, Any]]]
TABLES: dict[type[Base], Collection[str]] = {
    Membership: (),
    Child: (),
    EpisodeRow: (),
    # The model that asked first: it is asked anew only where another says something else.
    Review: ("model",),
    Reach: (),
    Outlook: ("next_change_at",),
    Mismatch: CLOCK,
    BlockingKey: (),
    CrowdedKey: (),
    # That people have spoken of it is history, and only saves looking.
    StoredSubject: ("judged",),
}
"""What follows from the facts, with the columns that tell of how it came to be."""


def standing_rows(engine: Engine) -> Rows:
    """Give the rows that stand, by table, without which row it is and since when.

    Of a mismatch, without its clock: that runs from when its owner was told. Its state is then
    the one that people's answers put it into.
    """
    with begin_work(engine, writes=False) as work:
        found: Rows = {}
        for table, left_out in TABLES.items():
            query = select(*table.__table__.columns)
            if "known_to" in table.__table__.columns:
                query = query.where(table.__table__.columns["known_to"].is_(None))
            rows = [dict(row) for row in work.session.execute(query).mappings()]
            if table is Mismatch:
                for row, state in zip(rows, states_of(work, rows), strict=True):
                    row["answered"] = state.value
            dropped = {"known_from", "known_to", *left_out}
            dropped |= set() if table is StoredSubject else {"id"}
            told = [{n: v for n, v in row.items() if n not in dropped} for row in rows]
            if table is Outlook:
                told = [row for row in told if row["gaps"]]
            found[table.__tablename__] = sorted(told, key=repr)
        return found


def seen_by_judges(engine: Engine) -> dict[tuple[str, int, int], dict[str, str]]:
    """Give what agreed when people parted two reports or could not tell, by word and reports."""
    with begin_work(engine, writes=False) as work:
        reports = work.session.scalars(select(Report.id)).all()
        return {
            (verdict, *pair): evidence
            for verdict in ("different", "unclear")
            for pair, evidence in evidence_when(work, reports, verdict).items()
        }
