"""One child's page: who it is, its goings missing, its reports and why they are one child's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sqlalchemy import select

from register.access.openings import spend
from register.access.policy import Permission, is_allowed, may_read_protected, needs
from register.audit.service import child_reference, record
from register.errors import NotFound
from register.inspection.askable import reports_to_ask
from register.inspection.comparing import IDENTITY
from register.inspection.judged import Act, acts_on, without_places
from register.inspection.mismatches import MismatchRow, mismatches_of
from register.inspection.persons import Person, person_of
from register.inspection.sides import Sides, lay_out
from register.inspection.timeline import Timeline, draw
from register.linkage.compare import compare
from register.linkage.enactments import model_for
from register.linkage.levels import Level
from register.linkage.match import judge
from register.linkage.models import Membership
from register.linkage.said import judged_pairs
from register.linkage.subjects import make_subjects, reports_of_children
from register.mismatches.gaps import find_gaps
from register.mismatches.rule import Rule
from register.mismatches.rules import RULES
from register.numbers import child_number, episode_number, read_number
from register.records.handovers import Offer, offers_about, offers_of, owners_of
from register.records.reconcile import reconcile_episode
from register.records.service import Folded, fold
from register.records.sight import is_whole, may_open, reports_in_sight
from register.records.spells import Episode, Spell
from register.reports.fields import BY_NAME, PROTECTED_FIELDS
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.work import Actor, Work, stands

NO_SUCH_CHILD = (
    "There is no child with this number, or none that you may see. "
    "Check the number: it looks like C-000001-V."
)
"""Said in the same words of a child that is not there and of one out of sight."""


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """One going missing, for one reader; `place` is its place among the child's, from 1."""

    place: int
    number: str
    episode: Episode
    sides: Sides
    mismatches: tuple[MismatchRow, ...]
    owners: tuple[str, ...]
    """The forces whose case it is."""
    offers: tuple[Offer, ...]

    @property
    def offer(self) -> Offer | None:
        """The offer of the case that nobody has answered."""
        return next((each for each in self.offers if each.waits), None)


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report; `notes` are the sentences on values that could not be used, by field."""

    statement: Statement
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Join:
    """Why two organisations' reports are held to be about one child."""

    one: Statement
    other: Statement
    is_judged: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotCompared:
    """What the register could not hold against each other: whose silence it is, and why."""

    rule: Rule
    organisation: str
    why: str
    episode: int


@dataclass(frozen=True, slots=True)
class ChildPage:
    """All that one reader may see of one child; if not `is_whole`, only who it is."""

    child: int
    number: str
    person: Person
    sides: Sides
    episodes: tuple[EpisodeView, ...]
    timeline: Timeline | None
    mismatches: tuple[MismatchRow, ...]
    reports: tuple[ReportView, ...]
    joins: tuple[Join, ...]
    gaps: tuple[NotCompared, ...]
    acts: tuple[Act, ...]
    """What people judged of its reports; told to those who may judge."""
    is_whole: bool


@needs(Permission.CHILD_READ)
def child_page(work: Work, number: str) -> ChildPage:
    """Give a child's page by register number; raise NotFound where there is none to be seen.

    So does the number of one of its missing episodes, and that of a child that was joined to it:
    each is the number of one of its reports. Whoever has no need of this child is told who it is
    and which reports are about it, and nothing else.
    """
    child = find_child(work, number)
    spend(work, [child], "page")
    statements = find_statements(work, reports_of_children(work, [child])[child])
    folded = fold(child, statements.values())
    whole = _is_whole(work, child)
    found = mismatches_of(work, child) if whole else []
    to_ask = reports_to_ask(work, folded) if whole else frozenset[int]()
    values = {
        name: value
        for name, value in folded.record.values.items()
        if whole or BY_NAME[name] in IDENTITY
    }
    record(work, "child:viewed", child_reference(child))
    return ChildPage(
        child=child,
        number=child_number(child),
        person=person_of(folded.record, work.moment),
        sides=lay_out(values, statements, work.actor, to_ask),
        episodes=_episodes(work, folded, statements, found, to_ask) if whole else (),
        timeline=draw(folded.episodes, work.moment) if whole else None,
        mismatches=tuple(found),
        reports=tuple(_report(each, work.actor) for _, each in sorted(statements.items())),
        joins=tuple(_joins(work, statements)),
        gaps=_not_compared(work, child) if whole else (),
        acts=acts_shown(work, statements),
        is_whole=whole,
    )


def _is_whole(work: Work, child: int) -> bool:
    own = Membership.child_id == child
    asked = select(Membership.id).where(own, is_whole(work, Membership.child_id)).limit(1)
    return work.session.scalar(asked) is not None


def _not_compared(work: Work, child: int) -> tuple[NotCompared, ...]:
    return tuple(
        NotCompared(RULES[gap.rule], gap.organisation, gap.why, gap.episode)
        for gap in find_gaps(work, child)
    )


def acts_shown(work: Work, statements: Mapping[int, Statement]) -> tuple[Act, ...]:
    """Give what people judged of these reports, to whoever may judge and sees both sides."""
    if not is_allowed(work.actor, Permission.LINK_DECIDE):
        return ()
    return tuple(without_places(work.actor, act) for act in acts_within(work, statements))


def acts_within(work: Work, statements: Mapping[int, Statement]) -> Iterator[Act]:
    """Give what people judged of these reports where the reader may open each one's child."""
    acts = acts_on(work, statements)
    shown = reports_in_sight(work, {report for act in acts for report in act.reports})
    return (act for act in acts if shown.issuperset(act.reports))


def find_child(work: Work, number: str) -> int:
    """Give the child of a register number; raise NotFound where there is none to be seen."""
    try:
        _, report = read_number(number)
    except ValueError as error:
        raise NotFound(str(error)) from error
    seen = select(Membership.child_id).where(
        Membership.report_id == report,
        stands(work, Membership),
        may_open(work, Membership.child_id),
    )
    child = work.session.scalar(seen)
    if child is None:
        raise NotFound(NO_SUCH_CHILD)
    return child


def _episodes(
    work: Work,
    folded: Folded,
    statements: Mapping[int, Statement],
    found: Sequence[MismatchRow],
    to_ask: frozenset[int],
) -> tuple[EpisodeView, ...]:
    offers = offers_of(work, statements)
    views = [
        EpisodeView(
            place,
            episode_number(episode.number),
            episode,
            lay_out(reconcile_episode(episode), statements, work.actor, to_ask),
            tuple(each for each in found if each.episode == episode.number),
            owners_of(episode, offers),
            offers_about(episode, offers),
        )
        for place, episode in enumerate(folded.episodes, start=1)
    ]
    return tuple(reversed(views))


def _report(statement: Statement, actor: Actor) -> ReportView:
    own = may_read_protected(actor, statement.organisation)
    notes = {
        field: why for field, why in statement.marks.items() if own or field not in PROTECTED_FIELDS
    }
    return ReportView(statement, notes)


def _joins(work: Work, statements: Mapping[int, Statement]) -> list[Join]:
    """Give, for each subject but the first, the pair that ties it best to those before it."""
    subjects = sorted(make_subjects(work, statements).items())
    judged = {frozenset(pair) for pair in judged_pairs(work, statements)[0]}
    owner = {report: number for number, subject in subjects for report in subject.reports}
    tied = {frozenset(owner[report] for report in pair) for pair in judged}
    model = model_for(work)
    best: dict[int, tuple[tuple[bool, float], Join]] = {}
    for (one, first), (other, second) in combinations(subjects, 2):
        compared = compare(first, second)
        if not is_allowed(work.actor, Permission.PLACE_COMPARE):
            # Whether postcodes agree would tell where the other side knows the child.
            compared = replace(compared, postcode=Level.UNKNOWN)
        found = judge(compared, model)
        by_person = frozenset({one, other}) in tied
        join = Join(statements[one], statements[other], by_person, found.reasons)
        if other not in best or best[other][0] < (by_person, found.bits):
            best[other] = ((by_person, found.bits), join)
    return [join for _, (_, join) in sorted(best.items())]


def state_of(spell: Spell) -> str:
    """Say how a spell stands, in the words of the trade."""
    if spell.is_missing:
        return "missing"
    if not spell.is_open:
        return "closed"
    return "located, not returned" if spell.last.text("status") == "located" else "away"
