"""Subjects as they stand: each organisation's own children, made of the reports they bear."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import cast

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from register.db import stood
from register.linkage.identity import Subject, group_subjects, own_id, without
from register.linkage.models import Membership, StoredSubject
from register.linkage.said import chained_to, judged_pairs, words_on
from register.linkage.written import seal_subject, unseal_subject
from register.reports.statement import Statement
from register.rows import ASKED, ask
from register.secrecy.keys import Opened, key_of
from register.work import Work, stands

STORED = (StoredSubject.id, StoredSubject.line, StoredSubject.silent, StoredSubject.judged)
SubjectRow = tuple[int, bytes, str, bool]
_ROOM, _AHEAD = "memberships", "read ahead"
_STORED = select(*STORED).join_from(ASKED, StoredSubject, StoredSubject.id == ASKED.c.value)

_MEMBERS = select(Membership.report_id, Membership.subject_id, Membership.child_id).join_from(
    ASKED, Membership, Membership.report_id == ASKED.c.value
)
_MEMBERS_NOW = _MEMBERS.where(stood(Membership, None))
_OWN = aliased(Membership)
_SIBLINGS = (
    select(Membership.report_id, Membership.subject_id, Membership.child_id)
    .join_from(ASKED, _OWN, (_OWN.report_id == ASKED.c.value) & _OWN.known_to.is_(None))
    .join(Membership, Membership.child_id == _OWN.child_id)
    .where(stood(Membership, None))
)
_OWNED = select(Membership.subject_id, Membership.report_id).join_from(
    ASKED, Membership, Membership.subject_id == ASKED.c.value
)
_OWNED_NOW = _OWNED.where(stood(Membership, None))
_BELONGING = select(Membership.child_id, Membership.report_id).join_from(
    ASKED, Membership, Membership.child_id == ASKED.c.value
)
_BELONGING_NOW = _BELONGING.where(stood(Membership, None))


@dataclass(frozen=True, slots=True)
class Stored:
    """A subject as it stands in the database."""

    subject: Subject
    silent: frozenset[int] = frozenset()
    """Keys of its numbers and homes that too many share."""
    judged: bool = False
    """Whether people have said something of its reports."""

    @property
    def told(self) -> Subject:
        """What of it may be compared: a mistaken number says nothing, an institution but where."""
        return without(self.subject, self.silent) if self.silent else self.subject


def read_stored(key: Opened, subject_id: int, line: bytes, silent: str, judged: bool) -> Stored:  # noqa: FBT001  # a row
    """Read one row of `STORED`, with the register's key."""
    keys = frozenset(map(int, silent.split()))
    return Stored(unseal_subject(subject_id, line, key), keys, judged)


def row_of(stored: Stored, key: Opened) -> SubjectRow:
    """Write a row of `STORED`; of two that are the same, the rows are the same."""
    silent = " ".join(map(str, sorted(stored.silent)))
    return (stored.subject.subject_id, seal_subject(stored.subject, key), silent, stored.judged)


def find_subjects(work: Work, subject_ids: Iterable[int]) -> dict[int, Stored]:
    """Load subjects as they stand, by id; an id that is none now is left out."""
    key = key_of(work)
    return {row[0]: read_stored(key, *row) for row in rows_of_subjects(work, subject_ids)}


def count_subjects(work: Work) -> int:
    """Count the subjects there are."""
    return work.session.scalar(select(func.count()).select_from(StoredSubject)) or 0


def rows_of_subjects(
    work: Work, subject_ids: Iterable[int]
) -> Iterator[Row[int, bytes, str, bool]]:
    """Give the rows of subjects, as `STORED` names their columns."""
    return ask(work.session, _STORED, set(subject_ids))


def memberships(work: Work, reports: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Give each report's subject and child as they stand; each asked for once."""
    asked, known = set(reports), _known(work)
    if unknown := asked - known.keys():
        query = _MEMBERS_NOW if work.as_at is None else _MEMBERS.where(stands(work, Membership))
        known |= dict.fromkeys(unknown)
        note_members(work, ask(work.session, query, unknown))
    return {report: owner for report in asked if (owner := known[report])}


def note_members(work: Work, rows: Iterable[tuple[int, int, int]]) -> None:
    """Note whose these reports are, so that it need not be asked: report, subject, child."""
    work.known.pop(_AHEAD, None)
    _known(work).update((report, (subject, child)) for report, subject, child in rows)


def read_ahead(work: Work, reports: Iterable[int]) -> set[int]:
    """Give these reports and all of their children's, and read whose they are and what was said.

    What is judged or changed asks for all of that, in many steps: so it is asked for at once.
    """
    asked = frozenset(reports)
    known = cast("dict[frozenset[int], set[int]]", work.known.get(_AHEAD, {}))
    if asked not in known:
        rows = list(ask(work.session, _SIBLINGS, asked))
        _known(work).update(dict.fromkeys(asked))
        note_members(work, rows)
        known = {asked: {*asked, *(row[0] for row in rows)}}
        work.known[_AHEAD] = known
    words_on(work, known[asked])
    return known[asked]


def _known(work: Work) -> dict[int, tuple[int, int] | None]:
    """What is known of memberships; None for a report that is no child's."""
    return work.known_in(_ROOM)


def reports_of_subjects(work: Work, subject_ids: Iterable[int]) -> dict[int, list[int]]:
    """Give the reports of each subject as they stand."""
    found: dict[int, list[int]] = defaultdict(list)
    query = _OWNED_NOW if work.as_at is None else _OWNED.where(stands(work, Membership))
    for subject_id, report_id in ask(work.session, query, set(subject_ids)):
        found[subject_id].append(report_id)
    return found


def reports_of_children(work: Work, children: Iterable[int]) -> dict[int, list[int]]:
    """Give the reports of each child as it stands; a number that is no child's is left out."""
    found: dict[int, list[int]] = defaultdict(list)
    query = _BELONGING_NOW if work.as_at is None else _BELONGING.where(stands(work, Membership))
    for child, report_id in ask(work.session, query, set(children)):
        found[child].append(report_id)
    return found


def make_subjects(work: Work, statements: Mapping[int, Statement]) -> dict[int, Subject]:
    """Group reports by their organisation's own id for the child, unless a person says otherwise.

    The reports must be all that bear these ids.
    """
    broken = _broken_ids(work, statements)
    return group_subjects(statements.values(), broken, key_of(work).salt)


def _broken_ids(work: Work, statements: Mapping[int, Statement]) -> set[tuple[str, str]]:
    """Give the organisations' own ids under which people have found more than one child.

    That follows from their words also where it is said of no two of its reports: one is the same
    child as another organisation's report, another one is not.
    """
    bearing = {
        report: (s.organisation, own) for report, s in statements.items() if (own := own_id(s))
    }
    same, different = judged_pairs(work, chained_to(work, bearing))
    if not different:
        return set()
    child = _children(same)
    apart = {frozenset({child.get(a, a), child.get(b, b)}) for a, b in different}
    borne: dict[tuple[str, str], set[int]] = defaultdict(set)
    for report, named in bearing.items():
        borne[named].add(child.get(report, report))
    return {
        named
        for named, children in borne.items()
        if any(frozenset(two) in apart for two in combinations(sorted(children), 2))
    }


def _children(same: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Give, for each report of a pair that is one child's, the first report of that child."""
    members: dict[int, set[int]] = {}
    for pair in same:
        joined = set().union(*(members.get(each, {each}) for each in pair))
        members |= dict.fromkeys(joined, joined)
    return {report: min(joined) for report, joined in members.items()}
