"""What training learns from: the reports of some files, compared as linking compares them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import blake2b
from itertools import combinations

from register.linkage.candidates import is_crowded
from register.linkage.compare import Comparison, compare
from register.linkage.identity import Subject, blocking_keys, group_subjects, shared_keys, without
from register.linkage.match import Model
from register.linkage.model_file import model_text
from register.linkage.training import count_names, learn_names, pattern_of, train
from register.reports.statement import Statement


def learn(statements: Iterable[Statement], start: Model, on: date) -> Model:
    """Learn a model from unlabelled reports, which says from what and `on` which day it was made.

    Raises Refused where there are too few.
    """
    told = [each for each in statements if not each.withdrawn]
    subjects = group_subjects(told)
    named = learn_names(count_names(subjects.values()), start)
    patterns = Counter(pattern_of(compared, named) for compared in _compared(subjects, named))
    days = sorted(each.updated_at.date() for each in told)
    source = (
        f"Learnt by `register train` on {on} from {len(told)} reports, written from {days[0]} to "
        f"{days[-1]} by {len({each.organisation for each in told})} organisations: "
        f"{patterns.total()} pairs between two organisations, judged by nobody. Started from "
        f"version {start.version}. {start.source}"
    )
    learnt = replace(train(patterns, named), source=source)
    digest = blake2b(model_text(learnt).encode(), digest_size=2).hexdigest()
    return replace(learnt, version=f"{on}-{digest}")


def _compared(subjects: Mapping[int, Subject], model: Model) -> Iterator[Comparison]:
    """Compare the nominated pairs of two organisations.

    What one organisation writes twice agrees better than what two write.
    """
    told = _told(subjects, model)
    for one, other in sorted(_nominated(subjects, model)):
        a, b = sorted((told[one], told[other]), key=lambda subject: subject.key)
        if a.organisation != b.organisation:
            yield compare(a, b)


def _told(subjects: Mapping[int, Subject], model: Model) -> dict[int, Subject]:
    sizes = Counter(key for each in subjects.values() for key in shared_keys(each))
    silent = {key for key, size in sizes.items() if is_crowded(key, size, model)}
    return {number: without(subject, silent) for number, subject in subjects.items()}


def _nominated(subjects: Mapping[int, Subject], model: Model) -> set[tuple[int, int]]:
    under: dict[int, list[int]] = defaultdict(list)
    for number, subject in sorted(subjects.items()):
        for key in blocking_keys(subject):
            under[key].append(number)
    few = (found for key, found in under.items() if not is_crowded(key, len(found), model))
    return {pair for found in few for pair in combinations(found, 2)}
