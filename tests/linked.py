"""Linking in columns, of what tests hold: statements in, children by the ids of reports out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from register.linkage.bulk import link_columns
from register.linkage.grouping import Pair
from register.linkage.match import Model
from register.reports.coding import Ints
from register.reports.columns import columns_of
from register.reports.organisations import find_organisation
from register.reports.schema import Reading
from register.reports.statement import Statement
from register.reports.values import read_moment
from register.terms import Sector


@dataclass(frozen=True, slots=True)
class Linked:
    """Children, each by the ids of its reports, and the pairs of reports that go to review."""

    children: list[list[int]]
    reviews: list[tuple[Pair, float, tuple[str, ...]]]
    crowded: int


def link_statements(statements: Iterable[Statement], model: Model) -> Linked:
    """Link statements; the children and the reviews are given by the ids of reports."""
    listed = sorted(statements, key=lambda statement: statement.report_id)
    ids = [statement.report_id for statement in listed]
    columns = columns_of([(s.organisation, s.reference, s.kind, s.values) for s in listed])
    linked = link_columns(columns, model)
    reviews = [
        ((ids[one], ids[other]), probability, reasons)
        for (one, other), probability, reasons in linked.reviews
    ]
    return Linked(
        [[ids[row] for row in rows] for rows in _children(linked.child)], reviews, linked.crowded
    )


def statement_of(reading: Reading, report_id: int, received_at: datetime) -> Statement:
    """Make a statement of what was just read, without a database."""
    changed_at = reading.content.get("updated_at")
    known = find_organisation(reading.organisation)
    return Statement(
        report_id=report_id,
        organisation=reading.organisation,
        sector=known.sector if known else Sector.OTHER,
        reference=reading.reference,
        kind=reading.kind,
        updated_at=read_moment(str(changed_at)).latest if changed_at else received_at,
        received_at=received_at,
        values=reading.content,
        doubtful=reading.doubtful,
        marks=reading.marks,
    )


def _children(child: Ints) -> Iterator[list[int]]:
    order = np.argsort(child, kind="stable")
    begins = np.flatnonzero(np.diff(child[order], prepend=-1))
    for rows in np.split(order, begins[1:]):
        if len(rows):
            yield rows.tolist()
