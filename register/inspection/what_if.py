"""Which children another model would change, those missing now first, before it is decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.linkage.match import Model
from register.linkage.what_if import Change, try_model
from register.numbers import child_number
from register.records.service import missing_children
from register.reports.models import Report
from register.rows import among, parts
from register.work import Work

Named = tuple[str, str]
"""A report as its organisation names it: the organisation's code, its reference."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Children who would change: their numbers now, and the reports of each as it would be."""

    children: tuple[int, ...]
    missing: frozenset[int]
    """Those of them who are missing now."""
    parts: bool
    joins: bool
    after: tuple[tuple[Named, ...], ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The register numbers of the children as they stand, those missing now first."""
        first = sorted(self.children, key=lambda child: (child not in self.missing, child))
        return tuple(child_number(child) for child in first)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a model would change, the children who are missing now first; and the queue."""

    changed: tuple[Changed, ...]
    asked_before: int
    asked_after: int
    asked_anew: int
    asked_no_more: int

    @property
    def missing(self) -> frozenset[int]:
        """The children missing now who would change."""
        return frozenset(child for each in self.changed for child in each.missing)


@needs(Permission.MODEL_TRY)
def what_if(
    work: Work, model: Model, step: Callable[[int], object] = lambda _count: None
) -> WhatIf:
    """Tell what a model would change, were it in force; changes nothing.

    `step` is told how many more subjects were looked at.
    """
    trial = try_model(work, model, step)
    missing = missing_children(work)
    reports = {r for change in trial.changes for ids in change.after.values() for r in ids}
    names = _names(work, reports)
    changed = [_changed(each, missing, names) for each in trial.changes]
    changed.sort(key=lambda each: (not each.missing, each.children))
    children = {child for each in changed for child in each.children}
    record(work, "list:viewed", f"what if, model {model.version}", children=children)
    return WhatIf(
        changed=tuple(changed),
        asked_before=len(trial.asked_before),
        asked_after=len(trial.asked_after),
        asked_anew=len(trial.asked_after - trial.asked_before),
        asked_no_more=len(trial.asked_before - trial.asked_after),
    )


def _changed(change: Change, missing: set[int], names: dict[int, Named]) -> Changed:
    return Changed(
        children=tuple(change.before),
        missing=frozenset(missing & change.before.keys()),
        parts=change.parts,
        joins=change.joins,
        after=tuple(
            tuple(sorted(names[report] for report in reports)) for reports in change.after.values()
        ),
    )


def _names(work: Work, reports: Iterable[int]) -> dict[int, Named]:
    found: dict[int, Named] = {}
    for part in parts(sorted(reports)):
        query = select(Report.id, Report.organisation, Report.reference)
        rows = work.session.execute(query.where(among(Report.id, part)))
        found |= {report: (code, reference) for report, code, reference in rows}
    return found
