"""The gate: every operation asks for a token and for its scope, unless it is named here."""

from http import HTTPStatus

from flask import Flask, g, request

from register.access.throttle import source_of
from register.api.blueprint import SCOPES
from register.api.desk import NOBODY, certificate, open_work, parts
from register.api.faults import Problem
from register.api.limits import spend
from register.audit.service import record
from register.clients.service import Bearer, find_bearer
from register.work import begin_work

PUBLIC = frozenset({"token.give", "document.page", "document.whole"})
"""All that can be asked for without a token: a token, and what the interface is."""
LONGEST = 1_000_000
"""Bytes of one request: a thousand reports of a batch."""


def put_up_gate(app: Flask) -> None:
    """Close the interface to whoever has no token, and an operation to whoever lacks its scope."""
    app.config["MAX_CONTENT_LENGTH"] = LONGEST
    app.before_request(_ask_for_token)


def _ask_for_token() -> None:
    if request.endpoint in PUBLIC:
        spend(f"address {source_of(request.remote_addr or '')}")
        return
    found = _bearer()
    if found is None:
        spend(f"address {source_of(request.remote_addr or '')}")
        error = 'error="invalid_token"' if "Authorization" in request.headers else ""
        if error:
            here = parts()
            with begin_work(here.engine, NOBODY, clock=here.clock) as work:
                record(work, "access:refused", str(request.endpoint), why="no such token")
        challenge = f'Bearer realm="register"{", " + error if error else ""}'
        sentence = "A token is needed: ask /api/v1/token for one, and send it as a Bearer."
        raise Problem(HTTPStatus.UNAUTHORIZED, sentence, {"WWW-Authenticate": challenge})
    g.bearer = found
    spend(found.actor.name)
    if request.endpoint is None:
        return  # there is no such address, which is told once who asks is known
    scope = SCOPES.get(request.endpoint)
    if scope is None or scope not in found.scopes:
        with open_work(writes=True) as work:
            record(work, "access:refused", request.endpoint, why="scope")
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"This token does not open that: it lacks the scope {scope or 'of it'}.",
            {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope or ""}"'},
        )


def _bearer() -> Bearer | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        return None
    here = parts()
    with begin_work(here.engine, NOBODY, clock=here.clock, writes=False) as work:
        return find_bearer(work, token.strip(), certificate())
