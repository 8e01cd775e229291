"""Seals: restrictions that people put on a child's reports; what they hide is in `hiding`.

A seal holds for reports, not for a child, for which reports are one child's may change: whoever
may not see one of them sees nothing of the child that it belongs to. Seals are facts. One is lifted
by a person alone: that its time is over makes it due for a decision, and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, false, select

from register.access.hiding import SEALS, is_released
from register.access.notices import Matter, tell
from register.access.policy import Permission, needs
from register.access.seal_models import (
    RELEASED,
    REVIEWED,
    Seal,
    SealChange,
    SealedReport,
    SealReader,
)
from register.audit.service import record
from register.errors import Conflict, Invalid, NotFound
from register.terms import Role, Sealed, SealReason
from register.work import Actor, Work

REVIEWED_EVERY = timedelta(days=90)
"""A seal that nobody looks at outlives its reason: it is due for review on a rolling basis."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What is said when a seal is placed: why, who besides the owner may open it, until when."""

    reason: SealReason
    words: str
    readers: frozenset[str] = frozenset()
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class StandingSeal:
    """One seal as it stands: whose, why, what is due, and its reports, each with how it came."""

    id: int
    organisation: str
    reason: SealReason
    words: str
    readers: tuple[str, ...]
    placed_at: datetime
    expires_on: date | None
    review_due_at: datetime
    reports: Mapping[int, Sealed]


@needs(Permission.SEAL_PLACE)
def place_seal(work: Work, placed: Placed, organisation: str, act: int | None = None) -> int:
    """Keep a seal, still without reports; `act` is the judgement that no matcher may undo."""
    today = work.now.date()
    problems = {
        "words": "" if placed.words.strip() else "Say why, in your own words",
        "expires_on": "The day must lie in the future, with a year of four digits"
        if placed.expires_on and placed.expires_on <= today
        else "",
    }
    if found := {name: why for name, why in problems.items() if why}:
        raise Invalid(found)
    seal = Seal(
        organisation=organisation,
        reason=placed.reason.value,
        words=placed.words.strip(),
        expires_on=placed.expires_on,
        act=act,
        actor=work.actor.name,
        at=work.now,
    )
    work.session.add(seal)
    work.session.flush()
    SEALS.note(work, found=True)
    for code in sorted(placed.readers | {organisation}):
        work.session.add(SealReader(seal_id=seal.id, organisation=code))
    record(work, "child:sealed", f"seal {seal.id}", reason=seal.reason, organisation=organisation)
    return seal.id


@dataclass(frozen=True, slots=True)
class Member:
    """A report that is to come under a seal: who sent it, and the child that it belongs to."""

    report: int
    organisation: str
    child: int


def hold(work: Work, seal_id: int, members: Iterable[Member], how: Sealed) -> None:
    """Put more reports under a seal; the officers of whoever sent them are told that it is so."""
    held = set(
        work.session.scalars(select(SealedReport.report_id).where(SealedReport.seal_id == seal_id))
    )
    new = [each for each in members if each.report not in held]
    for each in new:
        work.session.add(
            SealedReport(
                seal_id=seal_id,
                report_id=each.report,
                how=how.value,
                organisation=each.organisation,
                beside=each.child,
                at=work.now,
            )
        )
    if new:
        work.session.flush()
        tell(work, {each.organisation for each in new}, Matter.SEAL, f"seal {seal_id}")
        numbers = sorted(each.report for each in new)
        record(work, "seal:grown", f"seal {seal_id}", reports=numbers, how=how.value)


@needs(Permission.SEAL_OPEN)
def find_seals(work: Work) -> list[StandingSeal]:
    """Give the seals that the reader may open, the first due for review first."""
    found = select(Seal).where(~is_released(), _may_open(work.actor))
    seals = [_standing(work, each) for each in work.session.scalars(found)]
    record(work, "list:viewed", "seals", seals=[each.id for each in seals])
    return sorted(seals, key=lambda each: (each.review_due_at, each.id))


@needs(Permission.SEAL_OPEN)
def get_seal(work: Work, seal_id: int) -> StandingSeal:
    """Give one seal that stands and that the reader may open; raise NotFound."""
    found = select(Seal).where(Seal.id == seal_id, ~is_released(), _may_open(work.actor))
    seal = work.session.scalar(found)
    if seal is None:
        raise NotFound("There is no such seal, or none that you may open.")
    return _standing(work, seal)


@needs(Permission.SEAL_PLACE)
def note_change(
    work: Work, seal_id: int, kind: str, words: str, report: int | None = None
) -> StandingSeal:
    """Note that a seal was reviewed, or that it is lifted, whole or from one report.

    Gives it as it stood. Raises NotFound, and Conflict where no reason is given, or a report of
    the child itself would be let out of the seal that names it.
    """
    seal = get_seal(work, seal_id)
    if work.actor.role is not Role.OPERATOR and seal.organisation != work.actor.organisation:
        raise NotFound("There is no such seal, or none that you may open.")
    if not words.strip():
        raise Conflict("Say why: what is done to a seal needs a reason.")
    if report is not None and seal.reports.get(report) is not Sealed.BORN:
        raise Conflict("That report is the child's own: it leaves the seal with the child alone.")
    if kind not in {RELEASED, REVIEWED}:
        raise Conflict("A seal is reviewed, or it is released.")
    work.session.add(
        SealChange(
            seal_id=seal_id,
            report_id=report,
            kind=kind,
            words=words.strip(),
            actor=work.actor.name,
            at=work.now,
        )
    )
    work.session.flush()
    did = "child:unsealed" if kind == RELEASED else "seal:reviewed"
    record(work, did, f"seal {seal_id}", report=report)
    return seal


def _may_open(actor: Actor) -> ColumnElement[bool]:
    if actor.role is Role.OPERATOR:
        return Seal.id > 0
    if not actor.organisation:
        return false()
    mine = (SealReader.seal_id == Seal.id) & (SealReader.organisation == actor.organisation)
    return exists().where(mine)


def _standing(work: Work, seal: Seal) -> StandingSeal:
    changes = list(
        work.session.scalars(
            select(SealChange).where(SealChange.seal_id == seal.id).order_by(SealChange.id)
        )
    )
    let_out = {each.report_id for each in changes if each.kind == RELEASED}
    looked_at = max([seal.at, *(each.at for each in changes if each.kind == REVIEWED)])
    held = work.session.scalars(select(SealedReport).where(SealedReport.seal_id == seal.id))
    readers = work.session.scalars(
        select(SealReader.organisation).where(SealReader.seal_id == seal.id)
    )
    return StandingSeal(
        id=seal.id,
        organisation=seal.organisation,
        reason=SealReason(seal.reason),
        words=seal.words,
        readers=tuple(sorted(readers)),
        placed_at=seal.at,
        expires_on=seal.expires_on,
        review_due_at=looked_at + REVIEWED_EVERY,
        reports={
            each.report_id: Sealed(each.how) for each in held if each.report_id not in let_out
        },
    )
