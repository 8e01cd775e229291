"""Reports: sent one by one, read back as they stand."""

from http import HTTPStatus
from typing import Any

from flask import jsonify, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Asks, Blueprint, Operation, link
from register.api.bodies import read_items, read_object, refuse_unknown
from register.api.desk import open_work
from register.api.faults import problem_of
from register.api.parameters import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    ORGANISATION,
    REFERENCE,
)
from register.api.receiving import Condition, Sent, Taken, take, take_many, told_anew
from register.api.receiving import withdraw as take_back
from register.api.replies import once, reply
from register.api.schemas import (
    EXAMPLE,
    BatchAnswer,
    BatchSent,
    HeldReport,
    ReportAnswer,
    ReportSent,
    Withdrawal,
)
from register.api.told import told_held
from register.clients.idempotency import Reply
from register.errors import RegisterError
from register.inspection.made_of import own_report
from register.work import Work

reports = Blueprint("reports", __name__, description="An organisation's own reports.")
ANSWER = {
    "organisation": "E23000010",
    "reference": "WY-26-0001",
    "received": "accepted",
    "stands": True,
    "child": "C-000001-V",
    "episode": "E-000001-B",
    "decision": "alone",
    "reviews": [],
    "mismatches": [],
    "warnings": [],
}
HELD = {
    **ANSWER,
    "received": "held",
    "report": EXAMPLE,
    "updated_at": "2026-03-02T23:15:00+00:00",
}
BATCH = {"results": [{"status": 201, "report": ANSWER, "problem": None}]}
_SAME = {"organisation": "$request.path.organisation", "reference": "$request.path.reference"}
LINKS = {
    "held": link("reports_get", **_SAME),
    "withdrawn": link("reports_withdraw", **_SAME),
    "mismatch": link("mismatches_one", number="$response.body#/mismatches/0/number"),
}
ONE = "/reports/<organisation>/<reference:reference>"
ITS_WITHDRAWAL = "/reports/<organisation>/<path:reference>/withdraw"


@reports.operation(
    "PUT",
    ONE,
    Operation(
        scope=Permission.REPORT_RECEIVE,
        sent=Asks(ReportSent, EXAMPLE),
        answers={
            201: Answer(ReportAnswer, ANSWER, ("ETag",), "Received: it is new", LINKS),
            200: Answer(ReportAnswer, ANSWER, ("ETag",), "Received: it was known", LINKS),
        },
        refusals=(404, 409, 412),
        parameters=(ORGANISATION, REFERENCE, IF_MATCH, IF_NONE_MATCH, IDEMPOTENCY_KEY),
    ),
)
def put(organisation: str, reference: str) -> Response:
    """Send one report, and hear what the register made of it.

    The same again changes nothing. A version with an earlier `updated_at` than one that is known
    is kept and changes nothing that counts.
    """
    sent = Sent(organisation, reference, read_object(), _condition())

    def act(work: Work) -> Reply:
        return _answered(take(work, sent))

    return once(sent.body, act, told_anew)


@reports.operation(
    "GET",
    ONE,
    Operation(
        scope=Permission.REPORT_RECEIVE,
        answers={200: Answer(HeldReport, HELD, ("ETag",)), 304: Answer(None, None, ("ETag",))},
        refusals=(404,),
        parameters=(ORGANISATION, REFERENCE, IF_NONE_MATCH),
    ),
)
def get(organisation: str, reference: str) -> Response:
    """Read one's own report back as it stands."""
    with open_work() as work:
        made = own_report(work, organisation, reference)
    answer = jsonify(told_held(made))
    answer.set_etag(made.digest)
    return answer.make_conditional(request)


@reports.operation(
    "POST",
    ITS_WITHDRAWAL,
    Operation(
        scope=Permission.REPORT_RECEIVE,
        sent=Asks(Withdrawal, {}),
        answers={200: Answer(ReportAnswer, ANSWER, ("ETag",))},
        refusals=(404, 409),
        parameters=(ORGANISATION, REFERENCE, IDEMPOTENCY_KEY),
    ),
)
def withdraw(organisation: str, reference: str) -> Response:
    """Take a report back as entered in error.

    It is kept, and counts no longer. It counts again when a later version is sent.
    """
    sent = read_object()
    refuse_unknown(sent, Withdrawal)

    def act(work: Work) -> Reply:
        return _answered(take_back(work, organisation, reference, sent.get("updated_at")))

    return once(sent, act, told_anew)


@reports.operation(
    "POST",
    "/reports",
    Operation(
        scope=Permission.REPORT_RECEIVE,
        sent=Asks(BatchSent, {"reports": [{"reference": "WY-26-0001", **EXAMPLE}]}),
        answers={200: Answer(BatchAnswer, BATCH)},
        refusals=(409,),
        parameters=(IDEMPOTENCY_KEY,),
    ),
)
def several() -> Response:
    """Send several reports: each has its own answer, and the good ones go in.

    The results stand in the order of what was sent.
    """
    sent = read_object()
    items = read_items(sent)

    def act(work: Work) -> Reply:
        own = work.actor.organisation
        results = take_many(work, [_item(each, own) for each in items])
        return reply({"results": [_result(place, each) for place, each in enumerate(results)]})

    return once(sent, act, _batch_anew)


def _batch_anew(work: Work, told: dict[str, Any]) -> dict[str, Any]:
    results = [
        each | {"report": each["report"] and told_anew(work, each["report"])}
        for each in told["results"]
    ]
    return {"results": results}


def _item(body: dict[str, Any], own: str) -> Sent:
    return Sent(str(body.get("organisation") or own), str(body.get("reference") or ""), body)


def _result(place: int, result: Taken | RegisterError) -> dict[str, object]:
    if isinstance(result, RegisterError):
        told = problem_of(result, f"/reports/{place}")
        return {"status": told["status"], "report": None, "problem": told}
    status = HTTPStatus.CREATED if result.is_new else HTTPStatus.OK
    return {"status": status, "report": result.told, "problem": None}


def _answered(taken: Taken) -> Reply:
    status = HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK
    return reply(taken.told, status, ETag=f'"{taken.tag}"')


def _condition() -> Condition:
    return Condition(_tags(request.headers, "If-Match"), _tags(request.headers, "If-None-Match"))


def _tags(headers: Headers, name: str) -> frozenset[str]:
    parts = (each.strip() for each in headers.get(name, "").split(","))
    return frozenset(each.removeprefix("W/").strip('"') for each in parts if each)
