"""What is stored to find and compare subjects by: their keys, their lines, the crowded keys.

All of it follows from the reports. It is written here alone, so that the three keep step.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from register.linkage.candidates import is_crowded
from register.linkage.identity import Subject, own_id, own_key, shared_keys, stored_keys
from register.linkage.match import Model
from register.linkage.models import BlockingKey, CrowdedKey, Membership, StoredSubject
from register.linkage.said import verdicts_on
from register.linkage.subjects import Stored, SubjectRow, read_stored, row_of, rows_of_subjects
from register.linkage.written import seal_subject
from register.reports.statement import Statement
from register.rows import ASKED, add_rows, ask
from register.secrecy.keys import Opened, key_of
from register.work import Work

Row = tuple[int, int]
"""A key, and a subject under it."""

_UNDER = select(BlockingKey.key, BlockingKey.subject_id).join_from(
    ASKED, BlockingKey, BlockingKey.key == ASKED.c.value
)
_OF = select(BlockingKey.key, BlockingKey.subject_id).join_from(
    ASKED, BlockingKey, BlockingKey.subject_id == ASKED.c.value
)
_SIZES = (
    select(BlockingKey.key, func.count())
    .join_from(ASKED, BlockingKey, BlockingKey.key == ASKED.c.value)
    .group_by(BlockingKey.key)
)
_CROWDED = select(CrowdedKey.key).join_from(ASKED, CrowdedKey, CrowdedKey.key == ASKED.c.value)


@dataclass(slots=True)
class Change:
    """What is to change of what is stored, and whom that touches.

    `before` are the stored subjects that will say something else, or of whom something will count
    that didn't, or count no more: all as they were. `now` are those that are written.
    """

    added: set[Row] = field(default_factory=set)
    dropped: set[Row] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    crowded: set[int] = field(default_factory=set)
    no_more_crowded: set[int] = field(default_factory=set)
    before: dict[int, Stored] = field(default_factory=dict)
    now: dict[int, Stored] = field(default_factory=dict)
    rows: dict[int, SubjectRow] = field(default_factory=dict)
    """Those rows of subjects that are new or differ."""
    known: set[int] = field(default_factory=set)
    """Subjects that have a row already."""

    @property
    def size(self) -> int:
        """How many rows it changes."""
        changed = (self.added, self.dropped, self.rows, self.gone)
        return sum(map(len, (*changed, self.crowded, self.no_more_crowded)))


def subjects_under(work: Work, keys: Iterable[int]) -> dict[int, set[int]]:
    """Give the subjects under each key."""
    found: dict[int, set[int]] = defaultdict(set)
    for key, subject_id in ask(work.session, _UNDER, set(keys)):
        found[key].add(subject_id)
    return found


def own_subjects(work: Work, statements: Iterable[Statement]) -> set[int]:
    """Give the subjects that bear the organisation's own ids that these reports bear."""
    salt = key_of(work).salt
    keys = {own_key(each.organisation, own, salt) for each in statements if (own := own_id(each))}
    return {subject for found in subjects_under(work, keys).values() for subject in found}


def crowded_among(work: Work, keys: Collection[int]) -> set[int]:
    """Give those of the keys that too many share."""
    return {key for (key,) in ask(work.session, _CROWDED, keys)}


def plan_change(
    work: Work,
    subjects: Mapping[int, Subject],
    gone: Collection[int],
    model: Model,
    *,
    of_all: bool = False,
) -> Change:
    """Work out what must change so that these subjects are stored as they are now.

    `of_all` says that they are all there are: nobody besides them is touched, so `before` is left
    empty and no line is read, which may have been written by another release.
    """
    touched = {*subjects, *gone}
    rows = {row[0]: row for row in rows_of_subjects(work, touched)}
    key = key_of(work)
    # Who says the same is under the same keys.
    moved = touched if of_all else touched - _unchanged(subjects, rows, key)
    wanted = {(k, each) for each in moved & subjects.keys() for k in stored_keys(subjects[each])}
    stored = {(k, each) for k, each in ask(work.session, _OF, moved)}
    change = Change(added=wanted - stored, dropped=stored - wanted)
    _plan_crowds(work, change, model)
    turned = change.crowded | change.no_more_crowded
    bearers = (
        set() if of_all else {s for each in subjects_under(work, turned).values() for s in each}
    )
    rows |= {row[0]: row for row in rows_of_subjects(work, bearers - touched)}
    standing = {
        each: read_stored(key, *rows[each]).subject for each in bearers & rows.keys() - touched
    }
    change.now = _as_stored(work, change, {**standing, **subjects})
    change.rows = {
        each: row for each, now in change.now.items() if (row := row_of(now, key)) != rows.get(each)
    }
    change.known = set(rows)
    change.gone = set(gone) & change.known
    if not of_all:
        # Who only is judged now meets whom they met.
        altered = {
            each for each in change.known & change.rows.keys() if _says_else(change, rows[each])
        }
        altered |= change.gone | (bearers & change.known)
        change.before = {each: read_stored(key, *rows[each]) for each in altered}
    return change


def _says_else(change: Change, row: SubjectRow) -> bool:
    return change.rows[row[0]][1:3] != (bytes(row[1]), row[2])


def _unchanged(
    subjects: Mapping[int, Subject], rows: Mapping[int, SubjectRow], key: Opened
) -> set[int]:
    """Give those of the subjects whose line is stored as it would be now."""
    return {
        each
        for each in subjects.keys() & rows.keys()
        if bytes(rows[each][1]) == seal_subject(subjects[each], key)
    }


def _as_stored(work: Work, change: Change, subjects: Mapping[int, Subject]) -> dict[int, Stored]:
    """Say of subjects which of their keys are silent after the change, and whom people judged."""
    shared = {each: shared_keys(subject) for each, subject in subjects.items()}
    crowded = crowded_among(work, {key for keys in shared.values() for key in keys})
    crowded = (crowded | change.crowded) - change.no_more_crowded
    words = verdicts_on(work, {each for s in subjects.values() for each in s.reports})
    spoken_of = {report for pair in words for report in pair}
    return {
        each: Stored(subject, shared[each] & crowded, not spoken_of.isdisjoint(subject.reports))
        for each, subject in subjects.items()
    }


def _plan_crowds(work: Work, change: Change, model: Model) -> None:
    """Find the keys that cross their cap. One that is crowded is counted only when it loses."""
    more = Counter(key for key, _ in change.added)
    fewer = Counter(key for key, _ in change.dropped)
    full = crowded_among(work, more.keys() | fewer.keys())
    counted = (more.keys() | fewer.keys()) - (full - fewer.keys())
    sizes = dict.fromkeys(counted, 0) | dict(_sizes(work, counted))
    for key, size in sizes.items():
        crowded = is_crowded(key, size + more[key] - fewer[key], model)
        if crowded and key not in full:
            change.crowded.add(key)
        elif key in full and not crowded:
            change.no_more_crowded.add(key)


def _sizes(work: Work, keys: Collection[int]) -> Iterator[Row]:
    return ((key, size) for key, size in ask(work.session, _SIZES, keys))


_DROP_KEY = delete(BlockingKey).where(
    BlockingKey.key == bindparam("at_key"), BlockingKey.subject_id == bindparam("of")
)
_DROP_SUBJECT = delete(StoredSubject).where(StoredSubject.id == bindparam("of"))
_CHANGE_SUBJECT = update(StoredSubject).where(StoredSubject.id == bindparam("of"))
_NO_MORE_CROWDED = delete(CrowdedKey).where(CrowdedKey.key == bindparam("at_key"))


def store(work: Work, change: Change) -> None:
    """Write a change down."""
    rows = [row for _, row in sorted(change.rows.items())]
    differing = [
        {"of": subject_id, "line": line, "silent": silent, "judged": judged}
        for subject_id, line, silent, judged in rows
        if subject_id in change.known
    ]
    statements = (
        (_DROP_KEY, [{"at_key": key, "of": each} for key, each in sorted(change.dropped)]),
        (_DROP_SUBJECT, [{"of": each} for each in sorted(change.gone)]),
        (_CHANGE_SUBJECT, differing),
        (_NO_MORE_CROWDED, [{"at_key": key} for key in sorted(change.no_more_crowded)]),
    )
    # Straight to the tables: there are many rows, and none is an object to anybody.
    for statement, parameters in statements:
        if parameters:
            work.session.connection().execute(statement, parameters)
    add_rows(work.session, BlockingKey, sorted(change.added))
    add_rows(work.session, StoredSubject, [r for r in rows if r[0] not in change.known])
    add_rows(work.session, CrowdedKey, [(key,) for key in sorted(change.crowded)])


def mend(work: Work, model: Model) -> int:
    """Drop what is stored of what is no subject and count every key; give how many rows changed."""
    strays = select(BlockingKey.key, BlockingKey.subject_id).where(
        ~_is_subject(BlockingKey.subject_id)
    )
    nobodies = select(StoredSubject.id).where(~_is_subject(StoredSubject.id))
    sizes = (
        select(BlockingKey.key, func.count())
        .where(_is_subject(BlockingKey.subject_id))
        .group_by(BlockingKey.key)
        .having(func.count() > min(model.crowd, model.namesakes, model.shared))
    )
    execute = work.session.connection().execute
    full = {key for key, size in execute(sizes) if is_crowded(key, size, model)}
    told = set(work.session.scalars(select(CrowdedKey.key)))
    change = Change(
        dropped={(key, each) for key, each in execute(strays)},
        gone=set(work.session.scalars(nobodies)),
        crowded=full - told,
        no_more_crowded=told - full,
    )
    store(work, change)
    return change.size


def _is_subject(number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(Membership.subject_id == number, Membership.known_to.is_(None))
