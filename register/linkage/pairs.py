"""Two reports compared as linking compares them: by all that either side tells of the child."""

from register.errors import NotFound
from register.linkage.candidates import judge_pair
from register.linkage.grouping import Candidate, Pair
from register.linkage.identity import subject_of
from register.linkage.match import Model
from register.linkage.news import evidence_of
from register.linkage.subjects import (
    find_subjects,
    make_subjects,
    memberships,
    reports_of_subjects,
)
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.work import Work


def judge_reports(work: Work, pair: Pair, model: Model) -> Candidate:
    """Compare and judge two reports by their subjects, or each alone where they are of one.

    Raises NotFound where there are no two such reports.
    """
    owners = memberships(work, pair)
    if len(owners) < len(pair):
        raise NotFound("There are no two such reports.")
    one, other = (owners[report][0] for report in pair)
    if one == other:
        statements = find_statements(work, pair)
        first, second = (subject_of(each, [statements[each]]) for each in pair)
        return judge_pair(first, second, model)
    if work.as_at is not None:
        # Only today's subjects are stored; those of then follow from the reports of then.
        reports = [each for ids in reports_of_subjects(work, (one, other)).values() for each in ids]
        made = make_subjects(work, find_statements(work, reports))
        return judge_pair(made[one], made[other], model)
    # What too many share is left out, as it is when they are linked.
    known = find_subjects(work, {one, other})
    return judge_pair(known[one].told, known[other].told, model)


def evidence_between(work: Work, pair: Pair, model: Model) -> dict[str, str]:
    """Give how well each kind of evidence of two reports agrees, to be kept with a judgement."""
    return evidence_of(judge_reports(work, pair, model).compared)


def statements_between(
    work: Work, pair: Pair
) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """Give what is compared where two reports are: all that either side tells of its child.

    The two reports themselves come first; withdrawn ones say nothing, unless there is no other.
    """
    owners = memberships(work, pair)
    subjects = {owners[report][0] for report in pair}
    reports = reports_of_subjects(work, subjects) if len(subjects) > 1 else {}
    known = find_statements(work, {*pair, *(each for ids in reports.values() for each in ids)})

    def of(report: int) -> tuple[Statement, ...]:
        others = [known[each] for each in reports.get(owners[report][0], ()) if each != report]
        every = (known[report], *others)
        return tuple(each for each in every if not each.withdrawn) or every

    return of(pair[0]), of(pair[1])
