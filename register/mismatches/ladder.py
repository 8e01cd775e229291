"""Who has a mismatch now: its owner's team, then their manager, then who leads. Pure.

The ladder is that of domain 7: the manager has it from half of the time on, and the force's
missing person coordinator or the authority's named senior manager once the time is out.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.terms import WAITING, MismatchState, Sector


class Rung(StrEnum):
    """One step of the ladder."""

    TEAM = "team"
    MANAGER = "manager"
    SENIOR = "senior"


_SENIOR = {
    Sector.POLICE: "the force's missing person coordinator",
    Sector.AUTHORITY: "the authority's senior manager for missing children",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has it, and to whom it goes by itself, and when; None where it stays."""

    rung: Rung
    next_rung: Rung | None = None
    next_at: datetime | None = None


def holder_at(
    state: MismatchState, response_from: datetime | None, due_at: datetime | None, at: datetime
) -> Holder | None:
    """Tell who has a mismatch at a time; None where nobody need do anything.

    Half of the time is half of what elapses between its start and its end, also where the clock
    is one of working days.
    """
    if state not in WAITING:
        return None
    if state is MismatchState.ESCALATED:
        return Holder(Rung.SENIOR)
    if response_from is None or due_at is None:
        return None
    half = response_from + (due_at - response_from) / 2
    if at >= due_at:
        return Holder(Rung.SENIOR)
    if at >= half:
        return Holder(Rung.MANAGER, Rung.SENIOR, due_at)
    return Holder(Rung.TEAM, Rung.MANAGER, half)


def words_for(rung: Rung, sector: Sector) -> str:
    """Say who that is in an organisation of this sector."""
    if rung is Rung.SENIOR:
        return _SENIOR.get(sector, "the organisation's senior manager")
    team = "the team whose work it is"
    return team if rung is Rung.TEAM else f"the manager of {team}"
