"""Seals: restrictions that people put on a child's reports, and from whom they hide them.

A seal holds for reports, not for a child, for which reports are one child's may change: whoever
may not see one of them sees nothing of the child that it belongs to. Seals are facts. One is lifted
by a person alone: that its time is over makes it due for a decision, and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, false, or_, select
from sqlalchemy.orm import aliased

from register.access.notices import Matter, tell
from register.access.policy import Permission, is_allowed, needs
from register.access.seal_models import Seal, SealChange, SealedReport, SealReader
from register.audit.service import record
from register.errors import Conflict, Invalid, NotFound
from register.rows import ASKED, ask
from register.terms import Role, Sealed, SealReason
from register.work import Actor, Work

ANY_SEAL = select(exists().where(Seal.id > 0)).scalar_subquery()
_IS_ANY = select(ANY_SEAL)
REVIEWED_EVERY = timedelta(days=90)
"""A seal that nobody looks at outlives its reason: it is due for review on a rolling basis."""
RELEASED, REVIEWED = "released", "reviewed"
_ROOM = "seals"


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


def _is_released(report: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    # Of the whole seal, or of one report that was sealed because it looked like the child.
    whole = SealChange.report_id.is_(None)
    which = whole if report is None else or_(whole, SealChange.report_id == report)
    return exists().where(SealChange.seal_id == Seal.id, SealChange.kind == RELEASED, which)


def sealed_reports() -> Select[int]:
    """Ask for all reports that a seal holds now."""
    return _held(aliased(SealedReport))


def sealed_from(actor: Actor) -> Select[int] | None:
    """Ask for the reports that seals hide from the actor; None where nothing is hidden.

    What only looks like the sealed child stays open to the officers of whoever sent it: else one
    organisation's seal could take another's child from everybody who looks after it.
    """
    if actor.role is Role.OPERATOR:
        return None
    if not (is_allowed(actor, Permission.SEAL_OPEN) and actor.organisation):
        return sealed_reports()
    held, mate = aliased(SealedReport), aliased(SealedReport)
    reads = (SealReader.seal_id == held.seal_id) & (SealReader.organisation == actor.organisation)
    same = (mate.seal_id == held.seal_id) & (mate.beside == held.beside)
    sent = same & (mate.organisation == actor.organisation)
    own = (held.how == Sealed.BORN.value) & exists().where(sent)
    return _held(held).where(~exists().where(reads), ~own)


def _held(held: type[SealedReport]) -> Select[int]:
    return (
        select(held.report_id)
        .join(Seal, Seal.id == held.seal_id)
        .where(~_is_released(held.report_id.expression))
    )


def is_any(work: Work) -> bool:
    """Tell whether there is any seal at all, so that what looks for them may be left out."""
    if _ROOM not in work.known:
        note_any(work, found=bool(work.session.connection().scalar(_IS_ANY)))
    return bool(work.known[_ROOM])


def note_any(work: Work, *, found: bool) -> None:
    """Note whether there is any seal, so that it need not be asked."""
    work.known[_ROOM] = found


_HELD = (
    select(SealedReport.report_id, SealedReport.seal_id)
    .join_from(ASKED, SealedReport, SealedReport.report_id == ASKED.c.value)
    .join(Seal, Seal.id == SealedReport.seal_id)
    .where(~_is_released(SealedReport.report_id.expression))
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
    .where(~_is_released(SealedReport.report_id.expression))
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


@needs(Permission.SEAL_PLACE)
def place_seal(work: Work, placed: Placed, organisation: str, act: int | None = None) -> int:
    """Keep a seal, still without reports; `act` is the judgement that no matcher may undo."""
    today = work.now.date()
    problems = {
        "words": "" if placed.words.strip() else "say why, in your own words",
        "expires_on": "must lie in the future"
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
    work.known.pop(_ROOM, None)
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
    found = select(Seal).where(~_is_released(), _may_open(work.actor))
    seals = [_standing(work, each) for each in work.session.scalars(found)]
    record(work, "list:viewed", "seals", seals=[each.id for each in seals])
    return sorted(seals, key=lambda each: (each.review_due_at, each.id))


@needs(Permission.SEAL_OPEN)
def get_seal(work: Work, seal_id: int) -> StandingSeal:
    """Give one seal that stands and that the reader may open; raise NotFound."""
    found = select(Seal).where(Seal.id == seal_id, ~_is_released(), _may_open(work.actor))
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


def acts_under_seal(work: Work) -> set[int]:
    """Give the judgements that part what an adoption parted: no evidence asks of them again."""
    found = select(Seal.act).where(Seal.act.is_not(None), ~_is_released())
    return {act for act in work.session.scalars(found) if act is not None}


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
