"""What seals hide, from whom: asked inside every query that gives a child."""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from register.access.policy import Permission, is_allowed
from register.access.seal_models import RELEASED, Seal, SealChange, SealedReport, SealReader
from register.rows import ASKED, ask
from register.terms import Role, Sealed
from register.work import Actor, Whether, Work

SEALS = Whether(Seal.id)
"""Whether there is any seal at all, so that what looks for them may be left out."""


def is_released(report: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Give the condition that a seal is lifted: whole, or from one report that looked alike."""
    whole = SealChange.report_id.is_(None)
    which = whole if report is None else or_(whole, SealChange.report_id == report)
    return exists().where(SealChange.seal_id == Seal.id, SealChange.kind == RELEASED, which)


def sealed_reports() -> Select[int]:
    """Ask for all reports that a seal holds now."""
    return _ALL_HELD


def sealed_from(actor: Actor) -> Select[int] | None:
    """Ask for the reports that seals hide from the actor; None where nothing is hidden.

    What only looks like the sealed child stays open to the officers of whoever sent it: else one
    organisation's seal could take another's child from everybody who looks after it.
    """
    if actor.role is Role.OPERATOR:
        return None
    if not (is_allowed(actor, Permission.SEAL_OPEN) and actor.organisation):
        return sealed_reports()
    return _held_from(actor.organisation)


@lru_cache(512)
def _held_from(organisation: str) -> Select[int]:
    reads = (SealReader.seal_id == _SEALED.seal_id) & (SealReader.organisation == organisation)
    sent = _BESIDE & (_MATE.organisation == organisation)
    own = (_SEALED.how == Sealed.BORN.value) & exists().where(sent)
    return _ALL_HELD.where(~exists().where(reads), ~own)


# Made once: every list asks with them, and to make one takes longer than most questions.
_SEALED, _MATE = aliased(SealedReport), aliased(SealedReport)
_BESIDE = (_MATE.seal_id == _SEALED.seal_id) & (_MATE.beside == _SEALED.beside)
_ALL_HELD = (
    select(_SEALED.report_id)
    .join(Seal, Seal.id == _SEALED.seal_id)
    .where(~is_released(_SEALED.report_id.expression))
)
_HELD = (
    select(SealedReport.report_id, SealedReport.seal_id)
    .join_from(ASKED, SealedReport, SealedReport.report_id == ASKED.c.value)
    .join(Seal, Seal.id == SealedReport.seal_id)
    .where(~is_released(SealedReport.report_id.expression))
)


def seals_on(work: Work, reports: Iterable[int]) -> dict[int, set[int]]:
    """Give the seals that hold each of these reports; one that none holds is left out."""
    found: dict[int, set[int]] = {}
    for report, seal in ask(work.session, _HELD, set(reports)):
        found.setdefault(report, set()).add(seal)
    return found


_READERS = (
    select(SealedReport.report_id, SealReader.organisation)
    .join_from(ASKED, SealedReport, SealedReport.report_id == ASKED.c.value)
    .join(Seal, Seal.id == SealedReport.seal_id)
    .join(SealReader, SealReader.seal_id == Seal.id)
    .where(~is_released(SealedReport.report_id.expression))
    .where(SealedReport.how != Sealed.BORN.value)
)


def readers_of(work: Work, reports: Iterable[int]) -> set[str]:
    """Give the organisations whose officers may open a seal on any of these reports.

    What only looks like the sealed child is not opened by it: or whoever seals an invented child
    would come to see a real one.
    """
    return {organisation for _, organisation in ask(work.session, _READERS, set(reports))}


def owners_of(work: Work, reports: Iterable[int]) -> set[str]:
    """Give the organisations that own a seal on any of these reports: whom to call."""
    numbers = {seal for held in seals_on(work, reports).values() for seal in held}
    owners = select(Seal.organisation).where(Seal.id.in_(sorted(numbers)))
    return set(work.session.scalars(owners))


def acts_under_seal(work: Work) -> set[int]:
    """Give the judgements that part what an adoption parted: no evidence asks of them again."""
    found = select(Seal.act).where(Seal.act.is_not(None), ~is_released())
    return {act for act in work.session.scalars(found) if act is not None}
