"""Subjects as they stand: each organisation's own children, made of the reports they bear."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from register.linkage.identity import Subject, group_subjects
from register.linkage.judgements import parted_from
from register.linkage.models import Membership
from register.reports.service import find_statements, parts
from register.reports.statement import Statement
from register.work import Work


def find_subjects(work: Work, subject_ids: Iterable[int]) -> dict[int, Subject]:
    """Load subjects as they stand, by id; an id that is none now is left out."""
    reports = reports_of_subjects(work, subject_ids)
    return make_subjects(work, find_statements(work, [r for ids in reports.values() for r in ids]))


def reports_of_subjects(work: Work, subject_ids: Iterable[int]) -> dict[int, list[int]]:
    """Give the reports of each subject as they stand."""
    found: dict[int, list[int]] = defaultdict(list)
    for part in parts(sorted(set(subject_ids))):
        rows = work.session.execute(
            select(Membership.subject_id, Membership.report_id).where(
                Membership.subject_id.in_(part), Membership.known_to.is_(None)
            )
        )
        for subject_id, report_id in rows:
            found[subject_id].append(report_id)
    return found


def make_subjects(work: Work, statements: Mapping[int, Statement]) -> dict[int, Subject]:
    """Group reports by their organisation's own id, unless a person says otherwise."""
    return group_subjects(statements.values(), _broken_ids(work, statements))


def _broken_ids(work: Work, statements: Mapping[int, Statement]) -> set[tuple[str, str]]:
    """Give the organisations' own ids under which people have found more than one child."""
    bearing = {r for r, statement in statements.items() if statement.text("child_reference")}
    parted = parted_from(work, bearing)
    known = find_statements(work, {r for pair in parted for r in pair})
    broken: set[tuple[str, str]] = set()
    for a, b in parted:
        one, other = known[a], known[b]
        reference = one.text("child_reference")
        same = one.organisation == other.organisation and reference == other.text("child_reference")
        if reference and same:
            broken.add((one.organisation, reference))
    return broken
