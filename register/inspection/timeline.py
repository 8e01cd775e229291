"""A child's goings missing drawn on a line of time: where each bar lies. Pure geometry.

A lane for each organisation, a bar for each phase of each spell, a band for each episode behind
them. Units are those of the drawing, `WIDTH` of them across.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from register.records.spells import Episode, Spell
from register.terms import LONDON, Sector

WIDTH = 900
LEAST = 6.0
"""A bar or band is never narrower, or a night in a year would not be seen."""
MARGIN = timedelta(hours=12)
MOST_TICKS = 6
LABEL = 60
"""Half of what a date below the line takes up: none is cut off at the edge."""
_SECTORS = tuple(Sector)


@dataclass(frozen=True, slots=True)
class Bar:
    """One phase of one spell: whereabouts not known (`missing`), or known (`away`)."""

    left: float
    width: float
    phase: str
    is_open: bool
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """One organisation's bars."""

    organisation: str
    sector: Sector
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A date below the line."""

    left: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Band:
    """One episode; `number` is its place among the child's, from 1."""

    left: float
    width: float
    number: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    start: datetime
    end: datetime
    lanes: tuple[Lane, ...]
    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]


def draw(episodes: Sequence[Episode], now: datetime) -> Timeline | None:
    """Lay the episodes out from the first to now; None where there is none."""
    spells = [spell for episode in episodes for spell in episode.spells]
    if not spells:
        return None
    first = min(spell.start.earliest for spell in spells)
    last = max([_end(spell, now) for spell in spells])
    scale = _Scale(first - MARGIN, max(last, first) + MARGIN)
    names = sorted({(_SECTORS.index(s.sector), s.organisation) for s in spells})
    lanes = tuple(
        Lane(
            organisation,
            _SECTORS[place],
            tuple(
                bar
                for spell in spells
                if spell.organisation == organisation
                for bar in _bars(spell, scale, now)
            ),
        )
        for place, organisation in names
    )
    bands = tuple(
        _band(number, episode, scale, now) for number, episode in enumerate(episodes, start=1)
    )
    return Timeline(scale.start, scale.end, lanes, bands, _ticks(scale))


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def at(self, instant: datetime) -> float:
        share = (instant - self.start) / (self.end - self.start)
        return round(min(max(share, 0.0), 1.0) * WIDTH, 1)

    def between(self, start: datetime, end: datetime) -> tuple[float, float]:
        left = self.at(start)
        width = max(self.at(end) - left, LEAST)
        return min(left, WIDTH - width), round(width, 1)


def _end(spell: Spell, now: datetime) -> datetime:
    end = spell.end or spell.missing_until
    return end.latest if end else max(now, spell.start.earliest)


def _bars(spell: Spell, scale: _Scale, now: datetime) -> list[Bar]:
    start, end = spell.start.earliest, _end(spell, now)
    found = spell.missing_until
    if spell.category != "missing":
        phases = [("away", start, end)]
    elif found is None or found.latest >= end:
        phases = [("missing", start, end)]
    else:
        phases = [("missing", start, found.latest), ("away", found.latest, end)]
    return [
        Bar(
            *scale.between(begun, ended),
            phase=phase,
            is_open=spell.is_open and ended == end,
            start=begun,
            end=ended,
        )
        for phase, begun, ended in phases
    ]


def _band(number: int, episode: Episode, scale: _Scale, now: datetime) -> Band:
    start = min(spell.start.earliest for spell in episode.spells)
    left, width = scale.between(start, max(_end(spell, now) for spell in episode.spells))
    return Band(left, width, number)


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    days = (scale.end - scale.start).days + 1
    step = timedelta(days=-(-days // MOST_TICKS))
    day = (scale.start.astimezone(LONDON) + timedelta(days=1)).date()
    ticks = []
    while (at := datetime.combine(day, time.min, LONDON).astimezone(UTC)) < scale.end:
        if LABEL < scale.at(at) < WIDTH - LABEL:
            ticks.append(Tick(scale.at(at), at))
        day += step
    return tuple(ticks)
