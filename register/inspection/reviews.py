"""Reviews: two reports that may be about one child, side by side, for a person to judge."""

from dataclasses import dataclass

from sqlalchemy import func, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Conflict, NotFound
from register.inspection.paging import PAGE, Page, clamp
from register.inspection.persons import Person, person_of
from register.linkage.models import Membership, Review
from register.pipeline import Outcome, judge
from register.records.agreement import agree
from register.records.numbers import child_number
from register.records.reconcile import CHILD_FIELDS, reconcile
from register.reports.fields import BY_NAME, Field
from register.reports.service import find_statements
from register.reports.statement import Statement
from register.work import Work

MOST_REVIEWS = 2**31 - 1
"""No review has a higher number; databases refuse to look for one that is higher still."""
VERDICTS = {"same": "the same child", "different": "not the same child", "unclear": "cannot tell"}
_SHOWN = (
    *(field for field in CHILD_FIELDS if not field.protected),
    *(BY_NAME[name] for name in ("missing_at", "reported_at", "category", "status")),
)
"""What a judge of identity is shown; places are not (domain 7.1, 14)."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One proposed link on the list."""

    id: int
    probability: float
    one: Statement
    other: Statement
    persons: tuple[Person, Person]


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both reports; `agrees` is None where one of them does not say."""

    field: Field
    one: str | list[str]
    other: str | list[str]
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One proposed link, with what both reports say, and the children they belong to now."""

    id: int
    probability: float
    reasons: tuple[str, ...]
    one: Statement
    other: Statement
    numbers: tuple[str, str]
    fields: tuple[Compared, ...]
    is_open: bool
    """Whether it still waits for a person."""


@needs(Permission.REVIEW_READ)
def review_list(work: Work, page: int = 1) -> Page[ReviewRow]:
    """Give the proposed links that wait for a person, the likeliest first."""
    waiting = Review.known_to.is_(None)
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
    record(work, "list:viewed", "reviews", reports=sorted(ids))
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
    statements = find_statements(work, pair)
    one, other = (statements[each] for each in pair)
    query = select(Membership.report_id, Membership.child_id).where(
        Membership.report_id.in_(pair), Membership.known_to.is_(None)
    )
    children = dict(iter(work.session.execute(query)))
    record(work, "review:viewed", f"review {review.id}", reports=list(pair))
    fields = tuple(
        Compared(
            field,
            one.values.get(field.name, ""),
            other.values.get(field.name, ""),
            agree(field.name, one, other),
        )
        for field in _SHOWN
        if field.name in one.values or field.name in other.values
    )
    numbers = (child_number(children[pair[0]]), child_number(children[pair[1]]))
    return ReviewPage(
        review.id,
        review.probability,
        tuple(review.reasons),
        one,
        other,
        numbers,
        fields,
        is_open=review.known_to is None,
    )


@needs(Permission.LINK_DECIDE)
def judge_review(work: Work, review_id: int, verdict: str, reason: str) -> Outcome:
    """Keep a person's judgement on a proposed link, with the evidence as it was shown.

    Raises NotFound, and Conflict where it no longer waits: what was shown has changed since.
    """
    review = _find_review(work, review_id)
    if review.known_to is not None:
        raise Conflict(
            "This review no longer waits: a person has judged, or the reports have changed. "
            "Your judgement was not kept."
        )
    shown: dict[str, object] = {"probability": review.probability, "reasons": review.reasons}
    return judge(work, (review.report_a, review.report_b), verdict, reason, shown)


def _find_review(work: Work, review_id: int) -> Review:
    review = work.session.get(Review, review_id) if review_id <= MOST_REVIEWS else None
    if review is None:
        raise NotFound("There is no such review.")
    return review


def _person(work: Work, statement: Statement) -> Person:
    return person_of(reconcile([statement]), work.now)
