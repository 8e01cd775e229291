"""Who is compared with whom: stored keys, and the neighbourhood that a change can reach."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select, tuple_

from register.linkage.compare import compare
from register.linkage.group import Candidate, Pair
from register.linkage.identity import Subject, blocking_keys, own_key
from register.linkage.match import Decision, Model, judge
from register.linkage.models import BlockingKey, Membership
from register.linkage.subjects import find_subjects
from register.reports.service import parts
from register.reports.statement import Statement
from register.work import Work

KEYS_AT_ONCE = 5000


def subjects_under(work: Work, keys: Iterable[int]) -> dict[int, set[int]]:
    """Give the subjects under each key."""
    found: dict[int, set[int]] = defaultdict(set)
    for part in parts(sorted(set(keys)), KEYS_AT_ONCE):
        rows = work.session.execute(
            select(BlockingKey.key, BlockingKey.subject_id).where(BlockingKey.key.in_(part))
        )
        for key, subject_id in rows:
            found[key].add(subject_id)
    return found


def own_subjects(work: Work, statements: Iterable[Statement]) -> set[int]:
    """Give the subjects that bear the organisation's own ids that these reports bear."""
    keys = {
        own_key(statement.organisation, reference)
        for statement in statements
        if (reference := statement.text("child_reference"))
    }
    return {subject for found in subjects_under(work, keys).values() for subject in found}


def store_keys(
    work: Work, subjects: Mapping[int, Subject], gone: Collection[int], crowd: int
) -> tuple[set[int], int]:
    """Bring the stored keys of these subjects up to date.

    Gives the subjects of every key that by this has become too crowded to nominate, or has ceased
    to be (what followed from the key no longer does, for the earlier ones too), and how many keys
    changed.
    """
    wanted = {
        (key, subject_id)
        for subject_id, subject in subjects.items()
        for key in stored_keys(subject)
    }
    known: set[tuple[int, int]] = set()
    for part in parts(sorted({*subjects, *gone})):
        rows = work.session.execute(
            select(BlockingKey.key, BlockingKey.subject_id).where(BlockingKey.subject_id.in_(part))
        )
        known |= {(key, subject_id) for key, subject_id in rows}
    added, dropped = sorted(wanted - known), sorted(known - wanted)
    before = _sizes(work, {key for key, _ in added} | {key for key, _ in dropped})
    for rows_dropped in parts(dropped):
        work.session.execute(
            delete(BlockingKey).where(
                tuple_(BlockingKey.key, BlockingKey.subject_id).in_(rows_dropped)
            )
        )
    if added:
        work.session.execute(
            insert(BlockingKey), [{"key": key, "subject_id": each} for key, each in added]
        )
    after: dict[int, int] = defaultdict(int, before)
    for key, _ in added:
        after[key] += 1
    for key, _ in dropped:
        after[key] -= 1
    crossed = {key for key, size in after.items() if (before.get(key, 0) > crowd) != (size > crowd)}
    reached = {subject for under in subjects_under(work, crossed).values() for subject in under}
    return reached, len(added) + len(dropped)


def drop_stray_keys(work: Work) -> int:
    """Drop the stored keys of what is no subject; give how many there were."""
    subjects = select(Membership.subject_id).where(Membership.known_to.is_(None))
    strays = select(BlockingKey.key, BlockingKey.subject_id).where(
        BlockingKey.subject_id.not_in(subjects)
    )
    found = [(key, subject_id) for key, subject_id in work.session.execute(strays)]
    for part in parts(found):
        work.session.execute(
            delete(BlockingKey).where(tuple_(BlockingKey.key, BlockingKey.subject_id).in_(part))
        )
    return len(found)


def stored_keys(subject: Subject) -> frozenset[int]:
    """Give every key under which a subject is stored: those that nominate, and its own id's."""
    if not subject.child_reference:
        return blocking_keys(subject)
    return blocking_keys(subject) | {own_key(subject.organisation, subject.child_reference)}


def _sizes(work: Work, keys: Collection[int]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for part in parts(sorted(keys), KEYS_AT_ONCE):
        rows = work.session.execute(
            select(BlockingKey.key, func.count())
            .where(BlockingKey.key.in_(part))
            .group_by(BlockingKey.key)
        )
        sizes |= dict(iter(rows))
    return sizes


@dataclass(slots=True)
class Neighbourhood:
    """The subjects that a change can reach, and the pairs among them that matter.

    `crowded` are the keys that too many bear for them to nominate anybody.
    """

    subjects: dict[int, Subject]
    candidates: dict[Pair, Candidate] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)


def explore(work: Work, seeds: Mapping[int, Subject], model: Model) -> Neighbourhood:
    """Follow pairs that matter from the seeds until there are no more.

    What follows for the subjects found depends on nothing outside, so that folding them alone
    gives what folding the whole register would.
    """
    reached = Neighbourhood(dict(seeds))
    judged: set[Pair] = set()
    frontier = dict(seeds)
    while frontier:
        nominated = _nominate(work, frontier, model.crowd, reached.crowded)
        fresh = {each for partners in nominated.values() for each in partners}
        known = find_subjects(work, fresh - set(reached.subjects)) | reached.subjects
        joined: dict[int, Subject] = {}
        for subject_id, partners in nominated.items():
            for partner in partners:
                pair = (min(subject_id, partner), max(subject_id, partner))
                if pair in judged:
                    continue
                judged.add(pair)
                candidate = judge_pair(known[pair[0]], known[pair[1]], model)
                if candidate.judged.decision is not Decision.NOTHING:
                    reached.candidates[pair] = candidate
                    joined |= {each: known[each] for each in pair}
        frontier = {each: joined[each] for each in joined if each not in reached.subjects}
        reached.subjects |= frontier
    return reached


def judge_pair(a: Subject, b: Subject, model: Model) -> Candidate:
    """Compare and judge two subjects, in the order of what they are, not of arrival."""
    one, other = sorted((a, b), key=lambda subject: subject.key)
    compared = compare(one, other)
    return Candidate(
        (min(a.subject_id, b.subject_id), max(a.subject_id, b.subject_id)),
        compared,
        judge(compared, model),
    )


def _nominate(
    work: Work, subjects: Mapping[int, Subject], crowd: int, crowded: set[int]
) -> dict[int, set[int]]:
    bearers: dict[int, list[int]] = defaultdict(list)
    for subject_id, subject in subjects.items():
        for key in blocking_keys(subject):
            bearers[key].append(subject_id)
    sizes = _sizes(work, bearers)
    crowded |= {key for key, size in sizes.items() if size > crowd}
    shared = [key for key, size in sizes.items() if 1 < size <= crowd]
    nominated: dict[int, set[int]] = defaultdict(set)
    for key, partners in subjects_under(work, shared).items():
        for subject_id in bearers[key]:
            nominated[subject_id] |= partners - {subject_id}
    return nominated
