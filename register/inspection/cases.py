"""Goings missing that are open, as the desks of both sides show them: whose, and by when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from register.access.models import Reach
from register.inspection.gradings import Grading, gradings_of
from register.inspection.heard import heard_among
from register.inspection.mismatches import MismatchRow, open_mismatches
from register.inspection.missing import RANK, Account, accounts
from register.inspection.paging import Page, find_page
from register.inspection.persons import Person, person_of
from register.mismatches.ruleset import ruleset
from register.numbers import child_number, episode_number
from register.records.handovers import HANDOVERS, Offer, offers_of, owners_of, waiting
from register.records.models import EpisodeRow
from register.records.service import Folded, read_children
from register.records.sight import is_in_sight
from register.records.spells import Episode
from register.reports.contacts import Contact, contact_of
from register.reports.organisations import current_code, force_for
from register.reports.statement import Statement
from register.reports.values import Moment
from register.rows import among_found
from register.terms import Sector
from register.work import Work, stands

KNOWN_RULES = frozenset({"A1", "A6", "A7", "ASK"})
"""Rules by which an authority is told of a going missing that it has not reported."""

CASES = 10
"""Cases on a page: each is as long as several rows of another list."""


@dataclass(frozen=True, slots=True)
class DutyClock:
    """A duty of police and until when; `done_at` is when it was done."""

    what: str
    due_at: datetime
    done_at: Moment | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One open going missing.

    `heard_at` is when the register first heard of it. `owners` are the forces whose case it is,
    `offer` the one to another force that nobody has answered.
    `known` is the mismatch that tells one's own organisation of it, where it has not reported it;
    `own` its own report, where it has.
    """

    episode: int
    number: str
    person: Person
    risk: str
    police: tuple[Account, ...]
    authority: tuple[Account, ...]
    heard_at: datetime
    references: tuple[tuple[str, str], ...]
    owners: tuple[str, ...]
    offer: Offer | None
    next_review: Moment | None
    is_review_past: bool
    clocks: tuple[DutyClock, ...]
    contacts: tuple[Contact, ...]
    gradings: tuple[Grading, ...]
    responsible: str
    host: str
    mismatches: tuple[MismatchRow, ...]
    known: MismatchRow | None
    own: Statement | None
    was_adult: bool
    is_heard: bool
    """Whether somebody of one's own has said that they know of it."""

    @property
    def episode_number(self) -> str:
        """The register number of the going missing."""
        return episode_number(self.episode)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of the children of a page, asked for at once."""

    mismatches: Mapping[int, list[MismatchRow]]
    gradings: Mapping[int, Sequence[Grading]]
    heard: Collection[int]
    offers: Sequence[Offer]


def find_cases(work: Work, why: Collection[str], page: int) -> Page[EpisodeRow]:
    """Find the goings missing that one's own organisation reaches for one of these reasons.

    Highest risk first, then longest; those who were adults when it began stand last.
    """
    order = (EpisodeRow.was_adult, RANK, EpisodeRow.started_at, EpisodeRow.number)
    return find_page(work, EpisodeRow, _ours(work, why), order, page, CASES)


def _ours(work: Work, why: Collection[str]) -> ColumnElement[bool]:
    own = Reach.organisation == current_code(work.actor.organisation)
    # Asked from the reach, of which one organisation has few: there are many goings missing.
    reached = select(Reach.child).where(own, Reach.why.in_(sorted(why)), stands(work, Reach))
    ours = among_found(EpisodeRow.child, reached) & is_in_sight(work, EpisodeRow.child)
    missing = or_(EpisodeRow.missing_to_police, EpisodeRow.missing_to_authority)
    return stands(work, EpisodeRow) & EpisodeRow.is_open & missing & ours


def read_cases(work: Work, rows: Sequence[EpisodeRow]) -> list[Case]:
    """Give the open goings missing that were found, as a desk shows them."""
    numbers = {row.child for row in rows}
    folded = read_children(work, numbers)
    found = open_mismatches(work, numbers)
    reports = {r for row in rows for spell in row.spells for r in spell}
    gradings = gradings_of(work, reports)
    told_us = {m.mismatch for several in found.values() for m in several if _tells_us(work, m)}
    heard = heard_among(work, told_us)
    offers = offers_of(work, reports) if HANDOVERS.is_any(work) else []
    told = _Told(found, gradings, heard, offers)
    return [_case(work, row, folded[row.child], told) for row in rows]


def _case(work: Work, row: EpisodeRow, folded: Folded, told: _Told) -> Case:
    episode = next(each for each in folded.episodes if each.number == row.number)
    statements = list(episode.statements())
    police = episode.of(Sector.POLICE)
    own = current_code(work.actor.organisation)
    ours = [each for each in statements if current_code(each.organisation) == own]
    concerned = [
        each for each in told.mismatches.get(row.child, ()) if each.episode in {None, row.number}
    ]
    known = next((m for m in concerned if _tells_us(work, m)), None)
    review = next((m for s in reversed(police) if (m := s.last.moment("next_review_at"))), None)
    return Case(
        episode=row.number,
        number=child_number(row.child),
        person=person_of(folded.record, work.moment),
        risk=row.risk_level,
        police=accounts(episode, Sector.POLICE),
        authority=accounts(episode, Sector.AUTHORITY),
        heard_at=min(each.received_at for each in statements),
        references=tuple((spell.organisation, spell.last.reference) for spell in police),
        owners=owners_of(episode, told.offers),
        offer=waiting(episode, told.offers),
        next_review=review,
        is_review_past=review is not None and review.latest <= work.moment,
        clocks=_clocks(episode, work.moment),
        contacts=tuple(map(contact_of, _others(work, folded, episode))),
        gradings=tuple(sorted(_of(statements, told.gradings), key=lambda each: each.at)),
        responsible=folded.care.responsible,
        host=folded.care.host,
        mismatches=tuple(concerned),
        known=None if ours else known,
        own=ours[-1] if ours else None,
        was_adult=row.was_adult,
        is_heard=known is not None and known.mismatch in told.heard,
    )


def _tells_us(work: Work, mismatch: MismatchRow) -> bool:
    """Tell whether it is one's own to answer for a going missing that one has not reported."""
    own = current_code(work.actor.organisation)
    return mismatch.rule.code in KNOWN_RULES and mismatch.owner == own


def _of(
    statements: Sequence[Statement], gradings: Mapping[int, Sequence[Grading]]
) -> list[Grading]:
    return [g for each in statements for g in gradings.get(each.report_id, ())]


def _clocks(episode: Episode, now: datetime) -> tuple[DutyClock, ...]:
    police = episode.of(Sector.POLICE)
    if not police:
        return ()
    start = min(spell.start.clock_start for spell in police)
    ends = [spell.end for spell in police]
    over = max((end.latest for end in ends if end), default=None) if all(ends) else None
    limits = ruleset().thresholds
    duties = (
        ("entry on the Police National Computer", "pnc_circulated_at", limits.circulation_hours),
        ("notice to the UK Missing Persons Unit", "ukmpu_notified_at", limits.unit_hours),
    )
    clocks = []
    for what, field, hours in duties:
        done = next((m for spell in police if (m := spell.last.moment(field))), None)
        due = start + timedelta(hours=hours)
        if done is None and over is not None and over <= due:
            continue  # the child was back before it fell due
        clocks.append(DutyClock(what, due, done, is_past=done is None and due <= now))
    return tuple(clocks)


def _others(work: Work, folded: Folded, episode: Episode) -> tuple[str, ...]:
    """Give the organisations of the other side that one would ring about this child."""
    own = current_code(work.actor.organisation)
    care = folded.care
    if force_for(own):
        police = [spell.organisation for spell in episode.of(Sector.POLICE)]
        codes = police or [force_for(care.host or own) or ""]
    else:
        codes = [care.responsible or care.home, care.host]
    return tuple(dict.fromkeys(code for code in map(current_code, codes) if code and code != own))
