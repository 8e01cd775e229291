"""Subjects as they stand: each organisation's own children, made of the reports they bear."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from register.db import among, parts
from register.linkage.identity import Subject, group_subjects, own_id, subject_of
from register.linkage.judgements import judged_pairs
from register.linkage.models import Membership
from register.reports.service import find_statements
from register.reports.statement import Statement
from register.work import Work


def find_subjects(work: Work, subject_ids: Iterable[int]) -> dict[int, Subject]:
    """Load subjects as they stand, by id; an id that is none now is left out."""
    reports = reports_of_subjects(work, subject_ids)
    known = find_statements(work, [each for ids in reports.values() for each in ids])
    return {
        subject_id: subject_of(subject_id, [known[each] for each in ids])
        for subject_id, ids in reports.items()
    }


def memberships(work: Work, reports: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Give each report's subject and child as they stand."""
    found: dict[int, tuple[int, int]] = {}
    for part in parts(sorted(set(reports))):
        rows = work.session.execute(
            select(Membership.report_id, Membership.subject_id, Membership.child_id).where(
                among(Membership.report_id, part), Membership.known_to.is_(None)
            )
        )
        found |= {report: (subject, child) for report, subject, child in rows}
    return found


def reports_of_subjects(work: Work, subject_ids: Iterable[int]) -> dict[int, list[int]]:
    """Give the reports of each subject as they stand."""
    found: dict[int, list[int]] = defaultdict(list)
    for part in parts(sorted(set(subject_ids))):
        rows = work.session.execute(
            select(Membership.subject_id, Membership.report_id).where(
                among(Membership.subject_id, part), Membership.known_to.is_(None)
            )
        )
        for subject_id, report_id in rows:
            found[subject_id].append(report_id)
    return found


def make_subjects(work: Work, statements: Mapping[int, Statement]) -> dict[int, Subject]:
    """Group reports by their organisation's own id for the child, unless a person says otherwise.

    The reports must be all that bear these ids.
    """
    return group_subjects(statements.values(), _broken_ids(work, statements))


def _broken_ids(work: Work, statements: Mapping[int, Statement]) -> set[tuple[str, str]]:
    """Give the organisations' own ids under which people have found more than one child."""
    bearing = {report: (s.organisation, own_id(s)) for report, s in statements.items()}
    _, parted = judged_pairs(work, [report for report, (_, own) in bearing.items() if own])
    return {bearing[a] for a, b in parted if bearing[a] == bearing[b]}
