"""The blueprint that every operation stands on: what it takes, asks for, answers and refuses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema

from register.access.policy import Permission
from register.api.schemas import ProblemAnswer

View = TypeVar("View", bound=Callable[..., Any])
SCOPES: dict[str, Permission] = {}
"""What each operation asks of its token, by endpoint; one that is not here is closed."""
ALWAYS = (401, 403, 429, 503)
"""How every operation that asks for a token may refuse."""
FORM = "application/x-www-form-urlencoded"
_POINTED = [{"pointer": "/missing_at", "detail": "is missing"}]
_OF_BODIES = (400, 413, 415, 422)


@dataclass(frozen=True, slots=True)
class Asks:
    """What an operation is sent: by which schema, where, and an example."""

    schema: type[Schema]
    example: Mapping[str, object] | None = None
    location: str = "json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers: by which schema, an example, and the headers that it bears."""

    schema: type[Schema] | None
    example: Mapping[str, object] | None = None
    headers: tuple[str, ...] = ()
    description: str = ""
    links: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Operations that take what this answer tells (OpenAPI's links)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as the document tells it; `parameters` are those of its path and headers."""

    scope: Permission | None
    answers: Mapping[int, Answer]
    sent: Asks | None = None
    refusals: tuple[int, ...] = ()
    oddities: Mapping[int, type[Schema]] = field(default_factory=dict)
    """Refusals that another standard gives another form."""
    parameters: tuple[Mapping[str, object], ...] = ()


class Blueprint(SmorestBlueprint):  # type: ignore[misc]  # the library ships no types
    """A blueprint of ours."""

    def operation(self, method: str, rule: str, told: Operation) -> Callable[[View], View]:
        """Register a view as an operation, with its scope and its part of the document."""

        def register(view: View) -> View:
            if told.scope is not None:
                SCOPES[f"{self.name}.{view.__name__}"] = told.scope
            made: Any = view
            for status, answer in told.answers.items():
                made = self._answered(status, answer)(made)
                if answer.links:
                    made = self.doc(responses={status: {"links": answer.links}})(made)
            for status in sorted({*told.refusals, *self._refusals(told)}):
                made = self.alt_response(status, response=HTTPStatus(status).name)(made)
            for status, schema in told.oddities.items():
                made = self.alt_response(status, schema=schema)(made)
            if told.sent is not None:
                made = self._sent(told.sent)(made)
            name = f"{self.name}_{view.__name__}"
            made = self.doc(security=_security(told.scope), operationId=name)(made)
            self.route(rule, methods=[method], parameters=list(told.parameters))(made)
            return view

        return register

    @staticmethod
    def _refusals(told: Operation) -> tuple[int, ...]:
        asks = ALWAYS if told.scope else ()
        return (*asks, *(_OF_BODIES if told.sent and told.sent.location == "json" else ()))

    def _sent(self, sent: Asks) -> Any:  # noqa: ANN401  # the library's decorator
        # Told, and not judged here: that is for the one validator of reports, and for the verbs.
        told = {"schema": sent.schema, "example": sent.example or {}}
        kind = FORM if sent.location == "form" else "application/json"
        return self.doc(requestBody={"required": True, "content": {kind: told}})

    def _answered(self, status: int, answer: Answer) -> Any:  # noqa: ANN401  # as above
        headers = {name: HEADERS[name] for name in (*answer.headers, *LIMITS)}
        return self.alt_response(
            status,
            schema=answer.schema,
            example=answer.example,
            headers=headers,
            description=answer.description or HTTPStatus(status).phrase,
            success=True,
        )


def link(operation: str, **parameters: str) -> Mapping[str, object]:
    """Name an operation that takes what an answer tells, and where in the answer it stands."""
    return {"operationId": operation, "parameters": parameters}


def _security(scope: Permission | None) -> list[dict[str, list[str]]]:
    return [{"token": [scope.value]}] if scope else []


def _header(description: str, kind: str = "string") -> dict[str, object]:
    return {"description": description, "schema": {"type": kind}}


HEADERS: Mapping[str, Mapping[str, object]] = {
    "ETag": _header("The version of what is answered; for If-Match and If-None-Match"),
    "RateLimit-Limit": _header("Requests that this client may make at once", "integer"),
    "RateLimit-Remaining": _header("How many of them are left", "integer"),
    "RateLimit-Reset": _header("Seconds until all of them are there again", "integer"),
    "Retry-After": _header("Seconds after which to try again", "integer"),
    "WWW-Authenticate": _header("What the token lacks (RFC 6750)"),
    "Idempotency-Replayed": _header("`true`: this is the answer that was given before"),
}
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
WHY: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "No token, or one that does not hold",
    403: "The token does not open this",
    404: "There is no such thing, or none that one may see",
    409: "It contradicts what is known now, or is being answered",
    412: "The report is not as the condition says",
    413: "The request is too long",
    415: "The body is not application/json",
    422: "Some values cannot be accepted",
    429: "Too many requests",
    503: "The register is busy",
}
_HEADERS_OF: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def refusals() -> Mapping[str, Mapping[str, object]]:
    """Give every refusal, by the name under which operations refer to it."""
    return {HTTPStatus(status).name: _refusal(HTTPStatus(status)) for status in WHY}


def _refusal(status: HTTPStatus) -> Mapping[str, object]:
    example = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": f"{WHY[status]}.",
        "errors": _POINTED if status == HTTPStatus.UNPROCESSABLE_ENTITY else [],
    }
    content = {"schema": ProblemAnswer, "example": example}
    headers = {name: HEADERS[name] for name in _HEADERS_OF.get(status, ())}
    return {
        "description": WHY[status],
        "content": {"application/problem+json": content},
        **({"headers": headers} if headers else {}),
    }
