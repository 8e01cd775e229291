"""Crowded keys told to people: what so many share, and which children nothing else would find."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from register.access.policy import Permission, needs
from register.linkage.identity import Subject, blocking_keys, spelled_keys
from register.linkage.keys import crowded_among, subjects_under
from register.linkage.models import CrowdedKey
from register.linkage.subjects import find_subjects, memberships
from register.reports.fields import BY_NAME
from register.work import Work

SHOWN = 100
"""Organisations' children of one key that are looked at."""
KINDS = {
    "name": "the full name, its letters in one order: {}",
    "year": "the year of birth and how the full name sounds: {}",
    "born": "the date of birth and how a name sounds: {}",
    "postcode": "the postcode: {}",
    "guess": "a birthday of 1 January and how a name sounds, in a force's area: {}",
    "gone": "a birthday of 1 January and the day of going missing, in a force's area: {}",
    "place": "the postcode, with a date of birth or how a name sounds: {}",
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """A key that more share than may nominate each other.

    `what` says in words what they share, `bearers` how many organisations' own children do.
    `children` are the register numbers of the first `SHOWN` of these; `unseen` those of them who
    have no other key left, and so were compared with nobody.
    """

    key: int
    what: str
    bearers: int
    children: tuple[int, ...]
    unseen: tuple[int, ...]


@needs(Permission.CROWD_READ)
def count_crowds(work: Work) -> int:
    """Count the keys that stand crowded."""
    return work.session.scalar(select(func.count()).select_from(CrowdedKey)) or 0


@needs(Permission.CROWD_READ)
def standing_crowds(work: Work, first: int, most: int) -> list[Crowd]:
    """Give the keys that stand crowded, as many as a page shows, in a lasting order."""
    keys = select(CrowdedKey.key).order_by(CrowdedKey.key).offset(first).limit(most)
    return crowds(work, work.session.scalars(keys).all())


@needs(Permission.CROWD_READ)
def crowds(work: Work, keys: Iterable[int]) -> list[Crowd]:
    """Tell of those of the keys that stand crowded, such as an import's or an answer's."""
    under = subjects_under(work, crowded_among(work, set(keys)))
    shown = {key: sorted(found)[:SHOWN] for key, found in under.items()}
    subject_ids = {each for found in shown.values() for each in found}
    subjects = {each: s.subject for each, s in find_subjects(work, subject_ids).items()}
    alone = _unseen(work, subjects.values())
    reports = {each: min(subject.reports) for each, subject in subjects.items()}
    children = memberships(work, reports.values())
    child_of = {each: children[report][1] for each, report in reports.items() if report in children}

    def numbers(found: Collection[int]) -> tuple[int, ...]:
        return tuple(sorted({child_of[each] for each in found if each in child_of}))

    return [
        Crowd(
            key=key,
            what=_in_words(key, subjects[found[0]]),
            bearers=len(under[key]),
            children=numbers(found),
            unseen=numbers(alone.intersection(found)),
        )
        for key, found in sorted(shown.items())
        if found[0] in subjects
    ]


def _unseen(work: Work, subjects: Iterable[Subject]) -> set[int]:
    keys = {subject.subject_id: blocking_keys(subject) for subject in subjects}
    crowded = crowded_among(work, {key for each in keys.values() for key in each})
    return {subject_id for subject_id, own in keys.items() if own <= crowded}


def _in_words(key: int, bearer: Subject) -> str:
    kind, *shared = spelled_keys(bearer)[key]
    said = ", ".join(shared)
    return KINDS[kind].format(said) if kind in KINDS else f"the {BY_NAME[kind].label}: {said}"
