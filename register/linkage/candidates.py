"""Who is compared with whom: the neighbourhood that a change can reach, over the stored keys."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import and_, select

from register.linkage.ceiling import may_follow
from register.linkage.compare import add_names, compare, compare_beside_names
from register.linkage.group import ordered
from register.linkage.grouping import Candidate, Pair
from register.linkage.guards import Decision, holding
from register.linkage.identity import Subject, blocking_keys, shared_keys
from register.linkage.limits import limit_of
from register.linkage.match import Model, judge
from register.linkage.models import BlockingKey, CrowdedKey, StoredSubject
from register.linkage.said import verdicts_on
from register.linkage.subjects import STORED, Stored, find_subjects, memberships, read_stored
from register.rows import ASKED, ask, parts
from register.secrecy.keys import key_of
from register.work import Work

_MET = (
    select(ASKED.c.value, CrowdedKey.key, *STORED)
    .outerjoin_from(ASKED, CrowdedKey, CrowdedKey.key == ASKED.c.value)
    .outerjoin(BlockingKey, and_(BlockingKey.key == ASKED.c.value, CrowdedKey.key.is_(None)))
    .outerjoin(StoredSubject, StoredSubject.id == BlockingKey.subject_id)
)
"""Who stands under each key, and what each says: nobody under one that is crowded."""


@dataclass(slots=True)
class Neighbourhood:
    """The subjects that a change can reach, the pairs among them that matter, and people's words.

    `crowded` are the keys that too many bear for them to nominate anybody.
    """

    subjects: dict[int, Subject] = field(default_factory=dict)
    candidates: dict[Pair, Candidate] = field(default_factory=dict)
    verdicts: dict[Pair, str] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)

    def reports_of(self, pair: Pair) -> Pair:
        """Give the reports that speak for two subjects where a person must judge."""
        return ordered(*(self.subjects[each].reports[0] for each in pair))

    def judged(self) -> tuple[list[Pair], frozenset[Pair]]:
        """Give the pairs of subjects that people hold to be one child, and two children."""
        owner = {each: s.subject_id for s in self.subjects.values() for each in s.reports}
        found: dict[str, set[Pair]] = {"same": set(), "different": set()}
        for (a, b), verdict in self.verdicts.items():
            if verdict in found and a in owner and b in owner and owner[a] != owner[b]:
                found[verdict].add(ordered(owner[a], owner[b]))
        return sorted(found["same"]), frozenset(found["different"])


def explore(work: Work, seeds: Mapping[int, Stored], model: Model) -> Neighbourhood:
    """Follow pairs that matter, and people's judgements, from the seeds until there are no more.

    What follows for the subjects found depends on nothing outside, so that folding them alone
    gives what folding the whole register would.
    """
    return _Explorer(work, model).follow(seeds)


def explore_all(
    work: Work, subjects: Mapping[int, Stored], model: Model, step: Callable[[int], object]
) -> Neighbourhood:
    """Do the same for all subjects there are, by any model's caps: keys are counted, not asked.

    `step` is told how many more subjects were looked at.
    """
    explorer = _Explorer(work, model)
    for subject_id, stored in sorted(subjects.items()):
        for key in blocking_keys(stored.subject) | shared_keys(stored.subject):
            explorer.under.setdefault(key, []).append(subject_id)
    crowded = {k for k, found in explorer.under.items() if is_crowded(k, len(found), model)}
    explorer.crowded = crowded
    explorer.under.update({key: [] for key in crowded})
    for each, stored in subjects.items():
        explorer.known[each] = replace(stored, silent=shared_keys(stored.subject) & crowded)
    for part in parts(sorted(subjects)):
        unreached = set(part) - explorer.reached.subjects.keys()
        explorer.follow({each: explorer.known[each] for each in unreached})
        step(len(part))
    return explorer.reached


def neighbours_of(work: Work, subjects: Mapping[int, Stored], model: Model) -> set[int]:
    """Give those of whom something follows for one of these subjects, as all are stored."""
    explorer = _Explorer(work, model)
    explorer.known.update(subjects)
    pairs = explorer.judge(explorer.nominate(subjects))
    return {each for pair in pairs for each in pair} - set(subjects)


def is_crowded(key: int, size: int, model: Model) -> bool:
    """Tell whether so many share a key that it says nothing any more."""
    return size > limit_of(key, model.crowd, model.namesakes, model.shared)


def judge_pair(a: Subject, b: Subject, model: Model) -> Candidate:
    """Compare and judge two subjects, in the order of what they are, not of arrival."""
    compared = compare(*_in_order(a, b))
    return Candidate(ordered(a.subject_id, b.subject_id), compared, judge(compared, model))


def candidate_of(a: Subject, b: Subject, model: Model) -> Candidate | None:
    """Do the same, None where nothing follows; no more is worked out than tells that."""
    one, other = _in_order(a, b)
    beside = compare_beside_names(one, other)
    if not may_follow(beside, model):
        return None
    compared = add_names(beside, one, other)
    guard = holding(compared)
    if guard and guard.decision is Decision.NOTHING:
        return None
    judged = judge(compared, model)
    if judged.decision is Decision.NOTHING:
        return None
    return Candidate(ordered(a.subject_id, b.subject_id), compared, judged)


def _in_order(a: Subject, b: Subject) -> tuple[Subject, Subject]:
    return (a, b) if a.key <= b.key else (b, a)


class _Explorer:
    """What is known so far; nothing is asked of the database twice."""

    def __init__(self, work: Work, model: Model) -> None:
        self.work, self.model = work, model
        self.reached = Neighbourhood()
        self.known: dict[int, Stored] = {}
        self.under: dict[int, list[int]] = {}
        """The subjects under each key that was asked for."""
        self.crowded: set[int] = set()
        self.judged: set[Pair] = set()

    def follow(self, seeds: Mapping[int, Stored]) -> Neighbourhood:
        """Explore from the seeds."""
        self.known.update(seeds)
        frontier = set(seeds)
        while frontier:
            pairs = self.nominate(frontier)
            self.reached.subjects |= {each: self.known[each].told for each in frontier}
            joined = self._judged_with(frontier)
            for pair in self.judge(pairs):
                joined.update(pair)
            frontier = joined - set(self.reached.subjects)
        return self.reached

    def nominate(self, frontier: Collection[int]) -> set[Pair]:
        """Give the pairs of one of the frontier and one whom a key nominates."""
        bearers: dict[int, list[int]] = defaultdict(list)
        for subject_id in frontier:
            for key in blocking_keys(self.known[subject_id].subject):
                bearers[key].append(subject_id)
        self._ask_who_bears(bearers.keys() - self.under.keys())
        self.reached.crowded |= self.crowded & bearers.keys()
        return {
            ordered(subject_id, partner)
            for key, subject_ids in bearers.items()
            for subject_id in subject_ids
            for partner in self.under[key]
            if partner != subject_id
        }

    def _ask_who_bears(self, keys: Collection[int]) -> None:
        self.under.update({key: [] for key in keys})
        secret = key_of(self.work)
        for key, crowded, *row in ask(self.work.session, _MET, keys):
            if crowded is not None:
                self.crowded.add(key)
            elif row[0] is not None:
                self.under[key].append(row[0])
                if row[0] not in self.known:
                    self.known[row[0]] = read_stored(secret, *row)

    def judge(self, pairs: Collection[Pair]) -> set[Pair]:
        """Judge the pairs that weren't yet; give those of which something follows."""
        found = set()
        for pair in set(pairs) - self.judged:
            self.judged.add(pair)
            one, other = (self.known[each].told for each in pair)
            if candidate := candidate_of(one, other, self.model):
                self.reached.candidates[pair] = candidate
                found.add(pair)
        return found

    def _judged_with(self, frontier: Collection[int]) -> set[int]:
        """Note what people have judged; give those whom they hold to be one of the frontier."""
        judged = (self.known[each] for each in frontier if self.known[each].judged)
        spoken = {report for stored in judged for report in stored.subject.reports}
        if not spoken:
            return set()
        verdicts = verdicts_on(self.work, spoken)
        self.reached.verdicts |= verdicts
        same = {each for pair, verdict in verdicts.items() if verdict == "same" for each in pair}
        if not same:
            return set()
        # Whose a report is now is known of those who are met; memberships are yet to follow.
        owner = {each: number for number, s in self.known.items() for each in s.subject.reports}
        others = memberships(self.work, same - owner.keys()).values()
        joined = {owner[each] for each in same & owner.keys()} | {number for number, _ in others}
        self.known |= find_subjects(self.work, joined - self.known.keys())
        return joined
