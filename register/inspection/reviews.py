"""Reviews: two reports that may be about one child, side by side, for a person to judge."""

from dataclasses import dataclass

from sqlalchemy import func, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Conflict, NotFound
from register.inspection.comparing import Compared, compare_fields
from register.inspection.judged import Act, acts_between
from register.inspection.paging import PAGE, Page, clamp
from register.inspection.persons import Person, person_of
from register.linkage.enactments import model_for
from register.linkage.explanation import Explanation, explain
from register.linkage.models import Review
from register.linkage.pairs import judge_reports, statements_between
from register.linkage.seen import seen_of
from register.linkage.subjects import memberships, reports_of_children
from register.pipeline import Outcome, judge, take_turn
from register.records.numbers import child_number
from register.records.reconcile import reconcile
from register.reports.service import find_statements
from register.reports.statement import Statement
from register.work import Work, stands

MOST_REVIEWS = 2**31 - 1
"""No review has a higher number; databases refuse to look for one that is higher still."""
VERDICTS = {
    "same": "the same child",
    "different": "not the same child",
    "unclear": "cannot tell: ask the source",
}


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One proposed link on the list."""

    id: int
    probability: float
    one: Statement
    other: Statement
    persons: tuple[Person, Person]


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
    fields: tuple[Compared, ...]
    explanation: Explanation
    earlier: tuple[Act, ...]
    is_open: bool
    """Whether it still waits for a person."""
    seen: str
    """What is shown of the children, to be held against what is known when a person decides."""


@needs(Permission.REVIEW_READ)
def review_list(work: Work, page: int = 1) -> Page[ReviewRow]:
    """Give the proposed links that wait for a person, the likeliest first."""
    waiting = stands(work, Review)
    total = work.session.scalar(select(func.count()).select_from(Review).where(waiting)) or 0
    number = clamp(page, total)
    found = work.session.scalars(
        select(Review)
        .where(waiting)
        .order_by(Review.probability.desc(), Review.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    ids = {report for each in found for report in (each.report_a, each.report_b)}
    statements = find_statements(work, ids)
    children = {child for _, child in memberships(work, ids).values()}
    record(work, "list:viewed", "reviews", children=children, reports=sorted(ids))
    rows = []
    for each in found:
        one, other = statements[each.report_a], statements[each.report_b]
        persons = (_person(work, one), _person(work, other))
        rows.append(ReviewRow(each.id, each.probability, one, other, persons))
    return Page(rows, number, total)


@needs(Permission.REVIEW_READ)
def review_page(work: Work, review_id: int) -> ReviewPage:
    """Give one proposed link; raise NotFound."""
    review = _find_review(work, review_id)
    pair = (review.report_a, review.report_b)
    one, other = statements_between(work, pair)
    model = model_for(work)
    explanation = explain(judge_reports(work, pair, model).compared, model)
    children = tuple(child for _, child in map(memberships(work, pair).__getitem__, pair))
    reports = reports_of_children(work, children)
    shown = [each.report_id for each in one + other]
    record(work, "review:viewed", f"review {review.id}", children=children, reports=shown)
    return ReviewPage(
        id=review.id,
        probability=review.probability,
        reasons=tuple(review.reasons),
        rule=review.rule,
        model=review.model,
        one=one,
        other=other,
        numbers=(child_number(children[0]), child_number(children[1])),
        fields=compare_fields(one, other, explanation),
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


def _find_review(work: Work, review_id: int) -> Review:
    review = work.session.get(Review, review_id) if review_id <= MOST_REVIEWS else None
    if review is None or (work.as_at and review.known_from > work.as_at):
        raise NotFound("There is no such review.")
    return review


def _person(work: Work, statement: Statement) -> Person:
    return person_of(reconcile([statement]), work.moment)
