"""Police and authority side by side: for each field what each says, and the register's view."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from register.access.policy import may_read_protected
from register.records.agreement import agree
from register.records.reconcile import Reconciled
from register.reports.fields import BY_NAME, Field
from register.reports.statement import Statement, Value
from register.terms import Sector
from register.work import Actor


class Standing(StrEnum):
    """How the words on one field stand to each other."""

    ALONE = "alone"
    AGREES = "agrees"
    DIFFERS = "differs"
    DISPUTED = "disputed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Said:
    """One organisation's latest word; `value` is None where this reader may not have it here.

    `may_ask` tells whether the reader may ask to be shown it by itself.
    """

    organisation: str
    sector: Sector
    value: Value | None
    since: datetime
    report_id: int
    may_ask: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One field with every organisation's word.

    `view` is the register's, None where it is disputed or hidden; `origin` says whose word it is:
    the organisations that are believed, or all that agree.
    """

    field: Field
    said: tuple[Said, ...]
    standing: Standing
    view: Value | None
    origin: tuple[str, ...]

    @property
    def police(self) -> tuple[Said, ...]:
        """The police's words."""
        return tuple(said for said in self.said if said.sector is Sector.POLICE)

    @property
    def authority(self) -> tuple[Said, ...]:
        """The words of authorities, and of what is neither."""
        return tuple(said for said in self.said if said.sector is not Sector.POLICE)


@dataclass(frozen=True, slots=True)
class Sides:
    """Every field that anybody speaks of, and whose words stand in each column."""

    lines: tuple[Line, ...]
    police: tuple[str, ...]
    authority: tuple[str, ...]


def lay_out(
    values: Mapping[str, Reconciled],
    statements: Mapping[int, Statement],
    actor: Actor,
    to_ask: frozenset[int] = frozenset(),
) -> Sides:
    """Lay out reconciled values for one reader, in the order of the field table.

    `to_ask` are the reports of which the reader may ask to be shown what is not shown here.
    """
    lines = tuple(
        _line(BY_NAME[name], values[name], statements, actor, to_ask)
        for name in BY_NAME
        if name in values
    )
    said = [word for line in lines for word in line.said]
    names = [(word.sector is Sector.POLICE, word.organisation) for word in said]
    return Sides(
        lines,
        tuple(dict.fromkeys(name for is_police, name in names if is_police)),
        tuple(dict.fromkeys(name for is_police, name in names if not is_police)),
    )


def _line(
    field: Field,
    found: Reconciled,
    statements: Mapping[int, Statement],
    actor: Actor,
    to_ask: frozenset[int],
) -> Line:
    said = tuple(
        Said(
            origin.organisation,
            statements[origin.report_id].sector,
            origin.value if _may_read(field, origin.organisation, actor) else None,
            origin.since,
            origin.report_id,
            origin.report_id in to_ask,
        )
        for origin in found.origins
    )
    if any(word.value is None for word in said):
        return Line(field, said, Standing.HIDDEN, None, ())
    standing = _standing(field, found, statements)
    return Line(field, said, standing, found.value, _origin(field, found, said))


def _may_read(field: Field, organisation: str, actor: Actor) -> bool:
    if field.apart:
        return False
    return not field.protected or may_read_protected(actor, organisation)


def _standing(field: Field, found: Reconciled, statements: Mapping[int, Statement]) -> Standing:
    if found.disputed:
        return Standing.DISPUTED
    if len(found.origins) == 1:
        return Standing.ALONE
    pairs = combinations((statements[origin.report_id] for origin in found.origins), 2)
    differs = any(agree(field.name, one, other) is False for one, other in pairs)
    return Standing.DIFFERS if differs and not field.many else Standing.AGREES


def _origin(field: Field, found: Reconciled, said: tuple[Said, ...]) -> tuple[str, ...]:
    if found.disputed:
        return ()
    if field.many:
        return tuple(word.organisation for word in said)
    believed = [word for word in said if word.sector is field.believed]
    same = [word for word in believed or said if word.value == found.value]
    return tuple(word.organisation for word in same or believed or said)
