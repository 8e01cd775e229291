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
            for status in sorted({*told.refusals, *self._refusals(told)}):
                made = self._refused(status)(made)
            for status, schema in told.oddities.items():
                made = self.alt_response(status, schema=schema)(made)
            if told.sent is not None:
                made = self._sent(told.sent)(made)
            made = self.doc(security=_security(told.scope))(made)
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
            description=HTTPStatus(status).phrase,
            success=True,
        )

    def _refused(self, status: int) -> Any:  # noqa: ANN401  # as above
        headers = {name: HEADERS[name] for name in REFUSAL_HEADERS.get(status, ())}
        return self.alt_response(
            status,
            schema=ProblemAnswer,
            content_type="application/problem+json",
            headers=headers,
            description=HTTPStatus(status).phrase,
            example=_example(HTTPStatus(status)),
        )


def _security(scope: Permission | None) -> list[dict[str, list[str]]]:
    return [{"token": [scope.value]}] if scope else []


def _header(description: str, kind: str = "string") -> dict[str, object]:
    return {"description": description, "schema": {"type": kind}}


HEADERS: Mapping[str, Mapping[str, object]] = {
    "ETag": _header("The version of the report that counts; for If-Match and If-None-Match"),
    "RateLimit-Limit": _header("Requests that this client may make at once", "integer"),
    "RateLimit-Remaining": _header("How many of them are left", "integer"),
    "RateLimit-Reset": _header("Seconds until all of them are there again", "integer"),
    "Retry-After": _header("Seconds after which to try again", "integer"),
    "WWW-Authenticate": _header("What the token lacks (RFC 6750)"),
    "Idempotency-Replayed": _header("`true`: this is the answer that was given before"),
}
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
REFUSAL_HEADERS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    403: (),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def _example(status: HTTPStatus) -> Mapping[str, object]:
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": f"{status.description or status.phrase}.",
        "errors": [],
    }
