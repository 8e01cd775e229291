"""Which reports speak of one going missing: police times aligned with authority days.

The rules are domain 7.1, 3 and 6. Nothing here reads a clock, and the same reports in any order
give the same episodes: ties are broken by what the sources sent, never by order of arrival.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from register.records.spells import Episode, Spell
from register.reports.statement import Statement
from register.reports.values import Moment
from register.terms import Category, Kind, Sector

NEARNESS = timedelta(hours=24)
"""Accounts of the two sides that do not overlap may begin this far apart and still be of one."""
_NONE, _FOREVER = timedelta(0), timedelta.max

_Order = tuple[datetime, datetime, str, str]
_Closeness = tuple[timedelta, int, timedelta]


@dataclass(frozen=True, slots=True, eq=False)
class _Period:
    """A spell with its bounds worked out once; `end` None: open, so without bound."""

    spell: Spell
    order: _Order
    organisation: str
    sector: Sector
    start: Moment
    end: Moment | None


_Group = list[_Period]


def align(statements: Iterable[Statement]) -> tuple[Episode, ...]:
    """Give the goings-missing of one child, earliest first; roster and withdrawn rows are not.

    Three steps, the surest first:

    1. spells of different organisations that overlap, those that begin closest together first.
       All of a group must overlap each other and be of different organisations, so nothing joins
       in a chain and each night of a nightly runaway finds its own partner;
    2. a spell left alone joins the group that has another organisation's spell inside which it
       begins, and which overlaps its fellows there too: several spells of one source within one
       of the other (C5);
    3. where the two sides do not overlap, the nearest beginning within 24 hours, if each is the
       other's nearest.
    """
    periods = [_period(spell) for spell in spells_of(statements)]
    groups = _join_nearest(_join_contained(_join_overlapping(periods)))
    episodes = [sorted(group, key=_order) for group in groups]
    episodes.sort(key=lambda episode: _order(episode[0]))
    return tuple(Episode(tuple(period.spell for period in episode)) for episode in episodes)


def spells_of(statements: Iterable[Statement]) -> list[Spell]:
    """Give each organisation's accounts, earliest first.

    A report is a spell, but an authority's *missing* row and the *away* row that begins on the
    day the first ended, or the next, are one: located, not yet returned (domain 7.1, 3).
    """
    rows = [
        Spell((statement,))
        for statement in statements
        if statement.kind is Kind.MISSING and not statement.withdrawn
    ]
    rows.sort(key=lambda row: (row.start.day, row.category is Category.AWAY, _spell_order(row)))
    spells: list[Spell] = []
    for row in rows:
        for place in reversed(range(len(spells))):
            if _is_next_phase(spells[place], row):
                spells[place] = Spell(spells[place].statements + row.statements)
                break
        else:
            spells.append(row)
    return sorted(spells, key=_spell_order)


def _is_next_phase(first: Spell, second: Spell) -> bool:
    """Tell whether an authority's second row goes on where its first one ended."""
    if (
        first.organisation != second.organisation
        or first.sector is not Sector.AUTHORITY
        or len(first.statements) > 1
        or (first.category, second.category) != (Category.MISSING, Category.AWAY)
        or first.end is None
    ):
        return False
    back, left = first.last.moment("returned_at"), second.start
    if back is not None and not back.day_only and not left.day_only and back.latest < left.earliest:
        return False  # the times say that the child was back in between
    return (left.day - first.end.day).days in {0, 1}


def _join_overlapping(periods: list[_Period]) -> list[_Group]:
    """Step 1: one spell of each organisation, where all of them overlap."""
    home: dict[_Period, _Group] = {period: [period] for period in periods}
    pairs = [pair for pair in combinations(periods, 2) if _are_partners(*pair)]
    for one, other in sorted(pairs, key=lambda pair: _closeness(*pair)):
        mine, theirs = home[one], home[other]
        if mine is not theirs and all(_are_partners(a, b) for a in mine for b in theirs):
            mine.extend(theirs)
            home.update((period, mine) for period in theirs)
    return list({id(group): group for group in home.values()}.values())


def _join_contained(groups: list[_Group]) -> list[_Group]:
    """Step 2: lone spells join groups, by spells that were not lone themselves: no chain."""
    paired = [group for group in groups if len(group) > 1]
    joined = [list(group) for group in paired]
    for group in groups:
        if len(group) > 1:
            continue
        (period,) = group
        holders = [
            (_closeness(period, holder), holder.order, number)
            for number, others in enumerate(paired)
            for holder in others
            if _holds(holder, period, joined[number])
        ]
        if holders:
            joined[min(holders)[-1]].append(period)
        else:
            joined.append(group)
    return joined


def _holds(holder: _Period, period: _Period, group: _Group) -> bool:
    """Tell whether a spell of another organisation overlaps this one and its own fellows alike."""
    return (
        holder.organisation != period.organisation
        and _begins_inside(period, holder)
        and all(
            _are_partners(holder, fellow)
            for fellow in group
            if fellow.organisation == period.organisation
        )
    )


def _join_nearest(groups: list[_Group]) -> list[_Group]:
    """Step 3: a group of one side only and its nearest of the other side, if that is mutual."""
    police = [group for group in groups if {each.sector for each in group} == {Sector.POLICE}]
    theirs = [group for group in groups if {each.sector for each in group} == {Sector.AUTHORITY}]
    partners = [(group, _nearest(group, theirs)) for group in police]
    taken: set[int] = set()
    joined: list[_Group] = []
    for group, partner in partners:
        if partner is not None and _nearest(partner, police) is group:
            joined.append(group + partner)
            taken |= {id(group), id(partner)}
    return joined + [group for group in groups if id(group) not in taken]


def _nearest(group: _Group, others: list[_Group]) -> _Group | None:
    near = [
        (_closeness(a, b), sorted((a.order, b.order)), number)
        for number, other in enumerate(others)
        for a in group
        for b in other
    ]
    near = [each for each in near if each[0][0] <= NEARNESS]
    return others[min(near)[-1]] if near else None


def _period(spell: Spell) -> _Period:
    """Bound a spell. One that ended, nobody says when, or before it began, holds its start only."""
    start, end = spell.start, None
    if not spell.is_open:
        end = spell.end
        if end is None or end.is_before(start):
            end = start
    return _Period(spell, _spell_order(spell), spell.organisation, spell.sector, start, end)


def _spell_order(spell: Spell) -> _Order:
    """Order spells in time; organisation and reference name one report, so there are no ties."""
    start = spell.start
    return (start.earliest, start.latest, spell.organisation, spell.statements[0].reference)


def _order(period: _Period) -> _Order:
    return period.order


def _are_partners(one: _Period, other: _Period) -> bool:
    """Tell whether two accounts overlap and are not of one organisation."""
    return (
        one.organisation != other.organisation
        and (one.end is None or not one.end.is_before(other.start))
        and (other.end is None or not other.end.is_before(one.start))
    )


def _begins_inside(inner: _Period, outer: _Period) -> bool:
    """Tell whether one account begins within another: on its last day only if it ends there too.

    The day on which one night ends and the next begins would else tie the nights together.
    """
    if inner.start.is_before(outer.start):
        return False
    if outer.end is None or inner.start.is_before(outer.end):
        return True
    within_one_day = outer.start.day == outer.end.day == inner.start.day
    return within_one_day and inner.end is not None and not outer.end.is_before(inner.end)


def _closeness(one: _Period, other: _Period) -> _Closeness:
    """Measure how far two accounts' beginnings are apart, then their ends: least is closest."""
    if one.end is None or other.end is None:
        ends = _NONE if one.end is other.end else _FOREVER
    else:
        ends = _gap(one.end, other.end)
    days = abs((one.start.day - other.start.day).days)
    return (_gap(one.start, other.start), days, ends)


def _gap(one: Moment, other: Moment) -> timedelta:
    """Give the time that certainly lies between two moments; whole days between two bare days."""
    if one.day_only and other.day_only:
        return abs(one.day - other.day)
    if one.day == other.day and (one.day_only or other.day_only):
        return _NONE
    return max(one.earliest - other.latest, other.earliest - one.latest)
