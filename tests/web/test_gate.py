"""Nothing opens without sign-in, a session ends when it should, and other sites cannot post."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.access.models import LoginSession
from register.audit.models import AuditEvent
from register.web.gate import PUBLIC
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.people import PASSWORD

Person = Callable[[str], Client]


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every address but the public ones, with each method it takes."""
    found = []
    for rule in app.url_map.iter_rules():
        address = rule.rule
        for name in rule.arguments:
            converter = rule._converters[name].__class__.__name__
            value = "7" if converter == "IntegerConverter" else "x"
            address = address.replace(f"<{name}>", value).replace(f"<int:{name}>", value)
        if rule.endpoint not in PUBLIC:
            found += [(address, method) for method in (rule.methods or set()) - {"OPTIONS"}]
    return sorted(found)


def test_every_address_asks_for_sign_in(app: Flask, client: Client) -> None:
    closed = addresses(app)
    assert ("/", "GET") in closed
    for address, method in closed:
        answer = client.open(address, method=method)
        if method in {"GET", "HEAD"}:
            assert answer.status_code == 302, (address, method)
            assert answer.headers["Location"].startswith("/sign-in"), address
        else:
            assert answer.status_code == 401, (address, method)


def test_control_an_address_that_is_forgotten_is_closed_too(
    app: Flask, client: Client, as_person: Person
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: ("secret", {"Content-Type": "text/plain"}))
    assert client.get("/forgotten").status_code == 302
    assert as_person("amina").get("/forgotten").text == "secret"


def test_an_unknown_address_tells_a_stranger_nothing(client: Client) -> None:
    assert client.get("/nope").status_code == 302


def test_signing_in_goes_on_to_where_one_was_going(client: Client) -> None:
    asked = client.get("/mismatches?state=open")
    assert asked.headers["Location"] == "/sign-in?next=/mismatches?state%3Dopen"
    answer = client.send(
        "/sign-in", username="amina", password=PASSWORD, next="/mismatches?state=open"
    )
    assert answer.headers["Location"] == "/mismatches?state=open"


@pytest.mark.parametrize(
    "next_", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\\b", "/\t/e"]
)
def test_signing_in_never_leads_elsewhere(client: Client, next_: str) -> None:
    answer = client.send("/sign-in", username="amina", password=PASSWORD, next=next_)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("username", ["amina", "nobody"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(client: Client, username: str) -> None:
    answer = client.send("/sign-in", username=username, password="wrong wrong wrong")  # noqa: S106  # of nobody
    assert answer.status_code == 401
    assert "Username and password do not fit together" in answer.text
    assert "Error: Sign in" in answer.text


def test_too_many_tries_must_wait(client: Client) -> None:
    for _ in range(10):
        client.send("/sign-in", username="amina", password="wrong wrong wrong")  # noqa: S106  # of nobody
    answer = client.send("/sign-in", username="amina", password=PASSWORD)
    assert answer.status_code == 401
    assert "Wait 16 minutes, then" in answer.text


def test_signing_out_ends_the_session_at_the_server(as_person: Person) -> None:
    amina = as_person("amina")
    copy = amina.get_cookie("__Host-register")
    assert copy is not None
    assert amina.send("/", "/sign-out").headers["Location"] == "/sign-in"
    amina.set_cookie("__Host-register", copy.value)
    assert amina.get("/").status_code == 302, "a copy of the cookie opens nothing"


def test_the_cookie_is_new_after_signing_in_and_kept_from_scripts(client: Client) -> None:
    client.get("/sign-in")
    before = client.get_cookie("__Host-register")
    answer = client.sign_in("amina")
    after = client.get_cookie("__Host-register")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    text = answer.headers["Set-Cookie"]
    assert "; Secure;" in text
    assert "HttpOnly" in text
    assert "SameSite=Strict" in text
    assert "Domain" not in text


def test_signing_in_as_somebody_else_ends_the_first_session(
    as_person: Person, engine: Engine
) -> None:
    amina = as_person("amina")
    form = amina.get("/").text
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    again = {"csrf_token": token, "username": "ben", "password": PASSWORD}
    assert amina.post("/sign-in", data=again).status_code == 302
    with begin_work(engine) as work:
        ended = work.session.scalars(select(LoginSession.ended_at)).all()
    assert [at is None for at in ended].count(True) == 1


def test_a_session_that_is_idle_ends(as_person: Person, clock: Clock) -> None:
    amina = as_person("amina")
    clock.now += timedelta(minutes=14)
    assert amina.get("/").status_code == 200
    clock.now += timedelta(minutes=14)
    assert amina.get("/").status_code == 200
    clock.now += timedelta(minutes=15)
    assert amina.get("/").status_code == 302


def test_a_post_without_the_token_of_the_form_is_refused(as_person: Person) -> None:
    amina = as_person("amina")
    answer = amina.post("/sign-out")
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert amina.get("/").status_code == 200, "still signed in"


def test_a_post_from_another_site_is_refused(as_person: Person) -> None:
    amina = as_person("amina")
    token = amina.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    for site in ("cross-site", "same-site"):
        answer = amina.post(
            "/sign-out", data={"csrf_token": token}, headers={"Sec-Fetch-Site": site}
        )
        assert answer.status_code == 403
    answer = amina.post(
        "/sign-out", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 302


def test_signing_in_and_out_and_refusals_are_logged(client: Client, engine: Engine) -> None:
    client.send("/sign-in", username="my password by mistake", password="-")  # noqa: S106  # of nobody
    client.send("/sign-in", username="amina", password="wrong wrong wrong")  # noqa: S106  # of nobody
    client.sign_in("amina")
    client.send("/", "/sign-out")
    with begin_work(engine) as work:
        rows = work.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
        found = [
            (row.kind, row.actor, row.subject)
            for row in rows
            if row.kind.startswith("user:") and row.kind != "user:added"
        ]
    assert found == [
        ("user:refused", "not signed in", ""),
        ("user:refused", "not signed in", "user amina"),
        ("user:signed_in", "amina", "user amina"),
        ("user:signed_out", "amina", "user amina"),
    ]


def test_a_long_form_is_refused_by_the_gate(as_person: Person) -> None:
    amina = as_person("amina")
    answer = amina.post("/sign-out", data={"csrf_token": "x" * 2_000_000})
    assert answer.status_code == 413
