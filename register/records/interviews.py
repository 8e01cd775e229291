"""The return that starts the clock of a return interview, who owes it, what was recorded. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from register.records.care import Care, CareState
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.reports.statement import Statement
from register.reports.values import Moment
from register.terms import Category, Sector


@dataclass(frozen=True, slots=True)
class Interview:
    """What the authority that owes it recorded with a going missing; a bare day by its beginning.

    `offered_at` is None where nobody says when, or that, it was offered.
    """

    offered_at: datetime | None
    held_at: datetime | None
    outcome: str


def came_back(episode: Episode) -> Moment | None:
    """Give the return, by the authority's word before the force's; None before it.

    Nothing is owed after away alone, nor where a side says that the child did not come back.
    """
    spells = episode.of(Sector.AUTHORITY) or episode.of(Sector.POLICE)
    if episode.is_open or all(spell.category is Category.AWAY for spell in episode.spells):
        return None
    returns = [back for spell in spells if (back := spell.returned)]
    whole = returns and len(returns) == len(spells)
    return max(returns, key=_latest) if whole else None


def owed_by(care: Care) -> str:
    """Give who owes it: who is responsible for a looked-after child, else the home authority."""
    if care.state is CareState.LOOKED_AFTER:
        return current_code(care.responsible)
    return care.home


def recorded(statements: Iterable[Statement], owner: str) -> Interview:
    """Give what the authority that owes the interview says of it in these reports."""
    own = [each for each in statements if owner and current_code(each.organisation) == owner]
    own.sort(key=lambda each: (each.updated_at, each.reference))
    outcomes = [said for each in own if (said := each.text("return_interview_outcome"))]
    return Interview(
        _earliest(own, "return_interview_offered_at"),
        _earliest(own, "return_interview_at"),
        outcomes[-1] if outcomes else "",
    )


def _earliest(statements: Iterable[Statement], field: str) -> datetime | None:
    found = [at.earliest for each in statements if (at := each.moment(field))]
    return min(found, default=None)


def _latest(moment: Moment) -> datetime:
    return moment.latest
