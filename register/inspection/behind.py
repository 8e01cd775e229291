"""The lists behind the figures: which goings missing, which mismatches were counted."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement

from register.access.policy import Permission, needs, require
from register.audit.service import Entry, record_many
from register.errors import NotFound
from register.inspection.gone import concerning
from register.inspection.measures import MEASURES
from register.inspection.mismatches import MismatchRow, rows_of
from register.inspection.paging import Page, find_page
from register.inspection.scope import MOST_MONTHS, Scope, goings, seen_in
from register.mismatches.models import Mismatch
from register.mismatches.rules import RULES
from register.mismatches.standing import waiting
from register.numbers import child_number, episode_number
from register.records.models import EpisodeRow
from register.records.sight import openable
from register.work import Work

MISMATCHES = "mismatches"


@dataclass(frozen=True, slots=True)
class GoingMissing:
    """One going missing that a figure counts."""

    child: str
    number: str
    started_at: datetime
    ended_at: datetime | None
    is_open: bool
    told_by_police: bool
    told_by_authority: bool
    interview_owed_by: str
    interview_offered_at: datetime | None
    interview_held_at: datetime | None
    interview_outcome: str
    may_open: bool
    """Whether the child's page is open to the reader."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One page of what a figure counts: goings missing, or mismatches."""

    name: str
    title: str
    scope: Scope
    goings: Page[GoingMissing] | None
    mismatches: Page[MismatchRow] | None


@needs(Permission.CHILD_READ)
def list_behind(
    work: Work, scope: Scope, name: str, page: int = 1, *, rule: str = "", month: str = ""
) -> Behind:
    """Give a page of the list behind a figure, the earliest first; raise NotFound for no figure.

    `month` is the place of a month in the period, blank for all of it.
    """
    require(work.actor, Permission.FIGURES_READ)
    if name == MISMATCHES:
        return _mismatches(work, scope, rule, page)
    if name not in MEASURES:
        raise NotFound("There is no such figure.")
    told = goings(work, scope) & MEASURES[name].condition(work, scope)
    told &= seen_in(work, scope, EpisodeRow.child) & _in_month(scope, month)
    found = find_page(work, EpisodeRow, told, (EpisodeRow.started_at, EpisodeRow.number), page)
    children = {row.child for row in found.rows}
    record_many(work, [Entry("list:viewed", f"figure {name}", scope.told(), children)])
    opened = openable(work, children)
    rows = [_going_missing(row, may_open=row.child in opened) for row in found.rows]
    page_of_rows = found.telling(rows)
    return Behind(name, MEASURES[name].title, scope, page_of_rows, None)


def _going_missing(row: EpisodeRow, *, may_open: bool) -> GoingMissing:
    names = {each.name for each in fields(GoingMissing)} - {"may_open"}
    said = {name: getattr(row, name) for name in names}
    numbers = {"child": child_number(row.child), "number": episode_number(row.number)}
    return GoingMissing(**(said | numbers), may_open=may_open)


def _in_month(scope: Scope, month: str) -> ColumnElement[bool]:
    months = scope.months
    if not month:
        return EpisodeRow.started_at >= scope.starts
    if not month.isdecimal() or len(month) > len(str(MOST_MONTHS)) or int(month) >= len(months):
        raise NotFound("There is no such month in the period.")
    chosen = months[int(month)]
    return (EpisodeRow.started_at >= chosen.starts) & (EpisodeRow.started_at < chosen.ends)


def _mismatches(work: Work, scope: Scope, rule: str, page: int) -> Behind:
    if rule and rule not in RULES:
        raise NotFound("There is no such rule.")
    told = waiting(work) & concerning(work, scope) & seen_in(work, scope, Mismatch.child)
    if rule:
        told &= Mismatch.rule == rule
    found = find_page(work, Mismatch, told, (Mismatch.opened_at, Mismatch.number), page)
    rows = rows_of(work, found.rows, with_persons=True)
    children = {row.child for row in rows}
    record_many(work, [Entry("list:viewed", "figure mismatches", scope.told(), children)])
    title = RULES[rule].title if rule else "Open mismatches"
    return Behind(MISMATCHES, title, scope, None, found.telling(rows))
