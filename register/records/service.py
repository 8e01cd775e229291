"""Folding: from the reports of a child to its single record and its episodes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from register.access.hiding import SEALS, readers_of
from register.access.models import Reach
from register.access.reach import set_reach
from register.changes.service import note_changed
from register.db import stood
from register.linkage.subjects import reports_of_children
from register.records.ages import was_adult
from register.records.care import Care, CareState, care_of
from register.records.episodes import align
from register.records.handovers import HANDOVERS, takers_of
from register.records.interviews import came_back, owed_by, recorded
from register.records.models import Child, EpisodeRow
from register.records.reach import reach_of
from register.records.reconcile import Reconciled, Record, reconcile, reconcile_episode
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.reports.statement import Statement, name_of
from register.reports.statements import find_statements
from register.rows import add_standing, end_standing, standing_rows
from register.secrecy.keys import Opened, key_of
from register.secrecy.values import masked
from register.terms import Sector
from register.work import Work

Row = dict[str, Any]
_ROOM = "children"
MOST_KEPT = 200
"""Children whom a work keeps read: those of a page, not those of a whole export."""
_NONE: Mapping[int, Statement] = MappingProxyType({})
_ABOUT_THE_ROW = frozenset({"id", "known_from", "known_to"})


@dataclass(frozen=True, slots=True)
class Folded:
    """One child as its reports make it; withdrawn reports are left out.

    `care` tells whose child it was when it last went missing.
    """

    child: int
    statements: tuple[Statement, ...]
    record: Record
    episodes: tuple[Episode, ...]
    care: Care


@dataclass(frozen=True, slots=True)
class Folding:
    """Children that were folded again, and how many rows of what stood that changed."""

    children: list[Folded]
    changed: int


def fold(child: int, statements: Iterable[Statement]) -> Folded:
    """Make one child of its reports."""
    telling = tuple(sorted((s for s in statements if not s.withdrawn), key=name_of))
    episodes = align(telling)
    return Folded(child, telling, reconcile(telling), episodes, _care(telling, episodes))


def read_children(work: Work, children: Collection[int]) -> dict[int, Folded]:
    """Fold children from their reports, as they stand for this work, without storing anything.

    By number, in their order; a number that is no child's is left out. What a work that only reads
    was given, it is given again without asking: several lists of a page tell of the same children.
    """
    kept: dict[int, Folded] = work.known_in(_ROOM) if work.reads else {}
    unread = [each for each in children if each not in kept]
    found = {each.child: each for each in _fold_all(work, reports_of_children(work, unread))}
    found |= {each: kept[each] for each in children if each in kept}
    if len(kept) + len(found) <= MOST_KEPT:
        kept |= found
    return dict(sorted(found.items()))


def children_of(work: Work, organisations: Collection[str]) -> list[int]:
    """Give the children whom any of these organisations reports, or who are said to be theirs."""
    codes = {current_code(code) for code in organisations}
    near = Reach.organisation.in_(sorted(codes)) & stood(Reach, None)
    return sorted(work.session.scalars(select(Reach.child).where(near).distinct()))


def children_standing(work: Work) -> set[int]:
    """Give the numbers of all children of whom something stands: a row, an episode, a reach."""
    rows = select(Child.number).where(stood(Child, None))
    episodes = select(EpisodeRow.child).where(stood(EpisodeRow, None))
    return set(
        work.session.scalars(rows.union(episodes, select(Reach.child).where(stood(Reach, None))))
    )


def missing_children(work: Work) -> set[int]:
    """Give the children who are missing now to either side, adults among them."""
    standing = EpisodeRow.known_to.is_(None) & EpisodeRow.is_open
    missing = EpisodeRow.missing_to_police | EpisodeRow.missing_to_authority
    return set(work.session.scalars(select(EpisodeRow.child).where(standing, missing)))


def fold_children(
    work: Work,
    children: Mapping[int, Collection[int]],
    gone: Collection[int],
    known: Mapping[int, Statement] = _NONE,
) -> Folding:
    """Fold these children, each from its reports, and keep what changed.

    `gone` are register numbers that are no child's any more, `known` what was read of reports.
    """
    folded = _fold_all(work, children, known)
    changed = _store_children(work, folded, gone)
    changed += _store_episodes(work, folded, gone)
    reach = {each.child: reach_of(each.statements, each.care) for each in folded}
    if SEALS.is_any(work):
        for child, reports in children.items():
            reach[child] |= {(each, "sealed") for each in readers_of(work, reports)}
    if HANDOVERS.is_any(work):
        for child, reports in children.items():
            reach[child] |= {(each, "handed") for each in takers_of(work, reports)}
    changed += set_reach(work, dict.fromkeys(gone, frozenset()) | reach)
    return Folding(folded, changed)


def _fold_all(
    work: Work,
    children: Mapping[int, Collection[int]],
    known: Mapping[int, Statement] = _NONE,
) -> list[Folded]:
    reports = {each for ids in children.values() for each in ids}
    statements = {**known, **find_statements(work, reports - known.keys())}
    return [
        fold(child, [statements[each] for each in ids]) for child, ids in sorted(children.items())
    ]


def _care(statements: Sequence[Statement], episodes: Iterable[Episode]) -> Care:
    # As of the last going missing, so that it follows from the reports and not from the hour.
    at = max((each.start.earliest for each in episodes), default=None)
    at = at or max((each.updated_at for each in statements), default=None)
    return care_of(statements, at) if at else Care(CareState.UNKNOWN)


def _child_row(folded: Folded, work: Work) -> Row:
    return {
        "number": folded.child,
        "responsible_authority": folded.care.responsible,
        "host_authority": folded.care.host,
        "unaccompanied": folded.record.text("unaccompanied") == "yes",
        "fingerprint": _fingerprint(key_of(work), folded.record.values),
        "known_from": work.now,
        "known_to": None,
    }


def _episode_row(folded: Folded, episode: Episode, work: Work) -> Row:
    values = reconcile_episode(episode)
    ends = [spell.end for spell in episode.spells if spell.end is not None]
    risk = values.get("risk_level")
    return {
        "number": episode.number,
        "child": folded.child,
        "spells": [[s.report_id for s in spell.statements] for spell in episode.spells],
        "started_at": episode.start.earliest,
        "ended_at": None if episode.is_open or not ends else max(end.latest for end in ends),
        "is_open": episode.is_open,
        "missing_to_police": episode.is_missing_to(Sector.POLICE),
        "missing_to_authority": episode.is_missing_to(Sector.AUTHORITY),
        "was_adult": was_adult(folded.record, episode.start.earliest),
        "risk_level": str(risk.value or "") if risk else "",
        **_tally(folded, episode),
        "fingerprint": _fingerprint(key_of(work), values),
        "known_from": work.now,
        "known_to": None,
    }


def _tally(folded: Folded, episode: Episode) -> Row:
    """Give what figures count of a going missing, so that they need not read its reports."""
    start = episode.start.latest
    last = max(each.start.earliest for each in folded.episodes)
    care = folded.care if start == last else care_of(folded.statements, start)
    owner, back = owed_by(care), came_back(episode)
    interview = recorded(episode.statements(), owner)
    authority = {spell.category for spell in episode.of(Sector.AUTHORITY)}
    categories = {spell.category for spell in episode.spells}
    cared_for = care.state is CareState.LOOKED_AFTER
    return {
        "told_by_police": bool(episode.of(Sector.POLICE)),
        "told_by_authority": bool(authority),
        "category": max(categories),
        "authority_category": max(authority, default=""),
        "looked_after_by": care.responsible if cared_for else "",
        "interview_owed_by": owner if back else "",
        "returned_at": back.clock_start if back else None,
        "interview_offered_at": interview.offered_at,
        "interview_held_at": interview.held_at,
        "interview_outcome": interview.outcome,
    }


def _fingerprint(key: Opened, values: Mapping[str, Reconciled]) -> str:
    shown = [
        (name, value.value, value.disputed, [(o.report_id, o.value) for o in value.origins])
        for name, value in sorted(values.items())
    ]
    return masked(key, repr(shown))


def _store_children(work: Work, folded: list[Folded], gone: Collection[int]) -> int:
    wanted = {each.child: _child_row(each, work) for each in folded}
    return _replace(work, Child, _standing(work, {*wanted, *gone}, Child.number), wanted)


def _store_episodes(work: Work, folded: list[Folded], gone: Collection[int]) -> int:
    wanted = {
        episode.number: _episode_row(each, episode, work)
        for each in folded
        for episode in each.episodes
    }
    children = {*gone, *(each.child for each in folded)}
    rows = _standing(work, {*wanted, *children}, EpisodeRow.number, EpisodeRow.child)
    # Also those that stood with another child until now.
    standing = {
        row_id: row
        for row_id, row in rows.items()
        if row["number"] in wanted or row["child"] in children
    }
    return _replace(work, EpisodeRow, standing, wanted)


def _standing(
    work: Work, numbers: Collection[int], *columns: InstrumentedAttribute[int]
) -> dict[int, Row]:
    """Give the rows that stand, by id, one of whose columns is one of these numbers."""
    return {row["id"]: row for row in standing_rows(work.session, numbers, *columns)}


def _replace(
    work: Work,
    table: type[Child | EpisodeRow],
    standing: Mapping[int, Row],
    wanted: Mapping[int, Row],
) -> int:
    """Close the rows that no longer hold and add those that do; the rest is left as it stands."""
    kept = {
        row["number"]: row_id
        for row_id, row in standing.items()
        if row["number"] in wanted and _told(row) == _told(wanted[row["number"]])
    }
    stale = sorted(standing.keys() - kept.values())
    end_standing(work.session, table.id, stale, work.now)
    fresh = [row for number, row in sorted(wanted.items()) if number not in kept]
    add_standing(work.session, table, fresh)
    note_changed(work, map(_child_of, [*(standing[each] for each in stale), *fresh]))
    return len(stale) + len(fresh)


def _child_of(row: Row) -> int:
    return int(row["child"] if "child" in row else row["number"])


def _told(row: Row) -> Row:
    """Give what a row says, without which row it is and since when it stands."""
    return {name: value for name, value in row.items() if name not in _ABOUT_THE_ROW}
