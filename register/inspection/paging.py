"""Long lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

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
