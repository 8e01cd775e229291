"""Whose a case is: a force offers it to another, which accepts or declines; both see it meanwhile.

An offer names a going missing by a report, so that it follows that report to whichever child.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from register.records.models import Handover
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.rows import among
from register.terms import Sector
from register.work import Whether, Work, was_known

OFFERED, ACCEPTED, DECLINED, TAKEN_BACK = "offered", "accepted", "declined", "taken_back"
HANDOVERS = Whether(Handover.id)
"""Whether any case was ever offered, so that what looks for them may be left out."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a handover: when, who, and why."""

    said: str
    at: datetime
    actor: str
    words: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A case offered by one force to another, and how that was answered; None: not yet."""

    id: int
    report: int
    giver: str
    taker: str
    offered: Said
    answer: Said | None

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it."""
        return self.answer is None

    @property
    def is_accepted(self) -> bool:
        """Whether the case is the taker's."""
        return self.answer is not None and self.answer.said == ACCEPTED


def offers_of(work: Work, reports: Collection[int]) -> list[Offer]:
    """Give what was offered of the goings missing that these reports tell of, the first first."""
    return offers_where(work, among(Handover.report_id, sorted(reports)))


def offers_where(work: Work, which: ColumnElement[bool]) -> list[Offer]:
    """Give the offers of which this condition holds, as they were known to this work."""
    rows = work.session.scalars(
        select(Handover).where(which, was_known(work, Handover.at)).order_by(Handover.id)
    ).all()
    answers = {row.offer_id: _said(row) for row in rows if row.offer_id is not None}
    return [
        Offer(row.id, row.report_id, row.giver, row.taker, _said(row), answers.get(row.id))
        for row in rows
        if row.offer_id is None
    ]


def takers_of(work: Work, reports: Collection[int]) -> set[str]:
    """Give the forces that see these reports' child because its case was offered to them."""
    offers = offers_of(work, reports)
    return {current_code(each.taker) for each in offers if each.waits or each.is_accepted}


def owners_of(episode: Episode, offers: Iterable[Offer]) -> tuple[str, ...]:
    """Give whose case it is: who accepted it last, else the forces that have it open."""
    accepted = [each.taker for each in _of(episode, offers) if each.is_accepted]
    if accepted:
        return (accepted[-1],)
    has = (spell.organisation for spell in episode.of(Sector.POLICE) if spell.is_open)
    return tuple(dict.fromkeys(has))


def waiting(episode: Episode, offers: Iterable[Offer]) -> Offer | None:
    """Give the offer of this case that nobody has answered."""
    return next((each for each in _of(episode, offers) if each.waits), None)


def offers_about(episode: Episode, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Give those of the offers that are of this case."""
    return tuple(_of(episode, offers))


def _of(episode: Episode, offers: Iterable[Offer]) -> Sequence[Offer]:
    own = {each.report_id for each in episode.statements()}
    return [each for each in offers if each.report in own]


def _said(row: Handover) -> Said:
    return Said(row.said, row.at, row.actor, row.words)
