"""Reports: sent one by one, read back as they stand."""

from http import HTTPStatus

from flask import jsonify, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Blueprint, Operation, Sent
from register.api.bodies import read_object
from register.api.desk import open_work
from register.api.faults import Problem
from register.api.parameters import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    ORGANISATION,
    REFERENCE,
)
from register.api.receiving import Condition, Taken, Unmet, take
from register.api.schemas import EXAMPLE, HeldReport, ReportAnswer, ReportSent
from register.api.told import told_held
from register.inspection.own_reports import own_report

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
ONE = "/reports/<organisation>/<path:reference>"


@reports.operation(
    "PUT",
    ONE,
    Operation(
        scope=Permission.REPORT_RECEIVE,
        sent=Sent(ReportSent, EXAMPLE),
        answers={
            201: Answer(ReportAnswer, ANSWER, ("ETag",)),
            200: Answer(ReportAnswer, ANSWER, ("ETag",)),
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
    sent = read_object()
    try:
        with open_work(writes=True) as work:
            taken = take(work, organisation, reference, sent, _condition())
    except Unmet as unmet:
        raise Problem(
            HTTPStatus.PRECONDITION_FAILED, "The report is not as you say that it is."
        ) from unmet
    return _answered(taken)


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


def _answered(taken: Taken) -> Response:
    answer = jsonify(taken.told)
    answer.status_code = HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK
    answer.set_etag(taken.tag)
    return answer


def _condition() -> Condition:
    return Condition(_tags(request.headers, "If-Match"), _tags(request.headers, "If-None-Match"))


def _tags(headers: Headers, name: str) -> frozenset[str]:
    parts = (each.strip() for each in headers.get(name, "").split(","))
    return frozenset(each.removeprefix("W/").strip('"') for each in parts if each)
