"""The quick check: is this child known, and missing, and whom to call. The least that identifies.

It looks wherever a child is known, and tells no place, no episode and no total. Each search is
logged with its purpose, whether it found anybody or not; what was typed is not. One that found
nobody is kept sealed for a while, so that a report that comes later is told of (`searches.py`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from register.access.hiding import owners_of
from register.access.openings import spend
from register.access.policy import Permission, needs
from register.audit.service import Entry, record, record_many
from register.inspection.persons import Person, person_of
from register.inspection.searches import keep_search
from register.inspection.seeking import MOST_FOUND, Sought, seek
from register.linkage.models import Membership
from register.linkage.subjects import memberships, reports_of_children
from register.numbers import child_number
from register.records.models import Child, EpisodeRow
from register.records.service import Folded, read_children
from register.records.sight import may_be_found, may_open
from register.rows import among
from register.underneath.roles import see_all
from register.work import Work, stands

PURPOSES: Mapping[str, str] = {
    "reported": "A child is reported missing",
    "found": "A child was found or stopped",
    "at_risk": "A child may be at risk",
    "records": "Putting our own records right",
}
"""Why people ask, by code."""


@dataclass(frozen=True, slots=True)
class Found:
    """A child that fits: who, whether missing now, and which organisations know more."""

    number: str
    person: Person
    born: tuple[str, ...]
    sex: tuple[str, ...]
    is_missing: bool
    organisations: tuple[str, ...]
    """Whom to call: those that have reported the child, and the authority whose child it is."""
    may_open: bool
    """Whether the child's own page is open to whoever asks."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a quick check found; `restricted` are whom to call about sealed children that fit."""

    found: tuple[Found, ...]
    restricted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """Of the children found: who is missing now, whose each is, whose pages the reader may open."""

    missing: frozenset[int]
    responsible: Mapping[int, str]
    opened: frozenset[int]


@needs(Permission.CHILD_CHECK)
def quick_check(work: Work, sought: Sought, purpose: str) -> Checked:
    """Give the few children that fit best, who may be anybody's; none where none is known.

    Of a sealed child it tells whom to call, and nothing else. Raises Exceeded past the day's limit
    of children, found ones counted.
    """
    see_all(work.session)  # whoever's child it is
    children, sealed = _fitting(work, sought)
    hidden = {child for _, child in memberships(work, sealed).values()}
    spend(work, [*children, *hidden], "check")
    ways = " and ".join(sought.by)
    record(
        work,
        "search:made",
        "quick check",
        by=ways,
        purpose=purpose,
        found=len(children),
        sealed=len(sealed),
    )
    record_many(
        work, [Entry("child:identified", f"child {child_number(each)}") for each in children]
    )
    if not (children or sealed):
        keep_search(work, sought, purpose)
    found = read_children(work, children)
    standing = _standing(work, children)
    told = tuple(_found(work, found[each], standing) for each in children)
    return Checked(told, tuple(sorted(owners_of(work, sealed))))


def _fitting(work: Work, sought: Sought) -> tuple[list[int], set[int]]:
    """Give the children found in any of the ways that are given, the best first.

    Those whom a seal hides stand apart, by the reports that were found.
    """
    best = seek(work, sought)
    members = among(Membership.report_id, best) & stands(work, Membership)
    query = select(Membership.report_id, Membership.child_id).where(members)
    everybody = dict(iter(work.session.execute(query)))
    open_ones = query.where(may_be_found(work, Membership.child_id))
    children = dict(iter(work.session.execute(open_ones)))
    found = list(dict.fromkeys(children[each] for each in best if each in children))[:MOST_FOUND]
    hidden = {everybody[each] for each in best if each in everybody.keys() - children.keys()}
    of_hidden = reports_of_children(work, sorted(hidden)[:MOST_FOUND]).values()
    return found, {report for reports in of_hidden for report in reports}


def _standing(work: Work, children: Collection[int]) -> _Standing:
    missing = EpisodeRow.missing_to_police | EpisodeRow.missing_to_authority
    episodes = select(EpisodeRow.child).where(
        among(EpisodeRow.child, children), stands(work, EpisodeRow), EpisodeRow.is_open, missing
    )
    of_these = among(Child.number, children) & stands(work, Child)
    whose = select(Child.number, Child.responsible_authority).where(of_these)
    opened = select(Child.number).where(of_these, may_open(work, Child.number))
    return _Standing(
        frozenset(work.session.scalars(episodes)),
        dict(iter(work.session.execute(whose))),
        frozenset(work.session.scalars(opened)),
    )


def _found(work: Work, folded: Folded, standing: _Standing) -> Found:
    told = [each.organisation for each in folded.statements]
    told.append(standing.responsible.get(folded.child, ""))
    return Found(
        number=child_number(folded.child),
        person=person_of(folded.record, work.moment),
        born=tuple(_said(folded, "date_of_birth")),
        sex=tuple(_said(folded, "sex")),
        is_missing=folded.child in standing.missing,
        organisations=tuple(dict.fromkeys(each for each in told if each)),
        may_open=folded.child in standing.opened,
    )


def _said(folded: Folded, field: str) -> Iterator[str]:
    value = folded.record.values.get(field)
    said: Iterable[object] = () if value is None else {each.value: 0 for each in value.origins}
    return (str(each) for each in said)
