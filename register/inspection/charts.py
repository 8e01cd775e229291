"""Figures drawn as columns: where each piece lies. Pure geometry, in units of the drawing.

Counts that add up to a whole are stacked, others stand side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from register.inspection.figure import Figure

WIDTH, HEIGHT = 900.0, 220.0
GAP = 0.3
"""How much of a column's place is left free."""
MOST_LABELS = 12
SIDE_BY_SIDE = frozenset({"children-by-month"})
"""Figures whose counts are of the same children, by who told of them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One count of a column, as a rectangle; `kind` is its heading's place, from 0."""

    left: float
    top: float
    width: float
    height: float
    kind: int
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """One line of a figure; `middle` is where its label stands, blank where there is no room."""

    middle: float
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure as stacked columns, with the height of the scale's end."""

    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    most: int


def columns_of(figure: Figure) -> Chart | None:
    """Lay a figure out as columns; None where nothing is counted, or not shown."""
    stacked = figure.key not in SIDE_BY_SIDE
    height = sum if stacked else max
    most = max((height(count or 0 for count in line.counts) for line in figure.lines), default=0)
    if not most:
        return None
    place = WIDTH / len(figure.lines)
    every = -(-len(figure.lines) // MOST_LABELS)
    columns = []
    for at, line in enumerate(figure.lines):
        left, width = at * place + place * GAP / 2, place * (1 - GAP)
        label = line.label if at % every == 0 else ""
        lay = _stacked if stacked else _side_by_side
        pieces = tuple(lay(line.counts, left, width, most))
        columns.append(Column(round(at * place + place / 2, 1), label, pieces))
    return Chart(tuple(columns), figure.headings, most)


def _stacked(
    counts: tuple[int | None, ...], left: float, width: float, most: int
) -> Iterator[Piece]:
    bottom = HEIGHT
    for kind, count in enumerate(counts):
        if count:
            bottom -= count / most * HEIGHT
            yield _piece((left, bottom, width, count / most * HEIGHT), kind, count)


def _side_by_side(
    counts: tuple[int | None, ...], left: float, width: float, most: int
) -> Iterator[Piece]:
    each = width / len(counts)
    for kind, count in enumerate(counts):
        if count:
            height = count / most * HEIGHT
            yield _piece((left + kind * each, HEIGHT - height, each, height), kind, count)


def _piece(place: tuple[float, float, float, float], kind: int, count: int) -> Piece:
    left, top, width, height = (round(each, 1) for each in place)
    return Piece(left, top, width, height, kind, count)
