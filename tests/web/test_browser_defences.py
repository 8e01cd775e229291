"""What a browser is told and asked on every address: headers, cookies, forms of other sites."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from register.access.key_first import ask_key
from register.access.signing_in import Caller
from register.app import create_app
from register.db import Base
from register.settings import Settings
from register.work import begin_work
from tests.web.conftest import Client
from tests.web.test_matrix import cells, objects

__all__ = ["objects"]

Person = Callable[[str], Client]
Objects = dict[tuple[str, str], str | int]
KEPT_OF_LOOKING = {"audit_event", "audit_head", "audit_node", "audit_subject_key", "opening"}
"""The log, and who was shown which child."""
READS = {"GET", "HEAD", "OPTIONS"}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'; ",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)


def address_of(rule: Rule) -> str:
    """An address of a rule, with something in the place of its parts."""
    address = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        address = address.replace(f"<int:{name}>", "7").replace(f"<path:{name}>", "x")
        address = address.replace(f"<{name}>", "7" if converter == "IntegerConverter" else "x")
    return address


def changing(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address with each method that changes something there."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - READS):
            yield address_of(rule), method


def faults_of(answer: TestResponse, *, is_static: bool = False) -> list[str]:
    headers = answer.headers
    faults = [name for name, value in EVERYWHERE.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    faults += [part for part in POLICY if part not in policy]
    faults += ["unsafe"] if "unsafe" in policy or "*" in policy else []
    faults += [] if "max-age=63072000" in headers.get("Strict-Transport-Security", "") else ["HSTS"]
    faults += [] if is_static or headers.get("Cache-Control") == "no-store" else ["no-store"]
    faults += ["Server"] if "Python" in headers.get("Server", "") else []
    return faults


@pytest.mark.parametrize("username", ["", "amina", "eve"])
def test_headers_are_on_every_answer(app: Flask, as_person: Person, username: str) -> None:
    client = as_person(username) if username else app.test_client()
    asked = 0
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or set()):
            # Not looked at as a page: HEAD and OPTIONS bring none.
            answer = FlaskClient.open(client, address_of(rule), method=method)
            assert not faults_of(answer, is_static=rule.endpoint == "static"), (rule.rule, method)
            asked += 1
    assert asked > 100
    for path, method in (("/nope", "GET"), ("/", "BREW"), ("/api/v1/nope", "GET"), ("/%00", "GET")):
        assert not faults_of(FlaskClient.open(client, path, method=method)), path
    assert not faults_of(client.get("/static/register.css"), is_static=True)
    assert not faults_of(client.post("/sign-in", data="x" * 2_000_000)), "too long"


def test_headers_are_on_an_answer_to_what_nobody_foresaw(app: Flask, as_person: Person) -> None:
    def fail() -> str:
        raise RuntimeError

    app.add_url_rule("/fail", view_func=fail)
    answer = as_person("amina").get("/fail")
    assert answer.status_code == 500
    assert not faults_of(answer)


def test_control_an_answer_without_headers_is_found(app: Flask) -> None:
    app.after_request_funcs.clear()
    app.test_client_class = None
    assert len(faults_of(app.test_client().get("/sign-in"))) > 10


@pytest.mark.parametrize("username", ["amina", "dan", "eve"])
def test_no_form_is_taken_without_its_token(app: Flask, as_person: Person, username: str) -> None:
    client, tried = as_person(username), 0
    for address, method in changing(app):
        for data in ({}, {"csrf_token": "made up"}):
            answer = client.open(address, method=method, data=data)
            assert answer.status_code == 400, (address, method)
            assert "open for too long" in answer.text, (address, method)
            tried += 1
    assert tried >= 40
    assert client.get("/account").status_code == 200, "still signed in"


@pytest.mark.parametrize(
    "said",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_no_form_of_another_site_is_taken(
    app: Flask, as_person: Person, said: dict[str, str]
) -> None:
    client = as_person("amina")
    token = client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]
    for address, method in changing(app):
        answer = client.open(address, method=method, data={"csrf_token": token}, headers=said)
        assert answer.status_code == 403, (address, method)
    assert client.get("/account").status_code == 200


def test_control_a_form_of_ours_is_taken(as_person: Person) -> None:
    client = as_person("amina")
    token = client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]
    ours = {"Origin": "http://localhost"}
    answer = client.post("/sign-out", data={"csrf_token": token}, headers=ours)
    assert answer.status_code == 302


def test_control_a_form_that_asks_no_token_is_found(app: Flask, as_person: Person) -> None:
    app.add_url_rule("/careless", "careless", _careless, methods=["POST"])
    client = as_person("amina")
    assert client.post("/careless").status_code == 400
    app.extensions["csrf"].exempt(_careless)
    assert client.post("/careless").status_code == 204


def _careless() -> Response:
    return Response("", 204, mimetype="text/plain")


def held(engine: Engine) -> dict[str, list[str]]:
    """Give what each table holds, but for what is kept of everybody who looks."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name not in KEPT_OF_LOOKING
        }


def changed_by_asking(
    app: Flask, engine: Engine, objects: Objects, person: Client, username: str
) -> set[str]:
    """Give the tables that change as somebody asks for every page there is, of all there is."""
    before = held(engine)
    asked = [each for each in cells(app, objects) if each.person == username]
    answered = [
        person.open(each.address, method=each.method).status_code
        for each in asked
        if each.method == "GET"
    ]
    assert answered.count(200) > 20
    after = held(engine)
    return {name for name, rows in before.items() if rows != after[name]}


@pytest.mark.parametrize("username", ["amina", "cora", "mel", "dan"])
def test_nothing_is_changed_by_asking(
    app: Flask, engine: Engine, objects: Objects, as_person: Person, username: str
) -> None:
    assert changed_by_asking(app, engine, objects, as_person(username), username) == set()


def test_control_what_a_page_changes_when_it_is_asked_for_is_found(
    app: Flask, engine: Engine, objects: Objects, as_person: Person
) -> None:
    shown = app.view_functions["reviews.waiting"]

    def careless() -> str:
        with begin_work(engine) as work:
            ask_key(work, Caller("192.0.2.1"))
        return str(shown())

    app.view_functions["reviews.waiting"] = careless
    changed = changed_by_asking(app, engine, objects, as_person("dan"), "dan")
    assert changed == {"key_first", "sign_in_attempt"}


def test_nothing_of_ours_is_shown_within_another_site(as_person: Person) -> None:
    client = as_person("amina")
    for mode, place in (("no-cors", "image"), ("navigate", "iframe"), ("cors", "empty")):
        said = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": place}
        assert client.get("/", headers=said).status_code == 403
    ours = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=ours).status_code == 200, "control"


def test_a_link_from_elsewhere_goes_on_from_a_page_of_ours(client: Client) -> None:
    said = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    answer = client.get("/mismatches?state=all", headers=said)
    assert answer.status_code == 200
    assert 'content="0; url=/mismatches?state=all"' in answer.text
    assert "Set-Cookie" not in answer.headers, "or whoever is signed in would be signed out"
    assert 'content="0; url=/"' in client.get("//evil.example/", headers=said).text


def test_cookies_are_kept_to_this_host_and_from_scripts(client: Client) -> None:
    cookies = client.sign_in("amina").headers.getlist("Set-Cookie")
    assert {text.split("=")[0] for text in cookies} == {"__Host-register", "__Host-register-device"}
    for text in cookies:
        for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Strict"):
            assert flag in text
        assert "Domain" not in text


def test_no_other_name_is_answered_where_the_origin_is_set(app: Flask) -> None:
    settings = Settings(secret_key="x", origin="https://register.example")  # noqa: S106  # signs nothing of worth
    named = create_app(settings, app.extensions["register"].engine).test_client()
    assert named.get("/sign-in", base_url="https://register.example").status_code == 200
    assert named.get("/sign-in", base_url="https://evil.example").status_code == 400
