"""Errors as an answer: a page for people, `application/problem+json` for programs."""

import json
import re
from http import HTTPStatus

from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from register.access.notices import tell_exceeded
from register.audit.service import record
from register.errors import (
    Conflict,
    Exceeded,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    RegisterError,
    Unavailable,
)
from register.keyring import KeysUnusable
from register.web.desk import open_work, visitor

STATUSES: dict[type[RegisterError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    Exceeded: HTTPStatus.TOO_MANY_REQUESTS,
    KeysUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
SENTENCES = {
    400: "The register could not read what was sent. Go back and try again.",
    401: "Sign in first.",
    403: "This may not be done from here. Go back to the register and try again from its own page.",
    404: "There is no such page, or none that you may see. Check the address.",
    405: "This address does not take what was sent. Go back and use the form on the page.",
    413: "The file is larger than the register reads. Split it and send the parts.",
}
EXPIRED = (
    "The page was open for too long, or you were signed out. Nothing was kept: "
    "go back, load the page again and send it once more."
)
UNFORESEEN = (
    "Something went wrong in the register, and what you sent was not kept. "
    "Try again in a few minutes; if it happens again, tell the people who run the register."
)
UNAVAILABLE = (
    "The register cannot read its data, or cannot write its log, so nothing is shown and nothing "
    "was kept. Try again in a few minutes; if it happens again, tell the people who run it."
)

_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[CEce][0-9A-Za-z \-]{7,16}")


def catch_faults(app: Flask) -> None:
    """Turn every error into an answer; what nobody foresaw is logged, and not shown."""
    app.register_error_handler(RegisterError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _without_database)
    app.register_error_handler(Exception, _unforeseen)


def _known(error: RegisterError) -> Response:
    if isinstance(error, Forbidden | NotFound) and visitor().is_authenticated:
        # What was begun is rolled back by now: that it was tried is kept by a work of its own.
        try:
            with open_work(writes=True) as work:
                record(work, "access:refused", f"{request.endpoint} {_asked_number()}".strip())
        except DBAPIError as failure:
            return _without_database(failure)
    if isinstance(error, Exceeded):
        with open_work(writes=True) as work:
            record(work, "access:exceeded", f"{request.endpoint}")
            tell_exceeded(work)
    status = next((STATUSES[kind] for kind in type(error).mro() if kind in STATUSES), None)
    problems = error.problems if isinstance(error, Invalid) else {}
    return _answer(status or HTTPStatus.BAD_REQUEST, str(error), problems)


def _asked_number() -> str:
    # What reads as no register number may be a child's name, typed into the wrong field.
    asked = str((request.view_args or {}).get("number", ""))
    return asked if _LIKE_A_NUMBER.fullmatch(asked) else ""


def _http(error: HTTPException) -> Response:
    given = error.get_response()
    code = error.code or 500
    if code < HTTPStatus.BAD_REQUEST:
        return Response(given.get_data(), code, given.headers)
    sentence = EXPIRED if isinstance(error, CSRFError) else SENTENCES.get(code, SENTENCES[400])
    answer = _answer(HTTPStatus(code), sentence, {})
    if "Allow" in given.headers:
        answer.headers["Allow"] = given.headers["Allow"]
    return answer


def _without_database(error: DBAPIError) -> Response:
    # Whatever could not be read or kept: without an entry in the log, nothing is shown.
    current_app.logger.error("the database failed", exc_info=error)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE, {})


def _unforeseen(error: Exception) -> Response:
    current_app.logger.error("unforeseen", exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, UNFORESEEN, {})


def _answer(status: HTTPStatus, sentence: str, problems: dict[str, str]) -> Response:
    if not request.path.startswith("/api/"):
        page = render_template("fault.html", status=status, sentence=sentence, problems=problems)
        return Response(page, status)
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": sentence,
        "errors": [{"pointer": f"/{name}", "detail": why} for name, why in problems.items()],
    }
    return Response(json.dumps(body), status, mimetype="application/problem+json")
