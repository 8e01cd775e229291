"""Long lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, func, select

from register.db import HIGHEST_ID, Base
from register.work import Work

T = TypeVar("T")
R = TypeVar("R")
B = TypeVar("B", bound=Base)

PAGE = 25
"""Rows on a page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, its place from 1, how many rows in all, and how many a page."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, self.size)

    @property
    def first(self) -> int:
        """The place of the page's first row in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    def telling(self, rows: Sequence[R]) -> "Page[R]":
        """Give the same page with these rows in the place of what was found."""
        return replace(cast("Page[R]", self), rows=rows)


def pages_of(total: int, size: int = PAGE) -> int:
    """Give how many pages so many rows fill, at least one."""
    return max(1, -(-total // size))


def clamp(number: int, total: int, size: int = PAGE) -> int:
    """Give the nearest page that there is."""
    return min(max(number, 1), pages_of(total, size))


def find_page(
    work: Work,
    table: type[B],
    wanted: ColumnElement[bool],
    order: Sequence[Any],
    page: int = 1,
    size: int = PAGE,
) -> Page[B]:
    """Give a page of a table's rows, or the last one there is, and how many rows there are.

    What is wanted costs far more to find than to count, so it is found once, by number, and counted
    on the way; of one page alone the rows are read.
    """
    number: Any = table.__table__.c.id
    page = min(max(page, 1), HIGHEST_ID)
    total = func.count().over().label("total")
    found = select(number, total).where(wanted).order_by(*order).limit(size)
    placed = found.offset((page - 1) * size).subquery()
    query: Any = select(table, placed.c.total).join(placed, placed.c.id == number)
    rows = work.session.execute(query.order_by(*order)).all()
    if not rows and page > 1:
        last = work.session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
        return find_page(work, table, wanted, order, min(clamp(page, last, size), page - 1), size)
    return Page([row for row, _ in rows], page, rows[0].total if rows else 0, size)
