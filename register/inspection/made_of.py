"""An organisation's own reports as its system reads them back: what was made of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import aliased

from register.access.hiding import SEALS
from register.access.policy import Permission, is_allowed, may_send_for, needs
from register.audit.service import record
from register.errors import NotFound
from register.inspection.mismatches import MismatchRow, open_mismatches
from register.linkage.models import Review
from register.linkage.subjects import memberships, reports_of_children
from register.numbers import child_number, episode_number
from register.records.models import EpisodeRow
from register.records.sight import may_judge, reports_in_sight
from register.reports.models import Report, ReportVersion
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.reports.values import organisation as read_organisation
from register.reports.values import reference as read_reference
from register.rows import BATCH, among, parts
from register.terms import Kind
from register.underneath.roles import see_all
from register.work import Work, stands

_ABSENT = "There is no such report, or none that you may see."


Name = tuple[str, str]
"""An organisation's code and its reference, in their normal form."""


@dataclass(frozen=True, slots=True)
class Known:
    """A report that the register holds, the digest of what counts, and those of all versions."""

    report: int
    digest: str
    versions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Made:
    """What the register made of one report, for the organisation that sent it.

    `reviews` are the numbers of proposed links that wait for a person's word on its child.
    """

    statement: Statement
    digest: str
    child: str
    episode: str
    decision: str
    reviews: tuple[int, ...]
    mismatches: tuple[MismatchRow, ...]


def own_name(work: Work, organisation: str, reference: str) -> Name:
    """Give the name of a report of the actor's own, whether it is there or not.

    Another organisation's is as if absent: NotFound.
    """
    try:
        name = (read_organisation(organisation), read_reference(reference))
    except ValueError as error:
        raise NotFound(_ABSENT) from error
    if not may_send_for(work.actor, name[0]) or not name[1]:
        raise NotFound(_ABSENT)
    return name


def known_reports(work: Work, names: Collection[Name]) -> dict[Name, Known]:
    """Give those of these reports that the register holds."""
    columns = (Report.organisation, Report.reference)
    current = aliased(ReportVersion)
    found: dict[Name, tuple[int, str, set[str]]] = {}
    for part in parts(sorted(set(names)), BATCH // 2):
        rows = work.session.execute(
            select(*columns, Report.id, current.digest, ReportVersion.digest)
            .join(current, current.id == Report.current_version_id)
            .join(ReportVersion, ReportVersion.report_id == Report.id)
            .where(Report.kind == Kind.MISSING.value, tuple_(*columns).in_(part))
        )
        for organisation, reference, report, counts, version in rows:
            held = found.setdefault((organisation, reference), (report, counts, set()))
            held[2].add(version)
    return {name: Known(each[0], each[1], frozenset(each[2])) for name, each in found.items()}


@needs(Permission.REPORT_RECEIVE)
def own_report(work: Work, organisation: str, reference: str) -> Made:
    """Give one of the actor's own reports as it stands; raise NotFound."""
    name = own_name(work, organisation, reference)
    see_all(work.session)  # what is one's own, and in one's sight, is asked for in each query
    known = known_reports(work, [name]).get(name)
    if known is None:
        raise NotFound(_ABSENT)
    return made_of(work, [known.report])[known.report]


@needs(Permission.REPORT_RECEIVE)
def made_of(work: Work, reports: Collection[int]) -> dict[int, Made]:
    """Give what the register made of these reports of the actor's own, by number.

    Of a child that the sender may not see, because a seal hides it, nothing is told: the report
    is as if alone.
    """
    statements = find_statements(work, reports)
    for statement in statements.values():
        if not may_send_for(work.actor, statement.organisation):
            raise NotFound(_ABSENT)
    seen = _in_sight(work, reports)
    child_of = {report: child for report, (_, child) in memberships(work, seen).items()}
    children = sorted(set(child_of.values()))
    whole = reports_of_children(work, children)
    episodes, reviews = _episodes(work, children), _reviews(work, whole)
    mismatches = _mismatches(work, children)
    digests = _digests(work, reports)
    record(work, "list:viewed", "own reports", children=children)
    made = {}
    for report, statement in statements.items():
        child = child_of.get(report, report)
        own = None if statement.withdrawn else report
        episode = episodes.get(report) if report in seen else own
        concerned = [each for each in mismatches.get(child, ()) if each.episode in {None, episode}]
        made[report] = Made(
            statement=statement,
            digest=digests[report],
            child=child_number(child),
            episode="" if episode is None else episode_number(episode),
            decision="linked" if len(whole.get(child, ())) > 1 else "alone",
            reviews=tuple(reviews.get(child, ())),
            mismatches=tuple(concerned),
        )
    return made


def _in_sight(work: Work, reports: Collection[int]) -> set[int]:
    """Give those reports whose children the sender may see, whatever else its token opens."""
    return reports_in_sight(_unscoped(work), reports)


def are_all_in_sight(work: Work, reports: Collection[int]) -> bool:
    """Tell whether the sender may see the children of all these reports."""
    return _in_sight(work, reports) >= set(reports)


def _unscoped(work: Work) -> Work:
    return replace(work, actor=replace(work.actor, scopes=None), notes={})


def _mismatches(work: Work, children: Sequence[int]) -> dict[int, list[MismatchRow]]:
    return (
        open_mismatches(work, children) if is_allowed(work.actor, Permission.MISMATCH_READ) else {}
    )


def _episodes(work: Work, children: Sequence[int]) -> dict[int, int]:
    rows = work.session.execute(
        select(EpisodeRow.number, EpisodeRow.spells).where(
            among(EpisodeRow.child, children), stands(work, EpisodeRow)
        )
    )
    return {report: number for number, spells in rows for spell in spells for report in spell}


def _reviews(work: Work, whole: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    owner = {report: child for child, reports in whole.items() for report in reports}
    sides = (Review.report_a, Review.report_b)
    rows = work.session.execute(
        select(Review.id, *sides)
        .where(or_(*(among(side, list(owner)) for side in sides)), stands(work, Review))
        .order_by(Review.id)
    ).all()
    told = _without_sealed(work, {number for number, _, _ in rows})
    found: dict[int, list[int]] = {}
    for number, one, other in rows:
        if number not in told:
            continue
        for child in {owner[each] for each in (one, other) if each in owner}:
            found.setdefault(child, []).append(number)
    return found


def _without_sealed(work: Work, reviews: set[int]) -> set[int]:
    """Give those of these reviews of whose other child a seal does not hide that there is one."""
    if not reviews or not SEALS.is_any(work):
        return reviews
    told = among(Review.id, sorted(reviews)) & may_judge(_unscoped(work))
    return set(work.session.scalars(select(Review.id).where(told)))


def _digests(work: Work, reports: Collection[int]) -> dict[int, str]:
    rows = work.session.execute(
        select(Report.id, ReportVersion.digest)
        .join(ReportVersion, ReportVersion.id == Report.current_version_id)
        .where(among(Report.id, reports))
    )
    return dict(iter(rows))
