"""The quick check: is this child known, and missing, and whom to call. The least that identifies.

It looks wherever a child is known, and tells no place, no episode and no total. Each search is
logged with its purpose, whether it found anybody or not; what was typed is not.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from register.access.openings import spend
from register.access.policy import Permission, needs
from register.access.seals import owners_of
from register.audit.service import Entry, record, record_many
from register.inspection.persons import Person, person_of
from register.linkage.compare import compare
from register.linkage.enactments import model_for
from register.linkage.identity import (
    Identity,
    Subject,
    blocking_keys,
    own_key,
    read_names,
    shared_keys,
)
from register.linkage.keys import crowded_among, subjects_under
from register.linkage.levels import Level
from register.linkage.match import Model, judge
from register.linkage.models import Membership
from register.linkage.subjects import Stored, find_subjects, reports_of_children
from register.records.models import Child, EpisodeRow
from register.records.numbers import child_number
from register.records.service import Folded, read_children
from register.records.sight import may_be_found, may_open
from register.reports.models import Report
from register.reports.organisations import all_organisations
from register.reports.values import nhs_number, upn
from register.rows import among
from register.secrecy.keys import key_of
from register.terms import Kind
from register.underneath.roles import see_all
from register.work import Work, stands

MOST_FOUND = 3
"""Children that one search tells of: whoever types what many share is asked for more."""
PURPOSES: Mapping[str, str] = {
    "reported": "A child is reported missing",
    "found": "A child was found or stopped",
    "at_risk": "A child may be at risk",
    "records": "Putting our own records right",
}
"""Why people ask, by code."""
_APART = frozenset({Level.DIFFERS, Level.UNKNOWN, Level.ONE_PART})
_NOBODY = Subject(
    subject_id=0,
    key=("", "", ""),
    own="",
    reports=(),
    identities=(),
    nhs_numbers=frozenset(),
    upns=frozenset(),
    home_office_references=frozenset(),
    missing_on=frozenset(),
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom somebody asks about: by both names and date of birth, by a number, or by a reference."""

    forename: str = ""
    surname: str = ""
    born: date | None = None
    identifier: str = ""
    reference: str = ""

    @property
    def by(self) -> tuple[str, ...]:
        """The ways that are given."""
        named = bool(self.forename and self.surname and self.born)
        ways = {"name": named, "identifier": self.identifier, "reference": self.reference}
        return tuple(way for way, given in ways.items() if given)


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
    spend(work, children, "check")
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
    found = {each.child: each for each in read_children(work, children)}
    standing = _standing(work, children)
    told = tuple(_found(work, found[each], standing) for each in children)
    return Checked(told, tuple(sorted(owners_of(work, sealed))))


def _fitting(work: Work, sought: Sought) -> tuple[list[int], set[int]]:
    """Give the children found in any of the ways that are given, the best first.

    Those whom a seal hides stand apart, by the reports that were found.
    """
    best = [*_by_reference(work, sought.reference), *_by_identifier(work, sought.identifier)]
    best += _by_name(work, sought)
    members = among(Membership.report_id, best) & stands(work, Membership)
    query = select(Membership.report_id, Membership.child_id).where(members)
    everybody = dict(iter(work.session.execute(query)))
    open_ones = query.where(may_be_found(work, Membership.child_id))
    children = dict(iter(work.session.execute(open_ones)))
    found = list(dict.fromkeys(children[each] for each in best if each in children))[:MOST_FOUND]
    hidden = {everybody[each] for each in best if each in everybody.keys() - children.keys()}
    of_hidden = reports_of_children(work, sorted(hidden)[:MOST_FOUND]).values()
    return found, {report for reports in of_hidden for report in reports}


def _by_name(work: Work, sought: Sought) -> list[int]:
    if sought.born is None:
        return []
    identity = Identity(
        forename=read_names(sought.forename),
        surname=read_names(sought.surname),
        known_as=(),
        born=sought.born,
        born_is_doubtful=False,
        sex="",
        postcode="",
    )
    if not (identity.forename and identity.surname):
        return []
    asked = replace(_NOBODY, salt=key_of(work).salt, identities=(identity,))
    near = _stored_under(work, blocking_keys(asked)).items()
    model = model_for(work)
    fits = {each: _fit(asked, stored.told, model) for each, stored in near}
    found = {each: fit for each, fit in fits.items() if fit is not None}
    return sorted(found, key=lambda each: (-found[each], each))


def _fit(asked: Subject, known: Subject, model: Model) -> float | None:
    """Tell how well a subject fits; None where a name or the birthday is another."""
    compared = compare(asked, known)
    names = () if compared.names_swapped else (compared.forename, compared.surname)
    if not _APART.isdisjoint({*names, compared.date_of_birth}):
        return None
    return judge(compared, model).fit


def _by_identifier(work: Work, text: str) -> list[int]:
    text = text.strip()
    said = {
        "nhs_numbers": _read(nhs_number, text),
        "upns": _read(upn, text),
        "home_office_references": frozenset({text} - {""}),
    }
    asked = replace(_NOBODY, salt=key_of(work).salt, **said)  # type: ignore[arg-type]  # each is one of its sets
    stored = _stored_under(work, shared_keys(asked))
    bearing = [
        each
        for each, known in stored.items()
        if any(getattr(known.told, name) & numbers for name, numbers in said.items())
    ]
    return sorted(bearing)


def _read(parse: Callable[[str], str], text: str) -> frozenset[str]:
    try:
        return frozenset({parse(text)} if text else ())
    except ValueError:
        return frozenset()


def _stored_under(work: Work, keys: Collection[int]) -> dict[int, Stored]:
    told = set(keys) - crowded_among(work, keys)
    subjects = {each for found in subjects_under(work, told).values() for each in found}
    return find_subjects(work, subjects)


def _by_reference(work: Work, text: str) -> list[int]:
    """Find the reports and the children that an organisation, whichever, calls so."""
    text = text.strip()
    if not text:
        return []
    codes = [each.code for each in all_organisations()]
    named = Report.organisation.in_(codes) & Report.kind.in_([kind.value for kind in Kind])
    query = select(Report.id).where(named, Report.reference == text).order_by(Report.id)
    reports = list(work.session.scalars(query.limit(MOST_FOUND)))
    salt = key_of(work).salt
    keys = [own_key(code, f"id {text}", salt) for code in codes]
    own = {each for found in subjects_under(work, keys).values() for each in found}
    return [*reports, *sorted(own)[:MOST_FOUND]]


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
