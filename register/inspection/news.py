"""What changed about the children within sight, in the order in which it did."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from register.access.models import Reach
from register.access.policy import Permission, needs, sight_of
from register.audit.service import record
from register.changes.models import Change
from register.db import HIGHEST_ID
from register.mismatches.models import Mismatch
from register.mismatches.service import SUPERSEDED
from register.numbers import child_number
from register.records.sight import may_be_found, within_sight
from register.rows import among
from register.work import Work

WINDOW = 20_000
"""Changes that are looked through at once, most of them other organisations'."""


@dataclass(frozen=True, slots=True)
class MismatchNews:
    """What became of one mismatch: `opened`, `changed` or `ended`."""

    number: int
    what: str


@dataclass(frozen=True, slots=True)
class News:
    """One change of one child; it is `gone` where it left the reader's sight with it."""

    number: int
    child: str
    at: datetime
    is_gone: bool
    mismatches: tuple[MismatchNews, ...]


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
    query = (
        select(Change.id, Change.child, Change.at, seen)
        .where(window, or_(within_sight(work, Change.child), _left(work)))
        .order_by(Change.id)
        .limit(most)
    )
    rows = [
        (number, child, at, bool(here)) for number, child, at, here in work.session.execute(query)
    ]
    up_to = rows[-1][0] if len(rows) == most else max(until, after)
    told = _mismatches(work, {child for _, child, _, here in rows if here})
    news = tuple(
        News(number, child_number(child), at, not here, tuple(told.get((child, at), ())))
        for number, child, at, here in rows
    )
    if rows:
        record(work, "list:viewed", "changes", children=sorted({child for _, child, _, _ in rows}))
    return NewsPart(news, up_to, more=up_to < end)


def _left(work: Work) -> ColumnElement[bool]:
    """Give the condition that the child left the reader's organisation with this very change."""
    reach = aliased(Reach)
    mine = (reach.child == Change.child) & (reach.organisation == sight_of(work.actor).organisation)
    # Of one that a seal hides nothing more is told, not even that it is gone.
    return exists().where(mine, reach.known_to == Change.at) & may_be_found(work, Change.child)


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
