"""Proposed links that wait for a person, and the person's word, passed on by their system."""

from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Asks, Blueprint, Operation, link
from register.api.bodies import read_object, read_text, refuse_unknown
from register.api.desk import open_work
from register.api.list_schemas import (
    JudgementAnswer,
    JudgementSent,
    ReviewsAnswer,
    ReviewWhole,
)
from register.api.listing import listed, listing
from register.api.parameters import IDEMPOTENCY_KEY, NUMBER
from register.api.replies import once, reply, respond
from register.api.told import told_review, told_review_whole
from register.clients.idempotency import Reply
from register.errors import Invalid
from register.inspection.lists import reviews_behind
from register.inspection.reviews import VERDICTS, judge_review, review_page
from register.terms import REASON_LENGTH
from register.work import Work

reviews = Blueprint("reviews", __name__, description="Proposed links, for people to judge.")
_SIDE = {
    "organisation": "E23000010",
    "reference": "WY-26-0001",
    "name": "Tariq Adeyemi-Test",
    "age": "14",
}
LIST = {"reviews": [{"number": 3, "probability": 0.7, "one": _SIDE, "other": _SIDE}], "next": None}
_FIRST = "$response.body#/reviews/0/number"
LINKS = {
    "first": link("reviews_one", number=_FIRST),
    "judged": link("reviews_judge", number=_FIRST),
}
WHOLE = {
    "number": 3,
    "probability": 0.7,
    "reasons": ["The forenames agree."],
    "children": ["C-000001-V", "C-000002-T"],
    "fields_compared": [
        {"field": "forename", "one": ["Tariq"], "other": ["Tarik"], "outcome": "near"}
    ],
    "is_open": True,
    "seen": "1:1.2:2",
}
JUDGED = {"verdict": "same", "reason": "Both schools confirm it.", "seen": "1:1.2:2"}


@reviews.operation(
    "GET",
    "/reviews",
    listing(Permission.REVIEW_READ, Answer(ReviewsAnswer, LIST, links=LINKS)),
)
def waiting() -> Response:
    """List the proposed links on one's own children that wait for a person."""
    return listed("reviews", told_review, reviews_behind)


@reviews.operation(
    "GET",
    "/reviews/<int:number>",
    Operation(
        scope=Permission.REVIEW_READ,
        answers={200: Answer(ReviewWhole, WHOLE)},
        refusals=(404,),
        parameters=(NUMBER,),
    ),
)
def one(number: int) -> Response:
    """Read one proposed link: what both sides tell, held against each other."""
    with open_work() as work:
        page = review_page(work, number)
    return respond(reply(told_review_whole(page)))


@reviews.operation(
    "POST",
    "/reviews/<int:number>/judgement",
    Operation(
        scope=Permission.LINK_DECIDE,
        sent=Asks(JudgementSent, JUDGED),
        answers={201: Answer(JudgementAnswer, {"review": 3, "verdict": "same"})},
        refusals=(404, 409),
        parameters=(NUMBER, IDEMPOTENCY_KEY),
    ),
)
def judge(number: int) -> Response:
    """Pass on a person's judgement whether two reports are about one child."""
    sent = read_object()
    refuse_unknown(sent, JudgementSent)
    verdict, reason, seen = (read_text(sent, name) for name in ("verdict", "reason", "seen"))
    if verdict not in VERDICTS:
        raise Invalid({"verdict": f"must be one of {', '.join(VERDICTS)}"})
    if not 1 <= len(reason.strip()) <= REASON_LENGTH:
        raise Invalid({"reason": f"must say why, in {REASON_LENGTH} characters or fewer"})

    def act(work: Work) -> Reply:
        judge_review(work, number, verdict, reason.strip(), seen)
        return reply({"review": number, "verdict": verdict}, 201)

    return once(sent, act, lambda _work, told: told)  # it names no child
