"""Figures drawn as columns: where each piece lies. Pure geometry, in units of the drawing."""

from dataclasses import dataclass

from register.inspection.figure import Figure

WIDTH, HEIGHT = 900.0, 220.0
GAP = 0.3
"""How much of a column's place is left free."""
MOST_LABELS = 12


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
    """Lay a figure out as stacked columns; None where nothing is counted, or not shown."""
    totals = [sum(count or 0 for count in line.counts) for line in figure.lines]
    most = max(totals, default=0)
    if not most:
        return None
    place = WIDTH / len(figure.lines)
    every = -(-len(figure.lines) // MOST_LABELS)
    columns = []
    for at, line in enumerate(figure.lines):
        left, width = at * place + place * GAP / 2, place * (1 - GAP)
        label = line.label if at % every == 0 else ""
        pieces = _pieces(line.counts, left, width, most)
        columns.append(Column(round(at * place + place / 2, 1), label, pieces))
    return Chart(tuple(columns), figure.headings, most)


def _pieces(
    counts: tuple[int | None, ...], left: float, width: float, most: int
) -> tuple[Piece, ...]:
    pieces, bottom = [], HEIGHT
    for kind, count in enumerate(counts):
        if count:
            height = count / most * HEIGHT
            bottom -= height
            pieces.append(
                Piece(
                    round(left, 1), round(bottom, 1), round(width, 1), round(height, 1), kind, count
                )
            )
    return tuple(pieces)
