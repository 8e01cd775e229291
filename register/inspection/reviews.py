"""Reviews: two reports that may be about one child, side by side, for a person to judge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from register.access.policy import Permission, is_allowed, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.errors import Conflict, NotFound
from register.inspection.comparing import EVIDENCE, SHOWN, WITHOUT_PLACES, Compared, compare_fields
from register.inspection.judged import Act, acts_between
from register.inspection.missing import RANK, RISKS
from register.inspection.paging import Page, find_page
from register.inspection.persons import Person, person_of
from register.linkage.enactments import model_for
from register.linkage.explanation import Explanation, explain
from register.linkage.levels import Level
from register.linkage.match import judge as judge_pair
from register.linkage.models import Membership, Review
from register.linkage.pairs import judge_reports, statements_between
from register.linkage.seen import seen_of
from register.linkage.subjects import memberships, reports_of_children
from register.numbers import child_number
from register.pipeline import Outcome, judge, take_turn
from register.records.models import EpisodeRow
from register.records.reconcile import reconcile
from register.records.sight import may_judge, openable
from register.reports.fields import Field
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.rows import among
from register.underneath.roles import see_all
from register.work import Work, stands, was_known

PLACE = "home_postcode"
"""The one place that linking weighs."""
VERDICTS = {
    "same": "the same child",
    "different": "not the same child",
    "unclear": "cannot tell: ask the source",
}


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One proposed link on the list."""

    id: int
    probability: float | None
    """None for whoever is not told what places say: it would tell whether they are the same."""
    one: Statement
    other: Statement
    persons: tuple[Person, Person]
    is_missing: bool
    """One of the two is missing now to either source."""
    risk: str
    """The gravest grading of whoever of the two is missing now, blank for none."""
    since: datetime
    """Since when it waits."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One proposed link: all that both sides tell, and the children they belong to now.

    `reasons`, `rule` and `model` are those with which it was asked; `explanation` is by the model
    that is in force now.
    """

    id: int
    probability: float
    reasons: tuple[str, ...]
    rule: str
    model: str
    one: tuple[Statement, ...]
    other: tuple[Statement, ...]
    numbers: tuple[str, str]
    opened: frozenset[str]
    """Those of the two whose pages the reader may open."""
    fields: tuple[Compared, ...]
    explanation: Explanation
    earlier: tuple[Act, ...]
    is_open: bool
    """Whether it still waits for a person."""
    seen: str
    """What is shown of the children, to be held against what is known when a person decides."""


@needs(Permission.REVIEW_READ)
def review_list(work: Work, page: int = 1) -> Page[ReviewRow]:
    """Give the proposed links that wait for a person, the most urgent first.

    Those of children who are missing now stand on top, by risk; then what has waited longest.
    """
    see_all(work.session)  # the other child of a review may lie beyond reach
    found = find_page(work, Review, waiting_reviews(work), _most_urgent_first(work), page)
    return found.telling(lines_of_reviews(work, found.rows))


def lines_of_reviews(work: Work, found: Sequence[Review]) -> list[ReviewRow]:
    """Give a line of the list for each proposed link, in their order."""
    ranked = select(Review.id, _urgency(work)).where(among(Review.id, [each.id for each in found]))
    ranks = dict(iter(work.session.execute(ranked)))
    ids = {report for each in found for report in (each.report_a, each.report_b)}
    statements = find_statements(work, ids)
    children = {child for _, child in memberships(work, ids).values()}
    record(work, "list:viewed", "reviews", children=children, reports=sorted(ids))
    rows = []
    for each in found:
        one, other = statements[each.report_a], statements[each.report_b]
        persons = (_person(work, one), _person(work, other))
        rank = ranks[each.id]
        row = ReviewRow(
            each.id,
            each.probability if _knows_places(work) else None,
            one,
            other,
            persons,
            is_missing=rank < len(RISKS),
            risk=RISKS[rank] if rank < len(RISKS) else "",
            since=each.known_from,
        )
        rows.append(row)
    return rows


@needs(Permission.REVIEW_READ)
def review_page(work: Work, review_id: int) -> ReviewPage:
    """Give one proposed link; raise NotFound."""
    review = _find_review(work, review_id)
    pair = (review.report_a, review.report_b)
    one, other = statements_between(work, pair)
    model = model_for(work)
    compared = judge_reports(work, pair, model).compared
    if not _knows_places(work):
        compared = replace(compared, postcode=Level.UNKNOWN)
    explanation = _for_reader(work, explain(compared, model))
    children = tuple(child for _, child in map(memberships(work, pair).__getitem__, pair))
    reports = reports_of_children(work, children)
    asked = (review.probability, tuple(review.reasons))
    if not _knows_places(work):
        asked = (explanation.probability, judge_pair(compared, model).reasons)
    shown = [each.report_id for each in one + other]
    record(work, "review:viewed", f"review {review.id}", children=children, reports=shown)
    return ReviewPage(
        id=review.id,
        probability=asked[0],
        reasons=asked[1],
        rule=review.rule,
        model=review.model,
        one=one,
        other=other,
        numbers=(child_number(children[0]), child_number(children[1])),
        opened=frozenset(map(child_number, openable(work, children))),
        fields=compare_fields(one, other, explanation, _fields(work)),
        explanation=explanation,
        earlier=acts_between(work, *(reports.get(each, ()) for each in children)),
        is_open=review.known_to is None
        or (work.as_at is not None and work.as_at < review.known_to),
        seen=seen_of(work, children),
    )


@needs(Permission.LINK_DECIDE)
def judge_review(work: Work, review_id: int, verdict: str, reason: str, seen: str) -> Outcome:
    """Keep a person's judgement on a proposed link, with the evidence as it was shown.

    Raises NotFound, and Conflict where it no longer waits: what was shown has changed since.
    """
    take_turn(work)
    review = _find_review(work, review_id)
    if review.known_to is not None:
        raise Conflict(
            "This review no longer waits: a person has judged, or the reports have changed. "
            "Your judgement was not kept."
        )
    shown: dict[str, object] = {
        "probability": review.probability,
        "reasons": review.reasons,
        "rule": review.rule,
        "model": review.model,
    }
    return judge(work, (review.report_a, review.report_b), verdict, reason, shown, seen)


@needs(Permission.REVIEW_READ)
def next_review(work: Work, after: int = 0) -> int | None:
    """Give the most urgent review that waits, another one than `after`; None where none does."""
    see_all(work.session)
    wanted = select(Review.id).where(waiting_reviews(work), Review.id != after)
    return work.session.scalar(wanted.order_by(*_most_urgent_first(work)).limit(1))


def waiting_reviews(work: Work) -> ColumnElement[bool]:
    """Give the condition that a review waits for a person, within the reader's sight."""
    return stands(work, Review) & may_judge(work, listed=True)


def _urgency(work: Work) -> ColumnElement[int]:
    """Rank a review by the risk of whoever of the two is missing now; last where neither is."""
    gone = (
        select(func.min(RANK))
        .join_from(Membership, EpisodeRow, EpisodeRow.child == Membership.child_id)
        .where(Membership.report_id.in_((Review.report_a, Review.report_b)))
        .where(stands(work, Membership), stands(work, EpisodeRow), EpisodeRow.is_open)
        .where(or_(EpisodeRow.missing_to_police, EpisodeRow.missing_to_authority))
    )
    return func.coalesce(gone.correlate(Review).scalar_subquery(), len(RISKS))


def _most_urgent_first(work: Work) -> Sequence[Any]:
    # Who is not told whether places agree is not told it by the order either.
    weighed = [Review.probability.desc()] if _knows_places(work) else []
    return (_urgency(work), Review.known_from, *weighed, Review.id)


def _find_review(work: Work, review_id: int) -> Review:
    see_all(work.session)  # the other child may lie beyond reach
    query = select(Review).where(Review.id == min(review_id, HIGHEST_ID), may_judge(work))
    review = work.session.scalar(query.where(was_known(work, Review.known_from)))
    if review is None:
        raise NotFound("There is no such review, or none that you may see.")
    return review


def _knows_places(work: Work) -> bool:
    return is_allowed(work.actor, Permission.PLACE_COMPARE)


def _for_reader(work: Work, explanation: Explanation) -> Explanation:
    if _knows_places(work):
        return explanation
    lines = tuple(line for line in explanation.lines if line.evidence != EVIDENCE[PLACE])
    return replace(explanation, lines=lines)


def _fields(work: Work) -> Sequence[Field]:
    """Give what is compared: for whoever has part in one of the two, what identifies."""
    return SHOWN if _knows_places(work) else WITHOUT_PLACES


def _person(work: Work, statement: Statement) -> Person:
    return person_of(reconcile([statement]), work.moment)
