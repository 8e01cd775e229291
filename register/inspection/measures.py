"""What is counted of goings missing: one condition each, the same for a figure and its list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from register.inspection.portable import Time, seconds_between
from register.inspection.scope import Scope, goings, is_of
from register.mismatches.models import Mismatch
from register.mismatches.ruleset import ruleset
from register.records.models import Child, EpisodeRow
from register.rows import asked_once
from register.terms import SETTLED, WAITING, Category, InterviewOutcome, MismatchState
from register.work import Work, stands

BETWEEN_SOURCES = frozenset("A1 A2 A4 A5 A7 B1 B2 B3 B9 C1 C2 C5 E1".split())
"""Rules by which two sources' accounts of one going missing differ, or one lacks its account."""
UNIT_SECONDS = 72 * 3600
Condition = Callable[[Work, Scope], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted: what a page calls it, and which goings missing it counts."""

    title: str
    condition: Condition


def disagrees(work: Work, scope: Scope, states: frozenset[MismatchState]) -> ColumnElement[bool]:
    """Give the condition that the sources' accounts differ, in a mismatch of these states."""
    found = _disagreements(work, scope)
    episode, state = found.selected_columns
    return EpisodeRow.number.in_(found.with_only_columns(episode).where(state.in_(sorted(states))))


def _disagreements(work: Work, scope: Scope) -> Select[int, str]:
    """Ask for the goings missing on which the sources differ, and how each difference stands.

    It is one question however many measures a figure counts by it: it goes through the children.
    """
    known = work.known_in("disagreements")
    if scope not in known:
        matters = (
            stands(work, Mismatch),
            Mismatch.rule.in_(sorted(BETWEEN_SOURCES)),
            Mismatch.severity != "info",
            Mismatch.episode.is_not(None),
            is_of(work, scope, Mismatch.child),
        )
        known[scope] = asked_once(select(Mismatch.episode, Mismatch.state).where(*matters))
    return cast("Select[int, str]", known[scope])


def _differs(work: Work, scope: Scope) -> ColumnElement[bool]:
    return disagrees(work, scope, WAITING)


def _explained(work: Work, scope: Scope) -> ColumnElement[bool]:
    return disagrees(work, scope, SETTLED) & ~_differs(work, scope)


def _agrees(work: Work, scope: Scope) -> ColumnElement[bool]:
    both = EpisodeRow.told_by_police & EpisodeRow.told_by_authority
    return both & ~disagrees(work, scope, WAITING | SETTLED)


def _one_source(work: Work, scope: Scope) -> ColumnElement[bool]:
    both = EpisodeRow.told_by_police & EpisodeRow.told_by_authority
    return ~both & ~disagrees(work, scope, WAITING | SETTLED)


def _owed(work: Work, scope: Scope) -> ColumnElement[bool]:
    """Give those whose 72 hours are over, of whom it is known who owes the interview."""
    over = EpisodeRow.returned_at <= work.moment - timedelta(seconds=interview_seconds())
    owner = EpisodeRow.interview_owed_by
    return over & (owner == scope.code if scope.is_authority else owner != "")


def interview_seconds() -> int:
    """Give how long an authority has for the return interview."""
    return ruleset().thresholds.interview_hours * 3600


def _in_time(at: Time) -> ColumnElement[bool]:
    return seconds_between(EpisodeRow.returned_at, at) <= interview_seconds()


def _offered(work: Work, scope: Scope) -> ColumnElement[bool]:
    offered = func.coalesce(EpisodeRow.interview_offered_at, EpisodeRow.interview_held_at)
    return _owed(work, scope) & offered.is_not(None) & _in_time(offered)


def _held(work: Work, scope: Scope) -> ColumnElement[bool]:
    held = EpisodeRow.interview_held_at
    return _owed(work, scope) & held.is_not(None) & _in_time(held)


def _held_late(work: Work, scope: Scope) -> ColumnElement[bool]:
    held = EpisodeRow.interview_held_at
    return _owed(work, scope) & held.is_not(None) & ~_in_time(held)


def _declined(work: Work, scope: Scope) -> ColumnElement[bool]:
    declined = EpisodeRow.interview_outcome == InterviewOutcome.DECLINED
    return _owed(work, scope) & EpisodeRow.interview_held_at.is_(None) & declined


def _nothing_recorded(work: Work, scope: Scope) -> ColumnElement[bool]:
    silent = (EpisodeRow.interview_outcome == "") & EpisodeRow.interview_held_at.is_(None)
    return _owed(work, scope) & silent & EpisodeRow.interview_offered_at.is_(None)


def repeat_children(work: Work, scope: Scope) -> ColumnElement[bool]:
    """Give the condition that the child went missing so often in the period."""
    often = func.count() >= ruleset().thresholds.repeat_count
    children = select(EpisodeRow.child).where(goings(work, scope))
    return EpisodeRow.child.in_(children.group_by(EpisodeRow.child).having(often))


def _out_of_area(work: Work, scope: Scope) -> ColumnElement[bool]:
    del scope
    elsewhere = and_(
        Child.host_authority != "",
        Child.responsible_authority != "",
        Child.host_authority != Child.responsible_authority,
    )
    return EpisodeRow.child.in_(select(Child.number).where(stands(work, Child), elsewhere))


def _unaccompanied(work: Work, scope: Scope) -> ColumnElement[bool]:
    del scope
    alone = select(Child.number).where(stands(work, Child), Child.unaccompanied)
    return EpisodeRow.child.in_(alone)


def _long(work: Work, scope: Scope) -> ColumnElement[bool]:
    del scope
    still = EpisodeRow.is_open & (
        EpisodeRow.started_at < work.moment - timedelta(seconds=UNIT_SECONDS)
    )
    return or_(still, seconds_between(EpisodeRow.started_at, EpisodeRow.ended_at) > UNIT_SECONDS)


def _told_by(side: InstrumentedAttribute[bool]) -> Condition:
    return lambda _work, _scope: side.is_(True)  # SQL's own


def _of_authority(category: Category) -> Condition:
    return lambda _work, _scope: EpisodeRow.authority_category == category


MEASURES: dict[str, Measure] = {
    "all": Measure("All goings missing", lambda _work, _scope: true()),
    "agrees": Measure("Police and authority agree", _agrees),
    "explained": Measure("They differ, and somebody said why", _explained),
    "differs": Measure("They differ, or one lacks its account", _differs),
    "one-source": Measure("Only one source told, and no other is known to owe it", _one_source),
    "police": Measure("Told by police", _told_by(EpisodeRow.told_by_police)),
    "authority": Measure("Told by an authority", _told_by(EpisodeRow.told_by_authority)),
    "owed": Measure("A return interview was owed, and its 72 hours are over", _owed),
    "offered": Measure("Offered within 72 hours of the return", _offered),
    "held": Measure("Held within 72 hours of the return", _held),
    "held-late": Measure("Held later", _held_late),
    "declined": Measure("Declined by the child", _declined),
    "nothing-recorded": Measure("Nothing recorded of an interview", _nothing_recorded),
    "missing": Measure("Recorded as missing by the authority", _of_authority(Category.MISSING)),
    "away": Measure("Recorded as away only by the authority", _of_authority(Category.AWAY)),
    "repeat": Measure("Of a child who went missing repeatedly", repeat_children),
    "out-of-area": Measure("Of a child placed out of area", _out_of_area),
    "unaccompanied": Measure("Of an unaccompanied child", _unaccompanied),
    "over-72-hours": Measure("Over 72 hours", _long),
}
"""Everything that is counted of goings missing, by the name in an address."""
