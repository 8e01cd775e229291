"""What figures are about: whose children, and the goings missing that began in some days."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute

from register.access.hiding import SEALS
from register.access.models import Reach
from register.access.policy import INSPECTS
from register.errors import Invalid
from register.records.models import EpisodeRow
from register.records.sight import is_in_sight, may_be_found, within_sight
from register.reports.organisations import current_code, get_organisation
from register.reports.values import YEARS, midnight
from register.rows import asked_once
from register.terms import Role, Sector
from register.work import Work, stands

MOST_MONTHS = 60
"""A period is at most so long: a page shows each month."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month, or what of it lies in the period; `ends` is the first instant after it."""

    first: date
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose children, blank for all of England, and the first and last day of the period.

    Raises NotFound for no organisation, Invalid for days that are no period.
    """

    organisation: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.organisation:
            get_organisation(self.organisation)
        problems = {}
        if self.last < self.first:
            problems["to"] = "The last day must be the same as or after the first"
        elif not {self.first.year, self.last.year} <= set(YEARS):
            problems["from"] = f"The years must lie between {YEARS.start} and {YEARS.stop - 1}"
        elif _months_between(self.first, self.last) > MOST_MONTHS:
            problems["to"] = f"A period is at most {MOST_MONTHS} months long"
        if problems:
            raise Invalid(problems)

    @property
    def starts(self) -> datetime:
        """The first instant of the period."""
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant after the period."""
        return midnight(self.last + timedelta(days=1))

    @property
    def code(self) -> str:
        """The organisation's code of today, blank for all of England."""
        return current_code(self.organisation) if self.organisation else ""

    @property
    def is_authority(self) -> bool:
        """Whether it is about one authority: only what that one owes is then counted."""
        return bool(self.organisation) and (
            get_organisation(self.organisation).sector is Sector.AUTHORITY
        )

    @property
    def months(self) -> tuple[Month, ...]:
        """The calendar months of the period, in order; the first and the last may be cut."""
        found, first = [], self.first
        while first <= self.last:
            after = _month_after(first)
            ends = min(after, self.last + timedelta(days=1))
            found.append(Month(first, midnight(first), midnight(ends)))
            first = after
        return tuple(found)

    def in_whole_months(self) -> "Scope":
        """Give the same from the first day of its first month to the last day of its last."""
        last = _month_after(self.last) - timedelta(days=1)
        return replace(self, first=self.first.replace(day=1), last=last)

    def told(self) -> dict[str, str]:
        """Give what the log tells of it."""
        return {"organisation": self.organisation, "during": f"{self.first}..{self.last}"}


def year_before(last: date) -> date:
    """Give the first of the twelve months' days that end with a day."""
    leap = (last.month, last.day) == (2, 29)
    return last.replace(year=last.year - 1, day=28 if leap else last.day) + timedelta(days=1)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def is_of(work: Work, scope: Scope, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that this column's child is in the organisation's reach."""
    if not scope.organisation:
        return true()
    known = work.known_in("of a scope")
    if scope.code not in known:
        mine = select(Reach.child).where(Reach.organisation == scope.code, stands(work, Reach))
        # Reckoned with statistics they seem so many that whole tables are gone through instead.
        known[scope.code] = asked_once(mine)
    return child.in_(known[scope.code])


def seen_in(work: Work, scope: Scope, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that the reader may see this column's child, as is asked with the scope.

    An organisation's children are few: each of them is asked about. Else it is the reader's.
    """
    return is_in_sight(work, child) if scope.organisation else within_sight(work, child)


def is_exact(work: Work, scope: Scope) -> bool:
    """Tell whether small numbers are told: to whoever could count them anyway.

    That are inspectors, the organisation's own people, and whoever runs the register.
    """
    own = bool(scope.code) and scope.code == current_code(work.actor.organisation)
    return own or work.actor.role in INSPECTS or work.actor.role is Role.OPERATOR


def goings(work: Work, scope: Scope) -> ColumnElement[bool]:
    """Give the condition that a row is a child's going missing that began in the period.

    Somebody who was 18 or over when it began is not counted among children (domain 7.1, 12). Nor is
    whom a seal hides from the reader: beside those whom the reader sees, any count would tell of
    them, rounded or not.
    """
    began = (EpisodeRow.started_at >= scope.starts) & (EpisodeRow.started_at < scope.ends)
    standing = stands(work, EpisodeRow) & ~EpisodeRow.was_adult
    if SEALS.is_any(work):
        standing &= may_be_found(work, EpisodeRow.child)
    return standing & began & is_of(work, scope, EpisodeRow.child)
