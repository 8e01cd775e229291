"""Which reports come under a seal: a near copy of a sealed child must not stand beside it unsealed.

So a stalled national database taught (safety: ContactPoint, 2009). What is asked here is more than
whether two reports are one child's: whether one could lead to the other. A report that may be the
child's, or a twin's in the same home, is born sealed, and an officer lets it out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Select, select

from register.access.hiding import SEALS, sealed_reports, seals_on
from register.access.seals import Member, hold
from register.db import stood
from register.linkage.candidates import judge_pair
from register.linkage.compare import Comparison
from register.linkage.guards import Decision
from register.linkage.identity import Subject, blocking_keys
from register.linkage.levels import Level
from register.linkage.match import Judged, Model
from register.linkage.models import BlockingKey, Membership
from register.linkage.subjects import find_subjects, memberships, reports_of_children
from register.reports.models import Report
from register.rows import ASKED, ask
from register.terms import Sealed
from register.work import Work

_ALIKE = frozenset(
    {Level.EXACT, Level.FIRST, Level.FIRST_OTHER, Level.FAMILY, Level.SLIP, Level.ALIKE}
)
"""Forenames by which a child may be called in two places."""
_BORN_ALIKE = frozenset({Level.EXACT, Level.EXACT_DEFAULT, Level.SWAPPED, Level.SLIP})
_ONE_HOME = frozenset({Level.EXACT, Level.SLIP})
# However many bear a key: what is too common to link by is not too common to seal by.
_UNDER = select(BlockingKey.key, BlockingKey.subject_id).join_from(
    ASKED, BlockingKey, BlockingKey.key == ASKED.c.value
)
_SENT_BY = select(Report.id, Report.organisation).join_from(
    ASKED, Report, Report.id == ASKED.c.value
)
_SEALED_UNDER = (
    _UNDER.join(Membership, Membership.subject_id == BlockingKey.subject_id)
    .where(stood(Membership, None), Membership.report_id.in_(sealed_reports()))
    .distinct()
)


def may_lead_to(compared: Comparison, judged: Judged, model: Model) -> bool:
    """Tell whether one of two who were compared may lead to the other: the rule of born seals.

    At or above review by the sum, whatever guard holds a link back; perhaps a twin; the same
    identifier; or, since an adoption changes surname, home and numbers together, a forename and a
    birthday that agree.
    """
    likely = judged.probability >= model.review or judged.decision is not Decision.NOTHING
    called_alike = compared.forename in _ALIKE or compared.names_swapped
    born_alike = compared.date_of_birth in _BORN_ALIKE
    twin = compared.postcode in _ONE_HOME and compared.date_of_birth is Level.EXACT
    return likely or compared.identifier_agrees or (called_alike and born_alike) or twin


def seal_what_follows(work: Work, changed: Collection[int], model: Model) -> None:
    """Bring under their seals what joined a sealed child, and what among the changed looks so."""
    if not SEALS.is_any(work):
        return
    owner = memberships(work, changed)
    _seal_joined(work, {child for _, child in owner.values()})
    subjects = _subjects(work, {subject for subject, _ in owner.values()})
    for subject, others in _met(work, subjects, _SEALED_UNDER):
        near = [each for other in others if _leads(subject, other, model) for each in other.reports]
        for seal in sorted({each for held in seals_on(work, near).values() for each in held}):
            hold(work, seal, _members(work, _children_of(work, subject)), Sealed.BORN)


def seal_children(work: Work, seal: int, children: Collection[int], model: Model) -> None:
    """Put children under a seal, with all that is here already and may lead to one of them."""
    reports = set().union(*reports_of_children(work, children).values())
    hold(work, seal, _members(work, children), Sealed.NAMED)
    subjects = _subjects(work, {subject for subject, _ in memberships(work, reports).values()})
    for subject, others in _met(work, subjects, _UNDER):
        for other in others:
            if other not in subjects and _leads(subject, other, model):
                hold(work, seal, _members(work, _children_of(work, other)), Sealed.BORN)


def _seal_joined(work: Work, children: Collection[int]) -> None:
    for child, reports in reports_of_children(work, children).items():
        held = seals_on(work, reports)
        for seal in sorted({each for seals in held.values() for each in seals}):
            hold(work, seal, _members(work, [child]), Sealed.JOINED)


def _children_of(work: Work, subject: Subject) -> set[int]:
    return {child for _, child in memberships(work, subject.reports).values()}


def _members(work: Work, children: Iterable[int]) -> list[Member]:
    """Give all reports of these children, as a seal keeps them."""
    owner = {
        report: child
        for child, reports in reports_of_children(work, children).items()
        for report in reports
    }
    return [
        Member(report, organisation, owner[report])
        for report, organisation in sorted(ask(work.session, _SENT_BY, owner))
    ]


def _met(
    work: Work, subjects: Collection[Subject], under: Select[int, int]
) -> Iterator[tuple[Subject, list[Subject]]]:
    """Give each subject with those who bear one of its keys, by what may be compared of them."""
    keys = {each.subject_id: blocking_keys(each) for each in subjects}
    bearers: dict[int, set[int]] = defaultdict(set)
    for key, subject_id in ask(work.session, under, set().union(*keys.values())):
        bearers[key].add(subject_id)
    met = {each: set().union(*(bearers[key] for key in of)) - {each} for each, of in keys.items()}
    known = {each.subject_id: each for each in _subjects(work, set().union(*met.values()))}
    for subject in subjects:
        yield subject, [known[each] for each in sorted(met[subject.subject_id] & known.keys())]


def _subjects(work: Work, ids: Collection[int]) -> list[Subject]:
    return [stored.told for _, stored in sorted(find_subjects(work, ids).items())]


def _leads(one: Subject, other: Subject, model: Model) -> bool:
    found = judge_pair(one, other, model)
    return may_lead_to(found.compared, found.judged, model)
