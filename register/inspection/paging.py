"""Long lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select

from register.db import HIGHEST_ID, Base
from register.rows import among
from register.work import Work

T = TypeVar("T")
B = TypeVar("B", bound=Base)

PAGE = 25
"""Rows on a page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, its place from 1, and how many rows there are in all."""

    rows: Sequence[T]
    number: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        """The place of the page's first row in the whole list, from 1."""
        return (self.number - 1) * PAGE + 1


def clamp(number: int, total: int) -> int:
    """Give the nearest page that there is."""
    return min(max(number, 1), max(1, -(-total // PAGE)))


def find_page(
    work: Work, table: type[B], wanted: ColumnElement[bool], order: Sequence[Any], page: int = 1
) -> Page[B]:
    """Give a page of a table's rows, or the last one there is, and how many rows there are.

    What is wanted costs far more to find than to count, so it is found once, by number, and counted
    on the way; then the rows of one page are read.
    """
    numbers: Any = table.__table__.c.id
    page = min(max(page, 1), HIGHEST_ID)
    found = select(numbers, func.count().over()).where(wanted).order_by(*order).limit(PAGE)
    rows = work.session.execute(found.offset((page - 1) * PAGE)).all()
    if not rows and page > 1:
        total = work.session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
        return find_page(work, table, wanted, order, min(clamp(page, total), page - 1))
    ids = [number for number, _ in rows]
    query: Any = select(numbers, table).where(among(numbers, ids))
    read = dict(iter(work.session.execute(query)))
    return Page([read[each] for each in ids if each in read], page, rows[0][1] if rows else 0)
