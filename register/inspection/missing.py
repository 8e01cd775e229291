"""Who is missing now: every child whose whereabouts either source says it does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.inspection.mismatches import MismatchRow, open_mismatches
from register.inspection.paging import PAGE, Page, clamp
from register.inspection.persons import Person, person_of
from register.numbers import child_number
from register.records.models import Child, EpisodeRow
from register.records.service import Folded, read_children
from register.records.sight import openable_of_sight, within_sight
from register.records.spells import Episode, Spell
from register.reports.values import Moment
from register.rows import among
from register.terms import RiskLevel, Sector
from register.work import Work, stands

RISKS = (RiskLevel.HIGH, RiskLevel.MEDIUM, "", RiskLevel.LOW, RiskLevel.NO_APPARENT_RISK)
"""Gravest first; where nobody graded, the risk is not taken to be low."""
RANK = case({risk: rank for rank, risk in enumerate(RISKS)}, value=EpisodeRow.risk_level)


@dataclass(frozen=True, slots=True)
class Account:
    """What one organisation says: missing, whereabouts known, or over, and since when."""

    organisation: str
    since: Moment
    until: Moment | None
    is_open: bool
    is_missing: bool


@dataclass(frozen=True, slots=True)
class MissingChild:
    """One line of the list."""

    number: str
    person: Person
    police: tuple[Account, ...]
    authority: tuple[Account, ...]
    risk: str
    responsible: str
    mismatches: tuple[MismatchRow, ...]
    was_adult: bool
    """18 or over when it began: kept and marked, not counted among children (domain 7.1, 12)."""
    may_open: bool
    """Whether the reader may open the child's page, and those of its mismatches."""


@dataclass(frozen=True, slots=True)
class MissingNow:
    """The list, with how many are missing according to whom."""

    page: Page[MissingChild]
    both: int
    police_only: int
    authority_only: int
    located: int
    """Open, but whereabouts known to every source that has it open."""
    adults: int
    """Missing now, but 18 or over when it began: they stand last and are counted apart."""

    @property
    def missing(self) -> int:
        """Missing now to either source."""
        return self.both + self.police_only + self.authority_only


@needs(Permission.CHILD_READ)
def missing_now(work: Work, page: int = 1, *, located: bool = False) -> MissingNow:
    """Give who is missing now within the reader's sight: highest risk first, then longest.

    Those who were 18 or over when it began stand last and are counted apart.

    With `located`, those who are open but whose whereabouts are known: away, or not yet returned.
    """
    standing = stands(work, EpisodeRow) & EpisodeRow.is_open
    standing &= within_sight(work, EpisodeRow.child)
    number, ids, counts = _find(work, standing, page, located=located)
    found = select(EpisodeRow).where(among(EpisodeRow.id, ids))
    rows = sorted(work.session.scalars(found), key=lambda row: ids.index(row.id))
    record(work, "list:viewed", "missing now", children={row.child for row in rows})
    return MissingNow(
        page=Page(lines_of(work, rows), number, counts["wanted"]),
        both=counts["both"],
        police_only=counts["police"],
        authority_only=counts["authority"],
        located=counts["located"],
        adults=counts["adults"],
    )


def _find(
    work: Work, standing: ColumnElement[bool], page: int, *, located: bool
) -> tuple[int, list[int], Mapping[str, int]]:
    """Give the nearest page that there is, its rows by number, and how many there are of each kind.

    All who are out stand in one list, whoever is wanted first: to find them costs far more than to
    count them, so they are counted on the way.
    """
    police, authority = EpisodeRow.missing_to_police, EpisodeRow.missing_to_authority
    wanted = ~(police | authority) if located else police | authority
    child = ~EpisodeRow.was_adult
    kinds = {
        "wanted": wanted,
        "both": child & police & authority,
        "police": child & police & ~authority,
        "authority": child & ~police & authority,
        "located": child & ~(police | authority),
        "adults": EpisodeRow.was_adult & (police | authority),
    }
    counted = [func.count().filter(kind).over().label(name) for name, kind in kinds.items()]
    order = (EpisodeRow.was_adult, RANK, EpisodeRow.started_at, EpisodeRow.number)
    query = select(EpisodeRow.id, wanted.label("is_wanted"), *counted).where(standing)
    query = query.order_by(wanted.desc(), *order).limit(PAGE)
    page = min(max(page, 1), HIGHEST_ID)
    rows = work.session.execute(query.offset((page - 1) * PAGE)).mappings().all()
    counts: Mapping[str, int] = {name: rows[0][name] if rows else 0 for name in kinds}
    if not rows and page > 1:
        _, _, counts = _find(work, standing, 1, located=located)
    if (nearest := clamp(page, counts["wanted"])) != page:
        return _find(work, standing, nearest, located=located)
    return page, [row["id"] for row in rows if row["is_wanted"]], counts


def lines_of(work: Work, rows: Sequence[EpisodeRow]) -> list[MissingChild]:
    """Give a line of the list for each going missing, in their order."""
    numbers = {row.child for row in rows}
    folded = read_children(work, numbers)
    found = open_mismatches(work, numbers)
    query = select(Child.number, Child.responsible_authority).where(
        Child.number.in_(numbers), stands(work, Child)
    )
    responsible = dict(iter(work.session.execute(query)))
    opened = openable_of_sight(work, numbers)
    return [
        replace(line, may_open=row.child in opened)
        for row in rows
        for line in [_line(work.moment, row, folded[row.child], found, responsible)]
    ]


def _line(
    now: datetime,
    row: EpisodeRow,
    folded: Folded,
    found: Mapping[int, list[MismatchRow]],
    responsible: Mapping[int, str],
) -> MissingChild:
    episode = next(each for each in folded.episodes if each.number == row.number)
    concerned = [each for each in found.get(row.child, ()) if each.episode in {None, row.number}]
    return MissingChild(
        number=child_number(row.child),
        person=person_of(folded.record, now),
        police=accounts(episode, Sector.POLICE),
        authority=accounts(episode, Sector.AUTHORITY),
        risk=row.risk_level,
        responsible=responsible.get(row.child, ""),
        mismatches=tuple(concerned),
        was_adult=row.was_adult,
        may_open=False,
    )


def accounts(episode: Episode, sector: Sector) -> tuple[Account, ...]:
    """Give what each organisation of one side says of a going missing."""
    return tuple(_account(spell) for spell in episode.of(sector))


def _account(spell: Spell) -> Account:
    return Account(spell.organisation, spell.start, spell.end, spell.is_open, spell.is_missing)
