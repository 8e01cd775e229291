"""A child beside another one, to be joined with it; a child's own reports, to be parted."""

from collections.abc import Iterable
from dataclasses import dataclass

from register.access.openings import spend
from register.access.policy import Permission, needs
from register.audit.service import child_reference, record
from register.inspection.children import find_child
from register.inspection.comparing import IDENTITY, Compared, compare_fields
from register.inspection.judged import Act, acts_between
from register.inspection.persons import Person, person_of
from register.linkage.seen import seen_of
from register.linkage.subjects import memberships, reports_of_children
from register.numbers import child_number
from register.records.reconcile import reconcile
from register.records.service import read_children
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.work import Work


@dataclass(frozen=True, slots=True)
class Beside:
    """Two children side by side; `seen` is what is shown of them, for whoever decides."""

    children: tuple[int, int]
    numbers: tuple[str, str]
    persons: tuple[Person, Person]
    counts: tuple[int, int]
    fields: tuple[Compared, ...]
    earlier: tuple[Act, ...]
    """What counts of people's judgements on a report of the one and a report of the other."""
    seen: str

    @property
    def is_one(self) -> bool:
        """Tell whether both numbers are of one child already."""
        return self.children[0] == self.children[1]


@dataclass(frozen=True, slots=True)
class Told:
    """One report, and in a few words of whom it tells."""

    statement: Statement
    person: Person


@dataclass(frozen=True, slots=True)
class Apart:
    """One child's reports, of which some may be another child's."""

    child: int
    number: str
    person: Person
    reports: tuple[Told, ...]
    seen: str


@needs(Permission.LINK_DECIDE)
def beside(work: Work, number: str, other: str) -> Beside:
    """Lay two children side by side by what tells who they are; raise NotFound."""
    children = (find_child(work, number), find_child(work, other))
    spend(work, set(children), "page")
    sides = tuple(_statements(work, each) for each in children)
    reports = [[each.report_id for each in side] for side in sides]
    persons = tuple(_person(work, each) for each in children)
    numbers = tuple(map(child_number, children))
    for child in children:
        record(work, "child:viewed", child_reference(child))
    return Beside(
        children,
        (numbers[0], numbers[1]),
        (persons[0], persons[1]),
        (len(sides[0]), len(sides[1])),
        compare_fields(_telling(sides[0]), _telling(sides[1]), None, IDENTITY),
        acts_between(work, *reports) if children[0] != children[1] else (),
        seen_of(work, children),
    )


@needs(Permission.LINK_DECIDE)
def apart(work: Work, number: str) -> Apart:
    """Give a child's reports, each by what it tells of who the child is; raise NotFound."""
    child = find_child(work, number)
    spend(work, [child], "page")
    record(work, "child:viewed", child_reference(child))
    return Apart(
        child,
        child_number(child),
        _person(work, child),
        tuple(
            Told(each, person_of(reconcile([each]), work.moment))
            for each in _statements(work, child)
        ),
        seen_of(work, [child]),
    )


def numbers_of(work: Work, reports: Iterable[int]) -> list[str]:
    """Give the register numbers of the children whose reports these are now, the lowest first."""
    owners = memberships(work, reports).values()
    return [child_number(child) for child in sorted({child for _, child in owners})]


def _telling(statements: list[Statement]) -> list[Statement]:
    return [each for each in statements if not each.withdrawn] or statements


def _statements(work: Work, child: int) -> list[Statement]:
    found = find_statements(work, reports_of_children(work, [child])[child])
    return [found[each] for each in sorted(found)]


def _person(work: Work, child: int) -> Person:
    return person_of(read_children(work, [child])[child].record, work.moment)
