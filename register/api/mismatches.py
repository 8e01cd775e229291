"""Mismatches of one's own children, and answers to them."""

from flask import request
from werkzeug.wrappers import Response

from register import pipeline
from register.access.policy import Permission
from register.api.blueprint import Answer, Asks, Blueprint, Operation, link
from register.api.bodies import read_object, read_text, refuse_unknown
from register.api.desk import open_work
from register.api.list_schemas import AnswerSent, MismatchesAnswer, MismatchWhole
from register.api.listing import listed, listing
from register.api.parameters import IDEMPOTENCY_KEY, NUMBER, STATE, STATES
from register.api.replies import once, reply, respond
from register.api.told import told_mismatch, told_mismatch_whole
from register.clients.idempotency import Reply
from register.errors import Invalid
from register.inspection.lists import Part, mismatches_behind
from register.inspection.mismatches import MismatchRow, Wanted
from register.inspection.one_mismatch import mismatch_page
from register.mismatches.settling import Said
from register.work import Work

mismatches = Blueprint("mismatches", __name__, description="What the two sides disagree on.")
MISMATCH = {
    "number": 17,
    "child": "C-000001-V",
    "episode": "E-000001-B",
    "rule": "D1",
    "title": "Dates of birth differ",
    "field": "date_of_birth",
    "severity": "medium",
    "state": "detected",
    "owner": "E08000035",
    "counterpart": "E23000010",
    "sector": "authority",
    "police": [{"organisation": "E23000010", "value": "2011-05-31", "protected": False}],
    "authority": [{"organisation": "E08000035", "value": "2011-06-30", "protected": False}],
    "opened_at": "2026-03-02T22:41:00+00:00",
    "due_at": "2026-03-09T22:41:00+00:00",
    "closed_at": None,
    "seen": 23,
}
WHOLE = {**MISMATCH, "answers": ["acknowledged", "comment"], "history": []}
LIST = {"mismatches": [MISMATCH], "next": None}
_FIRST = "$response.body#/mismatches/0/number"
LINKS = {
    "first": link("mismatches_one", number=_FIRST),
    "answered": link("mismatches_answer", number=_FIRST),
}
SAID = {"answer": "comment", "words": "We will look at the birth certificate.", "seen": 23}


@mismatches.operation(
    "GET",
    "/mismatches",
    listing(Permission.MISMATCH_READ, Answer(MismatchesAnswer, LIST, links=LINKS), STATE),
)
def everything() -> Response:
    """List the mismatches of one's own children, by number."""
    state = request.args.get("state", "open")
    if state not in STATES:
        raise Invalid({"state": f"must be one of {', '.join(STATES)}"})

    def behind(work: Work, after: int, most: int) -> Part[MismatchRow]:
        return mismatches_behind(work, Wanted(state=state), after, most)

    return listed("mismatches", told_mismatch, behind, state)


@mismatches.operation(
    "GET",
    "/mismatches/<int:number>",
    Operation(
        scope=Permission.MISMATCH_READ,
        answers={200: Answer(MismatchWhole, WHOLE)},
        refusals=(404,),
        parameters=(NUMBER,),
    ),
)
def one(number: int) -> Response:
    """Read one mismatch, what may be answered, and what happened to it."""
    with open_work() as work:
        page = mismatch_page(work, number)
    return respond(reply(told_mismatch_whole(page)))


@mismatches.operation(
    "POST",
    "/mismatches/<int:number>/answers",
    Operation(
        scope=Permission.MISMATCH_SETTLE,
        sent=Asks(AnswerSent, SAID),
        answers={201: Answer(MismatchWhole, WHOLE)},
        refusals=(404, 409),
        parameters=(NUMBER, IDEMPOTENCY_KEY),
    ),
)
def answer(number: int) -> Response:
    """Answer a mismatch that concerns one's own organisation."""
    sent = read_object()
    refuse_unknown(sent, AnswerSent)
    seen = sent.get("seen")
    if not isinstance(seen, int) or isinstance(seen, bool):
        raise Invalid({"seen": "must be what `seen` gave when the mismatch was read"})
    said = Said(*(read_text(sent, name) for name in ("answer", "reason", "words")))

    def act(work: Work) -> Reply:
        mismatch_page(work, number)
        pipeline.settle(work, number, said, seen)
        return reply(told_mismatch_whole(mismatch_page(work, number)), 201)

    def anew(work: Work, _told: object) -> object:
        return told_mismatch_whole(mismatch_page(work, number))

    return once(sent, act, anew)
