"""Linking as on arrival, one pair after the other: what linking in columns is held to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from register.linkage.candidates import is_crowded, judge_pair
from register.linkage.group import group
from register.linkage.grouping import Candidate, Grouping
from register.linkage.guards import Decision
from register.linkage.identity import (
    Subject,
    blocking_keys,
    group_subjects,
    shared_keys,
    without,
)
from register.linkage.match import Model
from register.reports.statement import Statement


def subjects_of(statements: Iterable[Statement], model: Model) -> dict[int, Subject]:
    """Give what of each subject may be compared."""
    subjects = group_subjects(statements)
    sizes = Counter(key for each in subjects.values() for key in shared_keys(each))
    silent = {key for key, size in sizes.items() if is_crowded(key, size, model)}
    return {number: without(subject, silent) for number, subject in subjects.items()}


def judge_all(statements: list[Statement], model: Model) -> list[Candidate]:
    """Judge every two subjects that a key nominates."""
    told = subjects_of(statements, model)
    under: dict[int, list[int]] = defaultdict(list)
    for number, subject in group_subjects(statements).items():
        for key in blocking_keys(subject):
            under[key].append(number)
    few = (each for key, each in under.items() if not is_crowded(key, len(each), model))
    pairs = {pair for each in few for pair in combinations(sorted(each), 2)}
    return [judge_pair(told[a], told[b], model) for a, b in sorted(pairs)]


def group_all(statements: list[Statement], model: Model) -> Grouping:
    """Group every subject."""
    judged = judge_all(statements, model)
    kept = [each for each in judged if each.judged.decision is not Decision.NOTHING]
    return group(subjects_of(statements, model), kept)
