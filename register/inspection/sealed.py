"""Seals as their officers see them: what is due, what came under each, and what a form needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from register.access.policy import Permission, needs
from register.access.seals import StandingSeal, find_seals, get_seal
from register.audit.service import record
from register.inspection.children import find_child
from register.inspection.persons import Person, person_of
from register.linkage.seen import seen_of
from register.linkage.subjects import memberships
from register.numbers import child_number
from register.records.reconcile import reconcile
from register.records.service import read_children
from register.records.sight import ask_sight, openable, unhidden
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.terms import Sealed
from register.underneath.roles import see_all
from register.work import Work


@dataclass(frozen=True, slots=True)
class Held:
    """A report under a seal, of whom it tells, and the child it belongs to.

    Of a child that another seal hides, `person` is None and `number` blank; a page is linked to
    where it `may_open`.
    """

    statement: Statement
    person: Person | None
    child: int
    number: str
    how: Sealed
    may_open: bool


@dataclass(frozen=True, slots=True)
class SealPage:
    """A seal with its reports; `is_due` when its review or its end has come."""

    seal: StandingSeal
    held: tuple[Held, ...]
    is_due: bool
    is_own: bool
    """Whether the reader's organisation owns it, and so may review and release it."""

    @property
    def to_decide(self) -> tuple[Held, ...]:
        """What came under the seal by its looks: the child's, or another's to be let out."""
        return tuple(each for each in self.held if each.how is Sealed.BORN)


@dataclass(frozen=True, slots=True)
class ToSeal:
    """A child who is about to be sealed, as shown."""

    child: int
    number: str
    person: Person
    seen: str
    apart_from: int | None


@needs(Permission.SEAL_OPEN)
def seal_list(work: Work) -> tuple[SealPage, ...]:
    """Give the seals that the reader may open, those due first."""
    return tuple(_page(work, each) for each in find_seals(work))


@needs(Permission.SEAL_OPEN)
def seal_page(work: Work, number: int) -> SealPage:
    """Give one seal; raise NotFound."""
    page = _page(work, get_seal(work, number))
    shown = {each.child for each in page.held if each.person}
    record(work, "seal:opened", f"seal {number}", children=shown)
    return page


@needs(Permission.SEAL_PLACE)
def to_seal(work: Work, number: str, other: str = "") -> ToSeal:
    """Give a child who is to be sealed, and whom an adoption parts it from; raise NotFound."""
    child = find_child(work, number)
    apart_from = find_child(work, other) if other else None
    ask_sight(work, {child} if apart_from is None else {child, apart_from})
    record(work, "child:viewed", f"child {child_number(child)}")
    folded = read_children(work, [child])[child]
    shown = [child] if apart_from is None else [child, apart_from]
    person = person_of(folded.record, work.moment)
    return ToSeal(child, child_number(child), person, seen_of(work, shown), apart_from)


def _page(work: Work, seal: StandingSeal) -> SealPage:
    return SealPage(
        seal,
        tuple(_held(work, seal, sorted(seal.reports))),
        is_due=seal.review_due_at <= work.moment
        or (seal.expires_on is not None and seal.expires_on <= work.moment.date()),
        is_own=seal.organisation == work.actor.organisation,
    )


def _held(work: Work, seal: StandingSeal, reports: list[int]) -> Iterable[Held]:
    see_all(work.session)  # what looks like the child may be anybody's: the least is told
    owner = {report: child for report, (_, child) in memberships(work, reports).items()}
    shown, opened = (ask(work, set(owner.values())) for ask in (unhidden, openable))
    for report, statement in sorted(find_statements(work, reports).items()):
        child, how = owner[report], seal.reports[report]
        person = person_of(reconcile([statement]), work.moment) if child in shown else None
        number = child_number(child) if person else ""
        yield Held(statement, person, child, number, how, may_open=child in opened)
