"""Folding: from the reports of a child to its single record and its episodes."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from register.access.models import Reach
from register.access.reach import set_reach
from register.linkage.models import Membership
from register.records.ages import was_adult
from register.records.care import Care, care_of
from register.records.episodes import align
from register.records.models import Child, EpisodeRow
from register.records.reach import reach_of
from register.records.reconcile import Reconciled, Record, reconcile, reconcile_episode
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.reports.service import find_statements, parts
from register.reports.statement import Statement, name_of
from register.terms import Sector
from register.work import Work


@dataclass(frozen=True, slots=True)
class Folded:
    """One child as its reports make it; withdrawn reports are left out."""

    child: int
    statements: tuple[Statement, ...]
    record: Record
    episodes: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class Folding:
    """Children that were folded again, and how many rows of what stood that changed."""

    children: list[Folded]
    changed: int


def fold(child: int, statements: Iterable[Statement]) -> Folded:
    """Make one child of its reports."""
    telling = tuple(sorted((s for s in statements if not s.withdrawn), key=name_of))
    return Folded(child, telling, reconcile(telling), align(telling))


def read_children(work: Work, children: Iterable[int]) -> list[Folded]:
    """Fold children from their reports as they stand, without storing anything."""
    reports: dict[int, list[int]] = {}
    for part in parts(sorted(set(children))):
        rows = work.session.execute(
            select(Membership.child_id, Membership.report_id).where(
                Membership.child_id.in_(part), Membership.known_to.is_(None)
            )
        )
        for child, report_id in rows:
            reports.setdefault(child, []).append(report_id)
    return _fold_all(work, reports)


def children_of(work: Work, organisations: Collection[str]) -> list[int]:
    """Give the children whom any of these organisations reports, or who are said to be theirs."""
    codes = {current_code(code) for code in organisations}
    query = select(Reach.child).where(Reach.organisation.in_(sorted(codes))).distinct()
    return sorted(work.session.scalars(query))


def children_standing(work: Work) -> set[int]:
    """Give the numbers of all children of whom something stands: a row, an episode, a reach."""
    rows = select(Child.number).where(Child.known_to.is_(None))
    episodes = select(EpisodeRow.child).where(EpisodeRow.known_to.is_(None))
    return set(work.session.scalars(rows.union(episodes, select(Reach.child))))


def fold_children(
    work: Work, children: Mapping[int, Collection[int]], gone: Collection[int]
) -> Folding:
    """Fold these children, each from its reports, and keep what changed.

    `gone` are register numbers that are no child's any more.
    """
    folded = _fold_all(work, children)
    changed = _store_children(work, folded, gone)
    changed += _store_episodes(work, folded, gone)
    reach = {each.child: reach_of(each.statements, _care(each, work)) for each in folded}
    changed += set_reach(work, dict.fromkeys(gone, frozenset()) | reach)
    return Folding(folded, changed)


def _fold_all(work: Work, children: Mapping[int, Collection[int]]) -> list[Folded]:
    statements = find_statements(work, [each for ids in children.values() for each in ids])
    return [
        fold(child, [statements[each] for each in ids]) for child, ids in sorted(children.items())
    ]


def _care(folded: Folded, work: Work) -> Care:
    # As of the last going missing, so that the row follows from the reports and not from the hour.
    at = max((each.start.earliest for each in folded.episodes), default=None)
    at = at or max((each.updated_at for each in folded.statements), default=work.now)
    return care_of(folded.statements, at)


def _child_row(folded: Folded, work: Work) -> dict[str, Any]:
    care = _care(folded, work)
    return {
        "number": folded.child,
        "responsible_authority": care.responsible,
        "host_authority": care.host,
        "care_state": care.state,
        "fingerprint": _fingerprint(folded.record.values),
        "known_from": work.now,
        "known_to": None,
    }


def _episode_row(folded: Folded, episode: Episode, work: Work) -> dict[str, Any]:
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
        "fingerprint": _fingerprint(values),
        "known_from": work.now,
        "known_to": None,
    }


def _fingerprint(values: Mapping[str, Reconciled]) -> str:
    shown = [
        (name, value.value, value.disputed, [(o.report_id, o.value) for o in value.origins])
        for name, value in sorted(values.items())
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _store_children(work: Work, folded: list[Folded], gone: Collection[int]) -> int:
    wanted = {each.child: _child_row(each, work) for each in folded}
    known: dict[int, tuple[int, Any]] = {}
    for part in parts(sorted({*wanted, *gone})):
        rows = work.session.execute(
            select(
                Child.number,
                Child.id,
                Child.fingerprint,
                Child.responsible_authority,
                Child.host_authority,
                Child.care_state,
            ).where(Child.number.in_(part), Child.known_to.is_(None))
        )
        known |= {row[0]: (row[1], row[2:]) for row in rows}
    told = ("fingerprint", "responsible_authority", "host_authority", "care_state")
    now = {number: tuple(row[name] for name in told) for number, row in wanted.items()}
    return _replace(work, Child, known, wanted, now)


def _store_episodes(work: Work, folded: list[Folded], gone: Collection[int]) -> int:
    wanted = {
        episode.number: _episode_row(each, episode, work)
        for each in folded
        for episode in each.episodes
    }
    told = (
        "child",
        "spells",
        "started_at",
        "ended_at",
        "is_open",
        "missing_to_police",
        "missing_to_authority",
        "was_adult",
        "risk_level",
        "fingerprint",
    )
    now = {number: tuple(row[name] for name in told) for number, row in wanted.items()}
    known: dict[int, tuple[int, Any]] = {}
    columns = (EpisodeRow.number, EpisodeRow.id, *(getattr(EpisodeRow, name) for name in told))
    for column, ids in (
        (EpisodeRow.child, {*gone, *(each.child for each in folded)}),
        (EpisodeRow.number, set(wanted)),
    ):
        for part in parts(sorted(ids)):
            rows = work.session.execute(
                select(*columns).where(column.in_(part), EpisodeRow.known_to.is_(None))
            )
            known |= {row[0]: (row[1], tuple(row[2:])) for row in rows}
    return _replace(work, EpisodeRow, known, wanted, now)


def _replace(
    work: Work,
    table: type[Child | EpisodeRow],
    known: Mapping[int, tuple[int, Any]],
    wanted: Mapping[int, dict[str, Any]],
    now: Mapping[int, Any],
) -> int:
    """Close the rows that no longer hold and add those that do; the rest is left as it stands."""
    stale = [row for number, (row, told) in known.items() if now.get(number) != tuple(told)]
    for part in parts(sorted(stale)):
        work.session.execute(update(table).where(table.id.in_(part)).values(known_to=work.now))
    kept = {number for number, (row, _) in known.items() if row not in set(stale)}
    fresh = [row for number, row in sorted(wanted.items()) if number not in kept]
    if fresh:
        # Straight to the table: a bulk insert of objects parts the rows by which columns are None.
        work.session.connection().execute(insert(table), fresh)
    return len({*stale}) + len(fresh)
