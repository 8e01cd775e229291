"""The two desks: all that an authority, or a force, owes children now, on one page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.cases import Case, find_cases, read_cases
from register.inspection.handovers import Asked, asked_of_us
from register.inspection.interviews import Worklist, interviews
from register.inspection.mismatches import MismatchRow
from register.inspection.paging import Page
from register.inspection.placements import Placements, placements
from register.inspection.to_answer import Alerts, Corrections, Owing, find_owing, read_owing
from register.records.service import read_children
from register.work import Work

OURS = frozenset({"responsible", "home", "reports"})
"""Why an authority reaches the children that it counts as its own."""
POLICED = frozenset({"polices", "reports", "handed"})
SHOWN = 5
"""Of each list besides the missing, the first so many; each has a page of its own."""


@dataclass(frozen=True, slots=True)
class AuthorityDesk:
    """What an authority sees first."""

    missing: Page[Case]
    alerts: Alerts
    due: Sequence[MismatchRow]
    due_total: int
    interviews: Worklist
    placements: Placements
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class PoliceDesk:
    """What a force sees first."""

    missing: Page[Case]
    alerts: Alerts
    due: Sequence[MismatchRow]
    due_total: int
    corrections: Corrections
    asked: Sequence[Asked]


@needs(Permission.CHILD_READ)
def authority_desk(work: Work, page: int = 1) -> AuthorityDesk:
    """Give what one's own authority owes children now."""
    missing, owed = _first(work, OURS, page, "our children missing now")
    return AuthorityDesk(
        missing,
        owed.alerts,
        owed.due,
        owed.total,
        interviews(work),
        placements(work),
        owed.corrections,
    )


@needs(Permission.CHILD_READ)
def police_desk(work: Work, page: int = 1) -> PoliceDesk:
    """Give who is missing in one's own force's area, by risk, and what it owes."""
    missing, owed = _first(work, POLICED, page, "missing in our area")
    return PoliceDesk(
        missing, owed.alerts, owed.due, owed.total, owed.corrections, asked_of_us(work)
    )


def _first(work: Work, why: Collection[str], page: int, missing: str) -> tuple[Page[Case], Owing]:
    """Give what stands first on either desk: who is `missing`, as the log names it, what is owed.

    Both are found, then read: their children are asked for at once.
    """
    cases, owed = find_cases(work, why, page), find_owing(work, SHOWN)
    children = {row.child for row in cases.rows}
    record(work, "list:viewed", missing, children=children)
    read_children(work, children | owed.children)
    return cases.telling(read_cases(work, cases.rows)), read_owing(work, owed)
