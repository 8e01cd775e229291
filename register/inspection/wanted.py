"""What an export is narrowed to: whose children, and when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from register.access.models import Reach
from register.db import stood
from register.records.models import EpisodeRow
from register.records.sight import is_unsealed
from register.reports.organisations import current_code
from register.reports.values import midnight
from register.work import Work, stands


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export is narrowed to; by default what stands of all children.

    `every` adds what is closed, where that means something. `organisation` is the code of one
    whose children are meant: those it reports, or is responsible for. `days`, the first and the
    last, are when it was true: children who were missing then, for episodes those of the time.
    Sealed children are left out unless `sealed`.
    """

    every: bool = False
    organisation: str = ""
    days: tuple[date, date | None] | None = None
    sealed: bool = False

    def told(self) -> dict[str, str]:
        """Give what the log tells of it."""
        days = [each.isoformat() if each else "" for each in self.days or ()]
        return {
            **({"organisation": self.organisation} if self.organisation else {}),
            **({"during": "..".join(days)} if days else {}),
            **({"sealed": "included"} if self.sealed else {}),
        }


ALL = Wanted()
"""What stands of all children."""


def narrowed(work: Work, wanted: Wanted, child: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that this column's child is wanted."""
    condition = true() if wanted.sealed else is_unsealed(work, child)
    if wanted.organisation:
        # Asked from the reach: one organisation has few children, of all that there are.
        own = Reach.organisation == current_code(wanted.organisation)
        condition &= child.in_(select(Reach.child).where(own, stands(work, Reach)))
    if wanted.days:
        episode = aliased(EpisodeRow)
        own = (episode.child == child) & stood(episode, work.as_at)
        condition &= exists().where(own, during(wanted, episode))
    return condition


def during(wanted: Wanted, episode: type[EpisodeRow]) -> ColumnElement[bool]:
    """Give the condition that a going missing was, at least in part, in the days that are meant."""
    if wanted.days is None:
        return true()
    first, last = wanted.days
    condition = episode.is_open | (episode.ended_at >= midnight(first))
    if last is not None:
        condition &= episode.started_at < midnight(last + timedelta(days=1))
    return condition
