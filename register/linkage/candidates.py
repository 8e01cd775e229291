"""Who is compared with whom: stored keys, and the neighbourhood that a change can reach."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select, tuple_

from register.db import among, parts
from register.linkage.compare import compare
from register.linkage.group import Candidate, Pair, ordered
from register.linkage.guards import Decision
from register.linkage.identity import (
    Subject,
    blocking_keys,
    own_id,
    own_key,
    shared_keys,
    telling_keys,
    without,
)
from register.linkage.judgements import verdicts_on
from register.linkage.match import Model, judge
from register.linkage.models import BlockingKey, Membership
from register.linkage.subjects import find_subjects, memberships
from register.reports.statement import Statement
from register.work import Work

KEYS_AT_ONCE = 5000


def subjects_under(work: Work, keys: Iterable[int]) -> dict[int, set[int]]:
    """Give the subjects under each key."""
    found: dict[int, set[int]] = defaultdict(set)
    for part in parts(sorted(set(keys)), KEYS_AT_ONCE):
        rows = work.session.execute(
            select(BlockingKey.key, BlockingKey.subject_id).where(among(BlockingKey.key, part))
        )
        for key, subject_id in rows:
            found[key].add(subject_id)
    return found


def own_subjects(work: Work, statements: Iterable[Statement]) -> set[int]:
    """Give the subjects that bear the organisation's own ids that these reports bear."""
    keys = {own_key(each.organisation, own) for each in statements if (own := own_id(each))}
    return {subject for found in subjects_under(work, keys).values() for subject in found}


def store_keys(
    work: Work, subjects: Mapping[int, Subject], gone: Collection[int], model: Model
) -> tuple[set[int], int]:
    """Bring the stored keys of these subjects up to date.

    Gives whom that may touch besides them, and how many rows changed. Touched are those who met a
    subject that now says something else under its former keys, and those who share a key that has
    become too crowded to nominate, or has ceased to be: what followed from it no longer does.
    """
    wanted = {(key, each) for each, subject in subjects.items() for key in stored_keys(subject)}
    known: set[tuple[int, int]] = set()
    for part in parts(sorted({*subjects, *gone})):
        rows = work.session.execute(
            select(BlockingKey.key, BlockingKey.subject_id).where(
                among(BlockingKey.subject_id, part)
            )
        )
        known |= {(key, subject_id) for key, subject_id in rows}
    added, dropped = sorted(wanted - known), sorted(known - wanted)
    altered = {subject_id for _, subject_id in dropped}
    former = {key for key, subject_id in known if subject_id in altered}
    before = _sizes(work, former | {key for key, _ in added})
    _write_keys(work, added, dropped)
    after = Counter(before)
    after.update(key for key, _ in added)
    after.subtract(key for key, _ in dropped)
    full_before = {key for key, size in before.items() if is_crowded(key, size, model)}
    full_after = {key for key, size in after.items() if is_crowded(key, size, model)}
    under = subjects_under(work, (full_before ^ full_after) | (former - full_before))
    touched = {subject_id for found in under.values() for subject_id in found}
    return touched, len(added) + len(dropped)


def _write_keys(
    work: Work, added: Sequence[tuple[int, int]], dropped: Sequence[tuple[int, int]]
) -> None:
    for rows in parts(dropped):
        work.session.execute(
            delete(BlockingKey).where(tuple_(BlockingKey.key, BlockingKey.subject_id).in_(rows))
        )
    if added:
        # Straight to the table: there are many, and none is an object to anybody.
        work.session.connection().execute(
            insert(BlockingKey), [{"key": key, "subject_id": each} for key, each in added]
        )


def drop_stray_keys(work: Work) -> int:
    """Drop the stored keys of what is no subject; give how many there were."""
    subjects = select(Membership.subject_id).where(Membership.known_to.is_(None))
    strays = select(BlockingKey.key, BlockingKey.subject_id).where(
        BlockingKey.subject_id.not_in(subjects)
    )
    found = [(key, subject_id) for key, subject_id in work.session.execute(strays)]
    _write_keys(work, [], found)
    return len(found)


def is_crowded(key: int, size: int, model: Model) -> bool:
    """Tell whether so many share a key that it says nothing any more."""
    return size > (model.shared if key < 0 else model.crowd)


def stored_keys(subject: Subject) -> frozenset[int]:
    """Give every key under which a subject is stored: those that nominate, count, or find it."""
    own = {own_key(subject.organisation, subject.own)} if subject.own else set()
    return blocking_keys(subject) | shared_keys(subject) | telling_keys(subject) | own


def _sizes(work: Work, keys: Collection[int]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for part in parts(sorted(keys), KEYS_AT_ONCE):
        rows = work.session.execute(
            select(BlockingKey.key, func.count())
            .where(among(BlockingKey.key, part))
            .group_by(BlockingKey.key)
        )
        sizes |= dict(iter(rows))
    return sizes


@dataclass(slots=True)
class Neighbourhood:
    """The subjects that a change can reach, the pairs among them that matter, and people's words.

    `crowded` are the keys that too many bear for them to nominate anybody.
    """

    subjects: dict[int, Subject] = field(default_factory=dict)
    candidates: dict[Pair, Candidate] = field(default_factory=dict)
    verdicts: dict[Pair, str] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)

    def judged(self) -> tuple[list[Pair], frozenset[Pair]]:
        """Give the pairs of subjects that people hold to be one child, and two children."""
        owner = {each: s.subject_id for s in self.subjects.values() for each in s.reports}
        found: dict[str, set[Pair]] = {"same": set(), "different": set()}
        for (a, b), verdict in self.verdicts.items():
            if verdict in found and a in owner and b in owner and owner[a] != owner[b]:
                found[verdict].add(ordered(owner[a], owner[b]))
        return sorted(found["same"]), frozenset(found["different"])


def explore(work: Work, seeds: Mapping[int, Subject], model: Model) -> Neighbourhood:
    """Follow pairs that matter, and people's judgements, from the seeds until there are no more.

    What follows for the subjects found depends on nothing outside, so that folding them alone
    gives what folding the whole register would.
    """
    reached = Neighbourhood()
    known: dict[int, Subject] = {}
    told: dict[int, Subject] = {}
    """What of each known subject may be compared."""
    judged: set[Pair] = set()

    def meet(subjects: Mapping[int, Subject]) -> None:
        known.update(subjects)
        told.update(_without_shared(work, subjects, model))

    meet(seeds)
    frontier = set(seeds)
    while frontier:
        reached.subjects |= {each: told[each] for each in frontier}
        nominated = _nominate(work, {each: known[each] for each in frontier}, model, reached)
        joined = _judged_with(work, frontier, known, reached)
        meet(find_subjects(work, ({b for _, b in nominated} | joined) - set(known)))
        for pair in {ordered(*each) for each in nominated} - judged:
            judged.add(pair)
            candidate = judge_pair(told[pair[0]], told[pair[1]], model)
            if candidate.judged.decision is not Decision.NOTHING:
                reached.candidates[pair] = candidate
                joined.update(pair)
        frontier = joined - set(reached.subjects)
    return reached


def _judged_with(
    work: Work, frontier: Collection[int], known: Mapping[int, Subject], reached: Neighbourhood
) -> set[int]:
    """Note what people have judged of these subjects; give those that are judged the same child."""
    verdicts = verdicts_on(work, {each for s in frontier for each in known[s].reports})
    reached.verdicts |= verdicts
    same = {each for pair, verdict in verdicts.items() if verdict == "same" for each in pair}
    if not same:
        return set()
    owner = {each: subject.subject_id for subject in known.values() for each in subject.reports}
    others = memberships(work, same - set(owner))
    return {owner[each] for each in same & set(owner)} | {subject for subject, _ in others.values()}


def judge_pair(a: Subject, b: Subject, model: Model) -> Candidate:
    """Compare and judge two subjects, in the order of what they are, not of arrival."""
    one, other = sorted((a, b), key=lambda subject: subject.key)
    compared = compare(one, other)
    return Candidate(ordered(a.subject_id, b.subject_id), compared, judge(compared, model))


def _without_shared(
    work: Work, subjects: Mapping[int, Subject], model: Model
) -> dict[int, Subject]:
    """Leave out numbers and postcodes that too many share: a home's, a school's, a mistake."""
    sizes = _sizes(work, {key for each in subjects.values() for key in shared_keys(each)})
    silent = {key for key, size in sizes.items() if is_crowded(key, size, model)}
    return {subject_id: without(subject, silent) for subject_id, subject in subjects.items()}


def _nominate(
    work: Work, subjects: Mapping[int, Subject], model: Model, reached: Neighbourhood
) -> set[Pair]:
    """Give the pairs of which the first is one of the subjects and a key nominates the second."""
    bearers: dict[int, list[int]] = defaultdict(list)
    for subject_id, subject in subjects.items():
        for key in blocking_keys(subject):
            bearers[key].append(subject_id)
    sizes = _sizes(work, bearers)
    full = {key for key, size in sizes.items() if is_crowded(key, size, model)}
    reached.crowded |= full
    under = subjects_under(work, {key for key, size in sizes.items() if size > 1} - full)
    return {
        (subject_id, partner)
        for key, partners in under.items()
        for subject_id in bearers[key]
        for partner in partners
        if partner != subject_id
    }
