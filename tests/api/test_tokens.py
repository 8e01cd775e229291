"""Tokens: given for credentials, opening what their scopes say, for as long as they hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.api.blueprint import SCOPES
from register.api.gate import PUBLIC
from register.api.house import make_api
from register.app import create_app
from register.audit.models import AuditEvent
from register.clients.models import ClientSecret, ClientToken
from register.clients.service import (
    bar_client,
    create_client,
    end_old_secrets,
    rotate_secret,
)
from register.errors import Conflict, Invalid
from register.settings import Settings
from register.terms import Role
from register.work import OPERATOR, begin_work
from tests.api.conftest import Clock
from tests.api.speaking import API, LEEDS, WEST_YORKSHIRE, Speaker

Speak = Callable[[str], Speaker]
MISSING = "/missing"


def ask(app: Flask, name: str, secret: str, **form: str) -> tuple[int, dict[str, str]]:
    sent = {"grant_type": "client_credentials", **form}
    answer = app.test_client().post(f"{API}/token", data=sent, auth=(name, secret))
    found: dict[str, str] = answer.get_json()
    return answer.status_code, found


def test_only_the_right_secret_gives_a_token(app: Flask, keys: dict[str, str]) -> None:
    assert ask(app, "leeds", keys["leeds"])[0] == 200
    refused = ask(app, "leeds", keys["police"])
    assert refused[0] == 401
    assert ask(app, "nobody", "x") == refused, "whether there is such a client is not told"
    assert ask(app, "leeds", keys["leeds"], grant_type="password")[0] == 400


def test_secret_and_token_are_kept_as_digests_only(
    app: Flask, engine: Engine, keys: dict[str, str]
) -> None:
    _, token = ask(app, "leeds", keys["leeds"])
    with begin_work(engine, writes=False) as work:
        kept = [*work.session.scalars(select(ClientSecret.digest))]
        kept += work.session.scalars(select(ClientToken.digest))
    assert not {keys["leeds"], token["access_token"]} & set(kept)
    assert all(len(digest) == 64 for digest in kept)


def test_a_token_opens_what_its_scopes_say(app: Flask, keys: dict[str, str]) -> None:
    narrow = Speaker(app, "leeds", keys["leeds"], "report:receive")
    assert narrow.put(LEEDS, "L1").status_code == 201
    refused = narrow.ask("GET", MISSING)
    assert refused.status_code == 403
    assert "child:read" in refused.headers["WWW-Authenticate"]
    assert ask(app, "reader", keys["reader"], scope="report:receive")[1]["error"] == "invalid_scope"


def test_a_token_ends_with_its_hour_with_its_client_and_with_its_secrets(
    app: Flask, engine: Engine, clock: Clock, keys: dict[str, str], speak: Speak
) -> None:
    leeds, police = speak("leeds"), speak("police")
    clock.now += timedelta(minutes=59)
    assert leeds.ask("GET", MISSING).status_code == 200
    clock.now += timedelta(minutes=1)
    assert leeds.ask("GET", MISSING).status_code == 401
    assert police.ask("GET", MISSING).status_code == 401
    police = speak("police")
    with begin_work(engine, OPERATOR, clock=clock) as work:
        bar_client(work, "police")
    assert police.ask("GET", MISSING).status_code == 401
    assert ask(app, "police", keys["police"])[0] == 401


def test_two_secrets_are_valid_while_a_key_is_rotated(
    app: Flask, engine: Engine, clock: Clock, keys: dict[str, str]
) -> None:
    def rotate() -> str:
        clock.now += timedelta(minutes=1)
        with begin_work(engine, OPERATOR, clock=clock) as work:
            return rotate_secret(work, "leeds")

    second = rotate()
    assert [ask(app, "leeds", each)[0] for each in (keys["leeds"], second)] == [200, 200]
    third = rotate()
    secrets = (keys["leeds"], second, third)
    assert [ask(app, "leeds", each)[0] for each in secrets] == [401, 200, 200]
    old = Speaker(app, "leeds", second)
    with begin_work(engine, OPERATOR, clock=clock) as work:
        assert end_old_secrets(work, "leeds") == 1
    assert [ask(app, "leeds", each)[0] for each in secrets] == [401, 401, 200]
    assert old.ask("GET", MISSING).status_code == 401


def test_nothing_opens_without_a_token(app: Flask) -> None:
    api = make_api(app.extensions["register"])
    client = app.test_client()
    closed = [rule for rule in api.url_map.iter_rules() if rule.endpoint not in PUBLIC]
    assert len(closed) == len(SCOPES)
    for rule in closed:
        path = rule.rule.replace("<organisation>", LEEDS).replace("<int:number>", "1")
        path = path.replace("<reference:reference>", "x").replace("<path:reference>", "x")
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
                answer = client.open(f"{API}{path}", method=method, headers=header)
                assert answer.status_code == 401, (path, method)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get(f"{API}/nope").status_code == 401, "an unknown address tells nothing"


def test_control_an_operation_that_names_no_scope_is_closed_to_everybody(
    speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    leeds = speak("leeds")
    assert leeds.ask("GET", MISSING).status_code == 200
    monkeypatch.delitem(SCOPES, "lists.missing")
    assert leeds.ask("GET", MISSING).status_code == 403


def test_where_a_certificate_is_asked_for_none_other_will_do(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    mine, other = "ab" * 32, "cd" * 32
    with begin_work(engine, OPERATOR, clock=clock) as work:
        scopes = ["child:read"]
        secret = create_client(work, "bound", Role.MACHINE, LEEDS, scopes, mine.upper())
    settings = Settings(secret_key="-", instance_dir=str(tmp_path), trusted_proxies=1)  # noqa: S106  # of a test
    form = {"grant_type": "client_credentials"}

    def given(proxies: int, shown: str) -> tuple[int, str]:
        app = create_app(replace(settings, trusted_proxies=proxies), engine, clock=clock)
        headers = {"X-Forwarded-Proto": "https", "X-Client-Certificate-SHA256": shown}
        how = {"data": form, "auth": ("bound", secret), "base_url": "https://localhost"}
        answer = app.test_client().post(f"{API}/token", headers=headers, **how)
        return answer.status_code, str((answer.get_json() or {}).get("access_token", ""))

    assert given(1, other)[0] == 401
    assert given(1, "")[0] == 401
    assert given(0, mine)[0] == 401, "without a proxy of one's own nobody's word is taken"
    status, token = given(1, mine)
    assert status == 200
    app = create_app(settings, engine, clock=clock)
    for shown, wanted in ((mine, 200), (other, 401), ("", 401)):
        headers = {"Authorization": f"Bearer {token}", "X-Client-Certificate-SHA256": shown}
        assert app.test_client().get(f"{API}/missing", headers=headers).status_code == wanted


def test_over_plain_http_no_token_is_given(
    engine: Engine, clock: Clock, keys: dict[str, str], tmp_path: Path
) -> None:
    app = create_app(Settings(secret_key="-", instance_dir=str(tmp_path)), engine, clock=clock)  # noqa: S106  # as above
    form = {"grant_type": "client_credentials"}
    for scheme, wanted in (("http", 400), ("https", 200)):
        how = {"data": form, "auth": ("leeds", keys["leeds"])}
        address = f"{scheme}://register.example"
        answer = app.test_client().post(f"{API}/token", base_url=address, **how)
        assert answer.status_code == wanted


def test_what_concerns_clients_is_logged(
    app: Flask, engine: Engine, keys: dict[str, str], speak: Speak
) -> None:
    ask(app, "leeds", "wrong")
    leeds = speak("leeds")
    leeds.ask("GET", f"/reports/{WEST_YORKSHIRE}/X")
    with begin_work(engine, writes=False) as work:
        rows = work.session.execute(select(AuditEvent.kind, AuditEvent.actor)).all()
    found = [(kind, actor) for kind, actor in rows]
    assert found.count(("client:added", "operator")) == len(keys)
    for entry in (
        ("user:refused", "no token"),
        ("token:issued", "client leeds"),
        ("access:refused", "client leeds"),
    ):
        assert entry in found


def test_a_client_that_cannot_be_is_not_made(engine: Engine, keys: dict[str, str]) -> None:
    assert keys
    cases = [
        ("x", Role.MACHINE, LEEDS, ["child:read"]),
        ("system", Role.ADMINISTRATOR, "", ["user:manage"]),
        ("system", Role.MACHINE, "", ["child:read"]),
        ("system", Role.STEWARD, LEEDS, ["child:read"]),
        ("system", Role.MACHINE, LEEDS, ["user:manage"]),
        ("system", Role.MACHINE, LEEDS, []),
    ]
    for case in cases:
        with begin_work(engine, OPERATOR) as work, pytest.raises(Invalid):
            create_client(work, *case)
    with begin_work(engine, OPERATOR) as work, pytest.raises(Conflict):
        create_client(work, "leeds", Role.MACHINE, LEEDS, ["child:read"])
