"""The same judgement on many reports at once, without a database: what an analyst runs first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from register.linkage.candidates import is_crowded, judge_pair
from register.linkage.group import Pair, group
from register.linkage.guards import Decision
from register.linkage.identity import (
    Subject,
    blocking_keys,
    group_subjects,
    shared_keys,
    without,
)
from register.linkage.match import Model
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
    """Link reports with nothing known before: compared and judged as on arrival."""
    subjects = group_subjects(statements)
    pairs, crowded = _nominate(subjects, model)
    silent = _silent(subjects, model)
    told = {subject_id: without(subject, silent) for subject_id, subject in subjects.items()}
    judged = (judge_pair(told[a], told[b], model) for a, b in pairs)
    candidates = [each for each in judged if each.judged.decision is not Decision.NOTHING]
    grouping = group(told, candidates)
    return Linked(
        children=[
            sorted(report for member in members for report in subjects[member].reports)
            for members in grouping.groups
        ],
        reviews=[
            (
                (subjects[p.pair[0]].reports[0], subjects[p.pair[1]].reports[0]),
                p.probability,
                p.reasons,
            )
            for p in grouping.proposals
        ],
        crowded=crowded,
    )


def _nominate(subjects: Mapping[int, Subject], model: Model) -> tuple[set[Pair], int]:
    under: dict[int, list[int]] = defaultdict(list)
    for subject_id, subject in sorted(subjects.items()):
        for key in blocking_keys(subject):
            under[key].append(subject_id)
    nominating = [
        bearers for key, bearers in under.items() if not is_crowded(key, len(bearers), model)
    ]
    pairs = {pair for bearers in nominating for pair in combinations(bearers, 2)}
    return pairs, len(under) - len(nominating)


def _silent(subjects: Mapping[int, Subject], model: Model) -> set[int]:
    sizes = Counter(key for each in subjects.values() for key in shared_keys(each))
    return {key for key, size in sizes.items() if is_crowded(key, size, model)}


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
