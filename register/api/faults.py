"""Every error as `application/problem+json` (RFC 9457), with a pointer to each field at fault."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from register.access.notices import tell_exceeded
from register.api.desk import bearer, open_work
from register.audit.service import record
from register.errors import Conflict, Exceeded, Forbidden, Invalid, NotFound, Refused, RegisterError


class Unmet(RegisterError):
    """Something is not in the state that the sender made its condition."""


STATUSES: dict[type[RegisterError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    Exceeded: HTTPStatus.TOO_MANY_REQUESTS,
    Unmet: HTTPStatus.PRECONDITION_FAILED,
}
WAITS = {409: "1", 429: "3600", 503: "5"}
"""Seconds after which to try again what a verb refused for now."""
SENTENCES = {
    400: "The request cannot be read: its body must be one JSON object in UTF-8.",
    401: "A token is needed: ask /api/v1/token for one, and send it as a Bearer.",
    404: "There is no such thing, or none that you may see.",
    405: "This address does not take this method.",
    413: "The request is longer than the register reads: send its items in several.",
    415: "The body must be sent as application/json.",
}
UNFORESEEN = "Something went wrong in the register, and what you sent was not kept. Send it again."


class Problem(Exception):
    """An answer that is a refusal, made by the interface itself and by no verb."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def catch_faults(app: Flask) -> None:
    """Turn every error into a problem; what nobody foresaw is logged, and not shown."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(RegisterError, _known)
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, _unforeseen)


def problem(
    status: HTTPStatus,
    detail: str,
    problems: Mapping[str, str] | None = None,
    prefix: str = "",
) -> dict[str, object]:
    """Write a problem; `problems` are sentences by field, `prefix` a pointer to their object."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "errors": [
            {"pointer": f"{prefix}/{pointer(name)}", "detail": why}
            for name, why in (problems or {}).items()
        ],
    }


def pointer(name: str) -> str:
    """Write a key as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def problem_of(error: RegisterError, prefix: str = "") -> dict[str, object]:
    """Write what a verb refused as a problem."""
    status = next((STATUSES[kind] for kind in type(error).mro() if kind in STATUSES), None)
    if isinstance(error, Invalid):
        sentence = "Some values cannot be accepted; nothing of this was kept."
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, error.problems, prefix)
    return problem(status or HTTPStatus.SERVICE_UNAVAILABLE, str(error))


def http_problem(error: HTTPException) -> Response:
    """Write what the server refused before anything of ours was asked."""
    given = error.get_response()
    status = HTTPStatus(error.code or 500)
    if status < HTTPStatus.BAD_REQUEST:
        return Response(given.get_data(), status, given.headers)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        sentence = SENTENCES[405]
    else:
        sentence = SENTENCES.get(status, SENTENCES[400])
    headers = {"Allow": given.headers["Allow"]} if "Allow" in given.headers else {}
    return _json(problem(status, sentence), headers)


def _known(error: RegisterError) -> Response:
    if isinstance(error, Forbidden | NotFound) and bearer():
        # What was begun is rolled back by now: that it was tried is kept by a work of its own.
        with open_work(writes=True) as work:
            record(work, "access:refused", str(request.endpoint))
    if isinstance(error, Exceeded) and bearer():
        with open_work(writes=True) as work:
            record(work, "access:exceeded", str(request.endpoint))
            tell_exceeded(work)
    body = problem_of(error)
    wait = WAITS.get(int(str(body["status"])))
    return _json(body, {"Retry-After": wait} if wait else None)


def _unforeseen(error: Exception) -> Response:
    current_app.logger.error("unforeseen", exc_info=error)
    return _json(problem(HTTPStatus.INTERNAL_SERVER_ERROR, UNFORESEEN))


def _answer(error: Problem) -> Response:
    return _json(problem(error.status, error.detail), error.headers)


def _json(body: dict[str, object], headers: Mapping[str, str] | None = None) -> Response:
    status = int(str(body["status"]))
    answer = Response(json.dumps(body), status, mimetype="application/problem+json")
    answer.headers.update(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers.setdefault("WWW-Authenticate", 'Bearer realm="register"')
    return answer
