"""Linking: after reports changed, which children there are now, and what a person must judge."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select, update

from register.audit.service import Detail, Entry, child_reference, record_many
from register.linkage.candidates import Neighbourhood, explore, neighbours_of
from register.linkage.enactments import model_for
from register.linkage.group import group, ordered
from register.linkage.grouping import Grouping, Pair
from register.linkage.keys import mend, own_subjects, plan_change, store
from register.linkage.match import Model
from register.linkage.models import Membership, Review
from register.linkage.said import chained_to, evidence_when, never_asked
from register.linkage.subjects import (
    find_subjects,
    make_subjects,
    memberships,
    note_members,
    read_ahead,
    reports_of_subjects,
)
from register.linkage.unsure import still_unsure
from register.reports.models import Report
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.rows import add_standing, end_standing, one_or_many, standing_rows
from register.work import Work


@dataclass(slots=True)
class Regrouped:
    """What linking came to.

    `children` are those that must be folded again, with their reports; `regrouped` those of them
    that exchanged reports with each other or with `gone`, the register numbers that are no child's
    any more; the numbers count memberships, reviews and stored keys.
    """

    children: dict[int, tuple[int, ...]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    regrouped: set[int] = field(default_factory=set)
    moved: int = 0
    reviews_opened: int = 0
    reviews_closed: int = 0
    reviews_moved: int = 0
    crowded: set[int] = field(default_factory=set)
    keys_changed: int = 0
    statements: dict[int, Statement] = field(default_factory=dict)
    """What was read of reports on the way, by report."""

    @property
    def reports(self) -> set[int]:
        """All reports of the children that must be folded again."""
        return {report for reports in self.children.values() for report in reports}


def relink(work: Work, changed: Collection[int]) -> Regrouped:
    """Work out again which children the changed reports, and all they can reach, belong to."""
    return _relink(work, changed, model_for(work))


def relink_all(work: Work) -> Regrouped:
    """Do the same with all reports at once, after what is stored for linking was made good."""
    model = model_for(work)
    mended = mend(work, model)
    result = _relink(work, work.session.scalars(select(Report.id)).all(), model, of_all=True)
    result.keys_changed += mended
    return result


def _relink(
    work: Work, changed: Collection[int], model: Model, *, of_all: bool = False
) -> Regrouped:
    near = set(changed) if of_all else read_ahead(work, changed)
    known = find_statements(work, near)
    statements = {report: known[report] for report in changed if report in known}
    # Whatever words on these imply, an id may hold more than one child now, or one again.
    parted = _statements(work, chained_to(work, changed) - set(changed), known)
    touched = {subject_id for subject_id, _ in memberships(work, changed).values()}
    touched |= own_subjects(work, [*statements.values(), *parted.values()])
    owners = {each: own for each, (own, _) in memberships(work, near).items() if own in touched}
    # All reports of a subject are one child's: those of whoever is near are known.
    others = touched - set(owners.values())
    others_reports = {each for ids in reports_of_subjects(work, others).values() for each in ids}
    reports = {*changed, *owners, *others_reports}
    subjects = make_subjects(work, _statements(work, reports, known))
    gone = touched - set(subjects)
    change = plan_change(work, subjects, gone, model, of_all=of_all)
    # Whom they met as they were is looked at again: what followed from it may no longer.
    met = change.before.keys() | neighbours_of(work, change.before, model)
    store(work, change)
    reached = explore(work, find_subjects(work, met - change.now.keys()) | change.now, model)
    result = _settle(work, reached, set(statements), model)
    result.keys_changed = change.size
    if not of_all:
        result.statements = known
    return result


def _statements(
    work: Work, reports: Iterable[int], known: dict[int, Statement]
) -> dict[int, Statement]:
    """Give what reports say, which is asked for only where it is not known, and is known then."""
    asked = set(reports)
    known |= find_statements(work, asked - known.keys())
    return {each: known[each] for each in asked & known.keys()}


def regroup(work: Work, reached: Neighbourhood) -> Grouping:
    """Group what was reached, by the model and by people's judgements; writes nothing."""
    same, different = reached.judged()
    parted: dict[Pair, list[dict[str, str]] | None] = {pair: [] for pair in different}
    if different:
        owner = {each: s.subject_id for s in reached.subjects.values() for each in s.reports}
        for (a, b), evidence in evidence_when(work, owner, "different").items():
            known = parted.get(ordered(owner[a], owner[b]))
            if known is not None:
                known.append(evidence)
        for a, b in never_asked(work):
            if a in owner and b in owner:
                parted[ordered(owner[a], owner[b])] = None
    unsure = still_unsure(work, reached)
    return group(reached.subjects, reached.candidates.values(), same, parted, unsure)


def _settle(work: Work, reached: Neighbourhood, changed: set[int], model: Model) -> Regrouped:
    grouping = regroup(work, reached)
    result = Regrouped(crowded=reached.crowded)
    _store_memberships(work, reached, grouping, changed, model, result)
    _store_reviews(work, reached, grouping, model, result)
    return result


def _store_memberships(
    work: Work,
    reached: Neighbourhood,
    grouping: Grouping,
    changed: set[int],
    model: Model,
    result: Regrouped,
) -> None:
    wanted: dict[int, tuple[int, int]] = {}
    children: dict[int, tuple[int, ...]] = {}
    for members in grouping.groups:
        reports = sorted(each for m in members for each in reached.subjects[m].reports)
        children[reports[0]] = tuple(reports)
        for member in members:
            for report_id in reached.subjects[member].reports:
                wanted[report_id] = (member, reports[0])
    known = memberships(work, wanted)
    moved = sorted(report for report, now in wanted.items() if known.get(report) != now)
    _move(work, moved, wanted, known)
    result.moved = len(moved)
    affected = {wanted[report][1] for report in {*moved, *changed}}
    affected |= {known[report][1] for report in moved if report in known} & set(children)
    result.children = {child: children[child] for child in sorted(affected)}
    result.gone = {child for _, child in known.values()} - set(children)
    left = {report: known[report][1] for report in moved if report in known}
    exchanged = {wanted[report][1] for report in left} | {*left.values()}
    result.regrouped = exchanged & result.children.keys()
    combined = {each for report in moved if len(children[each := wanted[report][1]]) > 1}
    links: dict[int, list[tuple[int, int, str]]] = {child: [] for child in combined}
    for link in grouping.links:
        a, b = reached.reports_of(link.pair)
        links.get(wanted[a][1], []).append((a, b, link.rule))
    record_many(work, (_combined(each, children, links, model) for each in sorted(combined)))


def _combined(
    child: int,
    children: Mapping[int, tuple[int, ...]],
    links: Mapping[int, list[tuple[int, int, str]]],
    model: Model,
) -> Entry:
    """Tell the log which reports are one child now, by which pairs, which rules and which model."""
    detail: dict[str, Detail] = {
        "reports": children[child],
        "links": links[child],
        "model": model.version,
    }
    return Entry("child:combined", child_reference(child), detail)


def _move(
    work: Work,
    moved: list[int],
    wanted: Mapping[int, tuple[int, int]],
    known: Mapping[int, tuple[int, int]],
) -> None:
    """Close what these reports belonged to and open what they belong to now."""
    ended = [report for report in moved if report in known]
    end_standing(work.session, Membership.report_id, ended, work.now)
    rows = [
        {
            "report_id": report,
            "subject_id": wanted[report][0],
            "child_id": wanted[report][1],
            "known_from": work.now,
            "known_to": None,
        }
        for report in moved
    ]
    add_standing(work.session, Membership, rows)
    note_members(work, ((report, *wanted[report]) for report in moved))


def _store_reviews(
    work: Work, reached: Neighbourhood, grouping: Grouping, model: Model, result: Regrouped
) -> None:
    proposed = {reached.reports_of(each.pair): each for each in grouping.proposals}
    wanted = {pair: (each.probability, list(each.reasons)) for pair, each in proposed.items()}
    owners = memberships(work, {report for pair in wanted for report in pair})
    children = {pair: (owners[pair[0]][1], owners[pair[1]][1]) for pair in wanted}
    known = _standing_reviews(work, reached)
    stale = [each.id for pair, each in known.items() if wanted.get(pair) != each.said]
    end_standing(work.session, Review.id, stale, work.now)
    kept = {pair: each for pair, each in known.items() if wanted.get(pair) == each.said}
    rows = [
        {
            "report_a": pair[0],
            "report_b": pair[1],
            "child_a": children[pair][0],
            "child_b": children[pair][1],
            "probability": wanted[pair][0],
            "reasons": wanted[pair][1],
            "model": model.version,
            "rule": proposed[pair].rule,
            "known_from": work.now,
        }
        for pair in sorted(wanted.keys() - kept.keys())
    ]
    add_standing(work.session, Review, rows)
    moved = [
        {"row": each.id, "a": children[pair][0], "b": children[pair][1]}
        for pair, each in sorted(kept.items())
        if each.children != children[pair]
    ]
    if moved:
        work.session.connection().execute(_MOVED, one_or_many(moved))
    result.reviews_opened, result.reviews_closed = len(rows), len(stale)
    result.reviews_moved = len(moved)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A review that stands: what it says, and of which children it says it."""

    id: int
    said: tuple[float, list[str]]
    children: Pair


# The same question of the same reports, who are other children's now: it goes on waiting.
_MOVED = (
    update(Review)
    .where(Review.id == bindparam("row"))
    .values(child_a=bindparam("a"), child_b=bindparam("b"))
)


def _standing_reviews(work: Work, reached: Neighbourhood) -> dict[Pair, _Asked]:
    """Give what is asked now of these subjects, by its two reports."""
    reports = sorted(each for s in reached.subjects.values() for each in s.reports)
    return {
        (row["report_a"], row["report_b"]): _Asked(
            row["id"], (row["probability"], row["reasons"]), (row["child_a"], row["child_b"])
        )
        for row in standing_rows(work.session, reports, Review.report_a, Review.report_b)
    }
