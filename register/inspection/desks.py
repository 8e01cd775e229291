"""The two desks: all that an authority, or a force, owes children now, on one page."""

from collections.abc import Sequence
from dataclasses import dataclass

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.cases import Case, open_cases
from register.inspection.handovers import Asked, asked_of_us
from register.inspection.interviews import Owed, interviews
from register.inspection.mismatches import MismatchRow
from register.inspection.paging import Page
from register.inspection.placements import Placements, placements
from register.inspection.to_answer import Alerts, Corrections, owing
from register.numbers import read_number
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
    interviews: Sequence[Owed]
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
    missing = open_cases(work, OURS, page)
    _log(work, "our children missing now", missing)
    owed = owing(work, SHOWN)
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
    missing = open_cases(work, POLICED, page)
    _log(work, "missing in our area", missing)
    owed = owing(work, SHOWN)
    return PoliceDesk(
        missing, owed.alerts, owed.due, owed.total, owed.corrections, asked_of_us(work)
    )


def _log(work: Work, what: str, page: Page[Case]) -> None:
    record(work, "list:viewed", what, children={read_number(row.number)[1] for row in page.rows})
