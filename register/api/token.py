"""Tokens: OAuth 2 client credentials (RFC 6749, 4.4), bound to a certificate where one is asked."""

from http import HTTPStatus

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InsecureTransportError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from flask import Flask, Response, current_app, g

from register.api.blueprint import Answer, Asks, Blueprint, Operation
from register.api.desk import NOBODY, certificate, parts
from register.api.faults import Problem
from register.api.schemas import OAuthRefusal, TokenAnswer, TokenAsked
from register.audit.service import record
from register.clients.service import TOKEN_LASTS, Known, find_client, issue_token
from register.work import Work, begin_work

tokens = Blueprint("token", __name__, description="Tokens, by OAuth 2 client credentials.")
_OVER_TLS = (
    "Tokens are given over TLS only. Where a proxy of your own ends it, set "
    "REGISTER_TRUSTED_PROXIES, and have it say X-Forwarded-Proto."
)
TOKEN = {"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 3600}


class _Asker(ClientMixin):  # type: ignore[misc]  # the library ships no types
    """Whoever asks for a token, as Authlib knows a client; known or not, it looks the same."""

    def __init__(self, name: str, work: Work) -> None:
        self.name, self.work = name, work
        self.client: Known | None = None

    def check_client_secret(self, client_secret: str) -> bool:
        self.client = find_client(self.work, self.name, client_secret, certificate())
        return self.client is not None

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method in _Grant.TOKEN_ENDPOINT_AUTH_METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Give what was asked for, all if nothing was; None, a refusal, for what is not held."""
        held = (self.client.scopes if self.client else "").split()
        asked = (scope or "").split() or held
        return " ".join(asked) if set(asked) <= set(held) else None


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]  # as above
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")


def issue_tokens(app: Flask) -> None:
    """Teach the application to give tokens."""
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {_Grant.GRANT_TYPE: int(TOKEN_LASTS.total_seconds())}
    app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = _make_token
    server = AuthorizationServer(app, query_client=_find, save_token=lambda _token, _request: None)
    server.register_grant(_Grant)
    app.extensions["register-tokens"] = server


@tokens.operation(
    "POST",
    "/token",
    Operation(
        scope=None,
        sent=Asks(TokenAsked, {"grant_type": "client_credentials"}, "form"),
        answers={200: Answer(TokenAnswer, TOKEN)},
        refusals=(429,),
        oddities={400: OAuthRefusal, 401: OAuthRefusal},
    ),
)
def give() -> Response:
    """Give a token for client credentials.

    It holds for an hour. Name and secret go into HTTP Basic, or into the form.
    """
    here = parts()
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        g.work = work
        try:
            answer: Response = current_app.extensions["register-tokens"].create_token_response()
        except InsecureTransportError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, _OVER_TLS) from error
        if answer.status_code != HTTPStatus.OK:
            record(work, "user:refused", why="client credentials")
    return answer


def _find(name: str) -> _Asker:
    return _Asker(name, g.work)


def _make_token(client: _Asker, scope: str, **_rest: object) -> str:
    if client.client is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "No client is known.")
    g.work.actor = client.client.actor
    return issue_token(g.work, client.client, scope, certificate())
