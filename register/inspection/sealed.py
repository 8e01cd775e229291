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
from register.reports.service import find_statements
from register.reports.statement import Statement
from register.terms import Sealed
from register.work import Work


@dataclass(frozen=True, slots=True)
class Held:
    """A report under a seal, of whom it tells, and the child it belongs to."""

    statement: Statement
    person: Person
    number: str
    how: Sealed


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
    record(work, "seal:opened", f"seal {number}", reports=sorted(page.seal.reports))
    return page


@needs(Permission.SEAL_PLACE)
def to_seal(work: Work, number: str, other: str = "") -> ToSeal:
    """Give a child who is to be sealed, and whom an adoption parts it from; raise NotFound."""
    child = find_child(work, number)
    apart_from = find_child(work, other) if other else None
    record(work, "child:viewed", f"child {child_number(child)}")
    folded = read_children(work, [child])[0]
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
    owner = memberships(work, reports)
    for report, statement in sorted(find_statements(work, reports).items()):
        person = person_of(reconcile([statement]), work.moment)
        yield Held(statement, person, child_number(owner[report][1]), seal.reports[report])
