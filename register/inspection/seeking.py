"""Whom a search means: by both names and date of birth, by a number, or by a reference."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

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
from register.linkage.subjects import Stored, find_subjects
from register.reports.models import Report
from register.reports.organisations import all_organisations
from register.reports.values import nhs_number, upn
from register.secrecy.keys import key_of
from register.terms import Kind
from register.work import Work

MOST_FOUND = 3
"""Children that one search tells of: whoever types what many share is asked for more."""
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
Numbers = Mapping[str, frozenset[str]]


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
class _Asked:
    """One search as linking reads it: the keys to look under, and what must agree there."""

    named: Subject | None
    numbers: Numbers
    by_name: frozenset[int]
    by_number: frozenset[int]
    by_reference: frozenset[int]


def seek(work: Work, sought: Sought) -> list[int]:
    """Give the reports, by which subjects are known, that fit in any way given, the best first."""
    return _found(work, [sought])[0]


def that_find(work: Work, searches: Sequence[Sought]) -> list[bool]:
    """Tell of each search whether it finds anybody; asked of all at once."""
    return [bool(found) for found in _found(work, searches)] if searches else []


def _found(work: Work, searches: Sequence[Sought]) -> list[list[int]]:
    salt = key_of(work).salt
    asked = [_read_search(each, salt) for each in searches]
    own = {key for each in asked for key in each.by_reference}
    keys = {key for each in asked for key in each.by_name | each.by_number}
    under = subjects_under(work, own | keys - crowded_among(work, keys))
    near = {s for a in asked for s in _under(under, a.by_name | a.by_number)}
    stored, model = find_subjects(work, near), model_for(work)
    called = _reports_called(work, {each.reference.strip() for each in searches} - {""})
    return [
        [
            *called.get(sought.reference.strip(), ())[:MOST_FOUND],
            *sorted(_under(under, one.by_reference))[:MOST_FOUND],
            *sorted(_bearing(one.numbers, stored, _under(under, one.by_number))),
            *_fitting(one.named, stored, _under(under, one.by_name), model),
        ]
        for sought, one in zip(searches, asked, strict=True)
    ]


def _read_search(sought: Sought, salt: bytes) -> _Asked:
    named, numbers = _named(sought, salt), _numbers(sought.identifier.strip())
    bearing = replace(_NOBODY, salt=salt, **numbers)  # type: ignore[arg-type]  # each is one of its sets
    reference = sought.reference.strip()
    codes = [each.code for each in all_organisations()] if reference else []
    return _Asked(
        named,
        numbers,
        frozenset(blocking_keys(named) if named else ()),
        frozenset(shared_keys(bearing)),
        frozenset(own_key(code, f"id {reference}", salt) for code in codes),
    )


def _named(sought: Sought, salt: bytes) -> Subject | None:
    if sought.born is None:
        return None
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
        return None
    return replace(_NOBODY, salt=salt, identities=(identity,))


def _numbers(text: str) -> Numbers:
    return {
        "nhs_numbers": _read(nhs_number, text),
        "upns": _read(upn, text),
        "home_office_references": frozenset({text} - {""}),
    }


def _read(parse: Callable[[str], str], text: str) -> frozenset[str]:
    try:
        return frozenset({parse(text)} if text else ())
    except ValueError:
        return frozenset()


def _under(under: Mapping[int, Collection[int]], keys: Collection[int]) -> set[int]:
    return {each for key in keys for each in under.get(key, ())}


def _bearing(
    numbers: Numbers, stored: Mapping[int, Stored], among_these: Collection[int]
) -> set[int]:
    known = {each: stored[each].told for each in among_these if each in stored}
    return {
        each
        for each, told in known.items()
        if any(getattr(told, name) & said for name, said in numbers.items())
    }


def _fitting(
    asked: Subject | None,
    stored: Mapping[int, Stored],
    among_these: Collection[int],
    model: Model,
) -> list[int]:
    if asked is None:
        return []
    fits = {each: _fit(asked, stored[each].told, model) for each in among_these if each in stored}
    found = {each: fit for each, fit in fits.items() if fit is not None}
    return sorted(found, key=lambda each: (-found[each], each))


def _fit(asked: Subject, known: Subject, model: Model) -> float | None:
    """Tell how well a subject fits; None where a name or the birthday is another."""
    compared = compare(asked, known)
    names = () if compared.names_swapped else (compared.forename, compared.surname)
    if not _APART.isdisjoint({*names, compared.date_of_birth}):
        return None
    return judge(compared, model).fit


def _reports_called(work: Work, references: Collection[str]) -> dict[str, list[int]]:
    """Find the reports that an organisation, whichever, calls so."""
    if not references:
        return {}
    codes = [each.code for each in all_organisations()]
    named = Report.organisation.in_(codes) & Report.kind.in_([kind.value for kind in Kind])
    query = select(Report.reference, Report.id).where(
        named, Report.reference.in_(sorted(references))
    )
    found: dict[str, list[int]] = {}
    for reference, report in work.session.execute(query.order_by(Report.id)):
        found.setdefault(reference, []).append(report)
    return found
