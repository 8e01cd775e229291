"""Who may report or be named: forces, authorities past and present, and the bodies around them.

Read once from `config/reference/*.csv`; `docs/reference-data.md` gives the columns and sources.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from register.errors import NotFound
from register.settings import CONFIG_DIR
from register.terms import Sector

_FOLDER = CONFIG_DIR / "reference"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One code and what it names; an authority that was recoded is several of these.

    `valid_from` and `valid_to` are the first and the last day on which the code stood for the
    organisation; None where it has no known end on that side. `dfe_code` is the three-digit
    number of the Department for Education, blank where there is none.
    """

    code: str
    name: str
    sector: Sector
    nation: str
    dfe_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    kind: str = ""

    @property
    def is_current(self) -> bool:
        """Whether no other code has taken the place of this one and it has not ended."""
        return self.valid_to is None and not self.successors


def find_organisation(code: str) -> Organisation | None:
    """Give the organisation that bears this code, today or in the past; None if none does."""
    return _organisations().get(code)


def get_organisation(code: str) -> Organisation:
    """Give the organisation that bears this code; raise NotFound with a sentence if none does."""
    found = find_organisation(code)
    if found is None:
        message = (
            f"No organisation has the code {code[:40]!r}: give the ONS code of a police force "
            "area or a local authority (such as E23000001 or E08000035), or one of the "
            "register's own codes (such as BTP)."
        )
        raise NotFound(message)
    return found


def all_organisations() -> tuple[Organisation, ...]:
    """Give every organisation, past ones too: authorities first, then forces, then the others."""
    return tuple(_organisations().values())


def current_code(code: str) -> str:
    """Follow successors for as long as there is exactly one, and give the code arrived at.

    A code that was split between several, or that is unknown, is given back as it is: which
    of the successors is meant cannot be told from the code alone.
    """
    organisation = find_organisation(code)
    while organisation is not None and len(organisation.successors) == 1:
        code = organisation.successors[0]
        organisation = find_organisation(code)
    return code


@cache
def authority_dfe_codes() -> frozenset[str]:
    """Give every three-digit code that may stand in characters 2 to 4 of a pupil number.

    These are the codes of the authorities of England and Wales, past ones included because a
    number is kept for life, and the pseudo codes of the school census.
    """
    own = {organisation.dfe_code for organisation in all_organisations()} - {""}
    return _pupil_number_codes() | own


def force_for(authority_code: str) -> str | None:
    """Give the code of the territorial force that polices an authority; None if none is known.

    The area of a past authority is policed by its successors' force, if they share one.
    """
    direct = _policing().get(authority_code)
    if direct is not None:
        return direct
    organisation = find_organisation(authority_code)
    forces = {force_for(code) for code in organisation.successors} if organisation else set()
    return forces.pop() if len(forces) == 1 else None


def area_of(code: str) -> str | None:
    """Give the force in whose area an organisation works; None for those that work everywhere."""
    return force_for(code) or (code if authorities_of(code) else None)


def authorities_of(force_code: str) -> tuple[str, ...]:
    """Give the codes of the authorities of today that a force polices, in order of code."""
    return _areas().get(force_code, ())


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _organisation(row: Mapping[str, str], sector: Sector) -> Organisation:
    return Organisation(
        code=row["code"],
        name=row["name"],
        sector=sector,
        nation=row["nation"],
        dfe_code=row.get("dfe_code", ""),
        valid_from=_day(row.get("from", "")),
        valid_to=_day(row.get("to", "")),
        successors=tuple(row.get("successors", "").split()),
        kind=row["kind"],
    )


@cache
def _organisations() -> Mapping[str, Organisation]:
    files = {
        "authorities": Sector.AUTHORITY,
        "forces": Sector.POLICE,
        "others": Sector.OTHER,
    }
    return MappingProxyType(
        {
            row["code"]: _organisation(row, sector)
            for name, sector in files.items()
            for row in _rows(name)
        }
    )


@cache
def _pupil_number_codes() -> frozenset[str]:
    return frozenset(row["code"] for row in _rows("pupil_number_codes"))


@cache
def _policing() -> Mapping[str, str]:
    return MappingProxyType({row["authority"]: row["force"] for row in _rows("policing")})


@cache
def _areas() -> Mapping[str, tuple[str, ...]]:
    areas: defaultdict[str, list[str]] = defaultdict(list)
    for authority, force in sorted(_policing().items()):
        areas[force].append(authority)
    return MappingProxyType({force: tuple(codes) for force, codes in areas.items()})
