"""What changed about the children within sight, and one's own feed, in the order it did."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from register.access.models import Reach
from register.access.policy import Permission, is_allowed, needs, sight_of
from register.audit.service import record
from register.changes.models import Change
from register.db import HIGHEST_ID
from register.mismatches.models import FeedFault, Mismatch
from register.mismatches.service import SUPERSEDED
from register.numbers import child_number
from register.records.sight import may_be_found, within_sight
from register.rows import among
from register.work import Work

FEED = "feed"
WINDOW = 20_000
"""Changes that are looked through at once, most of them other organisations'."""


@dataclass(frozen=True, slots=True)
class MismatchNews:
    """What became of one mismatch: `opened`, `changed` or `ended`."""

    number: int
    what: str


@dataclass(frozen=True, slots=True)
class FaultNews:
    """What became of something amiss with a feed: likewise."""

    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class News:
    """One change of one child; it is `gone` where it left the reader's sight with it.

    Or of the reader's own feed: then `child` is blank, and `faults` tells of it.
    """

    number: int
    child: str
    at: datetime
    is_gone: bool
    mismatches: tuple[MismatchNews, ...]
    faults: tuple[FaultNews, ...]

    @property
    def kind(self) -> str:
        """What changed: a `child`, or one's own `feed`."""
        return "child" if self.child else FEED


@dataclass(frozen=True, slots=True)
class NewsPart:
    """Some changes, up to which number all were looked at, and whether there may be more."""

    news: tuple[News, ...]
    up_to: int
    more: bool


@needs(Permission.CHILD_READ)
def news_behind(work: Work, after: int, most: int) -> NewsPart:
    """Give what changed behind that number; none of it is ever left out, or out of order."""
    after = min(after, HIGHEST_ID)
    end = work.session.scalar(select(func.max(Change.id))) or 0
    until = min(after + WINDOW, end)
    window = (Change.id > after) & (Change.id <= until)
    seen = within_sight(work, Change.child).label("seen")
    told = Change.child.is_not(None) & or_(within_sight(work, Change.child), _left(work))
    query = (
        select(Change.id, Change.child, Change.at, seen)
        .where(window, or_(told, _is_own_feed(work)))
        .order_by(Change.id)
        .limit(most)
    )
    rows = [
        (number, child, at, child is None or bool(here))
        for number, child, at, here in work.session.execute(query)
    ]
    up_to = rows[-1][0] if len(rows) == most else max(until, after)
    if rows:
        children = sorted({child for _, child, _, _ in rows if child is not None})
        record(work, "list:viewed", "changes", children=children)
    return NewsPart(_news(work, rows), up_to, more=up_to < end)


def _news(work: Work, rows: Sequence[tuple[int, int | None, datetime, bool]]) -> tuple[News, ...]:
    mismatches = _mismatches(work, {child for _, child, _, here in rows if here and child})
    faults = _faults(work) if any(child is None for _, child, _, _ in rows) else {}
    return tuple(
        News(
            number,
            "" if child is None else child_number(child),
            at,
            not here,
            () if child is None else tuple(mismatches.get((child, at), ())),
            tuple(faults.get(at, ())) if child is None else (),
        )
        for number, child, at, here in rows
    )


def _left(work: Work) -> ColumnElement[bool]:
    """Give the condition that the child left the reader's organisation with this very change."""
    reach = aliased(Reach)
    mine = (reach.child == Change.child) & (reach.organisation == sight_of(work.actor).organisation)
    # Of one that a seal hides nothing more is told, not even that it is gone.
    return exists().where(mine, reach.known_to == Change.at) & may_be_found(work, Change.child)


def _is_own_feed(work: Work) -> ColumnElement[bool]:
    """Give the condition that it is the reader's own feed that changed, and they are who sends."""
    if not is_allowed(work.actor, Permission.REPORT_RECEIVE):
        return false()
    return Change.sender == work.actor.organisation


def _faults(work: Work) -> dict[datetime, list[FaultNews]]:
    own = FeedFault.organisation == work.actor.organisation
    rows = work.session.scalars(select(FeedFault).where(own).order_by(FeedFault.id))
    found = defaultdict[datetime, list[FaultNews]](list)
    last: dict[tuple[str, datetime], FeedFault] = {}
    for row in rows:
        # One that became worse or better has another row, which began at the same instant.
        is_new = last.setdefault((row.rule, row.opened_at), row) is row
        found[row.known_from].append(FaultNews(row.rule, "opened" if is_new else "changed"))
        last[row.rule, row.opened_at] = row
    for row in last.values():
        if row.known_to is not None:
            found[row.known_to].append(FaultNews(row.rule, "ended"))
    return found


def _mismatches(
    work: Work, children: Collection[int]
) -> dict[tuple[int, datetime], list[MismatchNews]]:
    rows = work.session.scalars(
        select(Mismatch).where(among(Mismatch.child, children)).order_by(Mismatch.id)
    ).all()
    found: dict[tuple[int, datetime], list[MismatchNews]] = {}
    known: set[tuple[int, int]] = set()
    for row in rows:
        _add(
            found, row, row.known_from, "changed" if (row.child, row.number) in known else "opened"
        )
        known.add((row.child, row.number))
        if row.known_to is not None and row.ended != SUPERSEDED:
            _add(found, row, row.known_to, "ended")
    return found


def _add(
    found: dict[tuple[int, datetime], list[MismatchNews]], row: Mismatch, at: datetime, what: str
) -> None:
    found.setdefault((row.child, at), []).append(MismatchNews(row.number, what))
