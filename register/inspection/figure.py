"""What a figure is, whoever reads it: lines of counts, shares, lengths of time. Pure.

The register's keeper is given no small numbers (`for_publication`): a count under `LEAST` is not
shown, any other rounded to the nearest `STEP`, so that two figures that differ by one child are
the same figure. A share is shown only where neither it nor its rest is of so few.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

LEAST = 5
STEP = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a figure's table: a count for each heading, None where it is not shown.

    `behind` names the list of what was counted, blank where there is none.
    """

    label: str
    counts: tuple[int | None, ...]
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; `part` and `whole` are None where they are not shown."""

    label: str
    part: int | None
    whole: int | None

    @property
    def percent(self) -> int | None:
        """The share in whole hundredths, halves upwards; None where there is none to be shown."""
        if self.part is None or not self.whole:
            return None
        return (200 * self.part + self.whole) // (2 * self.whole)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, and of how many such lengths it is a quantile; None: not to be shown."""

    label: str
    length: timedelta | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is figured out: what it means, and its numbers."""

    key: str
    title: str
    definition: str
    heading: str
    """What the lines are."""
    headings: tuple[str, ...]
    """What their counts are."""
    lines: tuple[Line, ...]
    shares: tuple[Share, ...] = ()
    lengths: tuple[Length, ...] = ()


def for_publication(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Take out of figures what could tell of one child."""
    return tuple(_coarsened(each) for each in figures)


def _coarsened(figure: Figure) -> Figure:
    return replace(
        figure,
        lines=tuple(Line(line.label, tuple(map(rounded, line.counts))) for line in figure.lines),
        shares=tuple(map(_share, figure.shares)),
        lengths=tuple(map(_length, figure.lengths)),
    )


def rounded(count: int | None) -> int | None:
    """Give a count as it may be published: none at all is told, few are not, the rest rounded."""
    if count is None or 0 < count < LEAST:
        return None
    return (count + STEP // 2) // STEP * STEP


def _share(share: Share) -> Share:
    if share.part is None or share.whole is None:
        return share
    rest = share.whole - share.part
    few = any(0 < each < LEAST for each in (share.part, rest, share.whole))
    part = None if few else rounded(share.part)
    return replace(share, part=part, whole=rounded(share.whole))


def _length(length: Length) -> Length:
    few = length.of is None or length.of < LEAST
    shown = None if few or length.length is None else timedelta(days=length.length.days)
    return replace(length, length=shown, of=rounded(length.of))
