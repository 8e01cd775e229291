"""The second step: set up on the first day, asked for at each sign-in, good for one time only."""

import html
import re
from base64 import b32decode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from register.access.models import Factor
from register.app import create_app
from register.work import begin_work
from tests.authenticator import SecurityKey, code_at
from tests.web.conftest import Client, Clock, hidden_of

ORIGIN = "https://register.example"
Begin = Callable[[], Client]


class There(Client):
    """A browser that asks for the register by its name."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Send to the register's own name."""
        kwargs.setdefault("base_url", ORIGIN)
        return super().open(*args, **kwargs)


@pytest.fixture
def begin(app: Flask, clock: Clock) -> Begin:
    """Give a way to begin in a new browser, where a second step is asked for."""
    here = app.extensions["register"]
    settings = replace(here.settings, second_factor=True, origin=ORIGIN)
    strict = create_app(settings, here.engine, clock=clock)
    strict.test_client_class = There

    def open_browser() -> Client:
        client = strict.test_client()
        assert isinstance(client, Client)
        return client

    return open_browser


def password(client: Client, username: str = "amina", next_: str = "") -> str:
    """Give the password, and the page that follows."""
    answer = client.send("/sign-in", username=username, password="a long enough phrase", next=next_)  # noqa: S106  # of nobody
    assert answer.headers["Location"].startswith("/sign-in/second-step")
    return client.get(answer.headers["Location"]).text


def secret_on(page: str) -> bytes:
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found
    return b32decode(found[1].replace(" ", ""))


def asked_on(page: str) -> str:
    found = re.search(r'data-security-key="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def set_up_app(client: Client, clock: Clock, page: str) -> bytes:
    secret = secret_on(page)
    answer = client.post(
        "/sign-in/set-up",
        data={
            **hidden_of(page),
            "answer": "",
            "app_name": "telephone",
            "code": code_at(secret, clock.now),
        },
    )
    assert answer.status_code == 302, answer.text
    return secret


def set_up_key(client: Client, page: str, key: SecurityKey) -> None:
    answer = client.post(
        "/sign-in/set-up",
        data={**hidden_of(page), "key_name": "blue key", "answer": key.join(asked_on(page))},
    )
    assert answer.status_code == 302, answer.text


def give_code(client: Client, page: str, code: str) -> int:
    sent = {**hidden_of(page), "answer": "", "code": code}
    return client.post("/sign-in/second-step", data=sent).status_code


def give_answer(client: Client, page: str, answer: str) -> int:
    sent = {**hidden_of(page), "answer": answer}
    return client.post("/sign-in/second-step", data=sent).status_code


def test_a_password_alone_opens_nothing(begin: Begin) -> None:
    client = begin()
    page = password(client)
    assert "Set up a second step" in page
    for path in ("/", "/account", "/mismatches"):
        assert client.get(path).headers["Location"].startswith("/sign-in")


def test_an_app_is_set_up_on_the_first_day_and_asked_for_ever_after(
    begin: Begin, clock: Clock
) -> None:
    client = begin()
    secret = set_up_app(client, clock, password(client, next_="/mismatches"))
    assert client.get("/mismatches").status_code == 200
    clock.now += timedelta(minutes=2)
    other = begin()
    page = password(other)
    assert "Second step" in page
    assert give_code(other, page, "000000") == 401
    assert give_code(other, page, code_at(secret, clock.now)) == 302
    assert other.get("/").status_code == 200


def test_a_code_counts_once_and_only_in_its_time(begin: Begin, clock: Clock) -> None:
    secret = set_up_app(first := begin(), clock, password(first))
    used = code_at(secret, clock.now)
    thief = begin()
    assert give_code(thief, password(thief), used) == 401, "the code that set it up"
    clock.now += timedelta(minutes=2)
    code = code_at(secret, clock.now)
    one, two = begin(), begin()
    pages = password(one), password(two)
    assert give_code(one, pages[0], code) == 302
    assert give_code(two, pages[1], code) == 401, "looked at over a shoulder"
    clock.now += timedelta(minutes=2)
    assert give_code(two, pages[1], code) == 401, "an old one"
    assert give_code(two, pages[1], code_at(secret, clock.now)) == 302, "control: a new one"


def test_the_secret_of_an_app_is_encrypted_in_the_database(
    begin: Begin, clock: Clock, engine: Engine
) -> None:
    secret = set_up_app(client := begin(), clock, password(client))
    with begin_work(engine, writes=False) as work:
        row = work.session.scalars(select(Factor)).one()
        assert secret not in row.material
        assert len(row.material) > len(secret) + 12


@pytest.mark.parametrize("counts", [True, False])
def test_a_security_key_is_set_up_and_asked_for(begin: Begin, *, counts: bool) -> None:
    key = SecurityKey(ORIGIN, counts=counts)
    set_up_key(first := begin(), password(first), key)
    assert first.get("/").status_code == 200
    second = begin()
    page = password(second)
    assert give_answer(second, page, key.sign(asked_on(page))) == 302
    assert second.get("/").status_code == 200


@pytest.mark.parametrize("counts", [True, False])
def test_what_a_key_answered_counts_once(begin: Begin, *, counts: bool) -> None:
    key = SecurityKey(ORIGIN, counts=counts)
    set_up_key(first := begin(), password(first), key)
    one = begin()
    page = password(one)
    answer = key.sign(asked_on(page))
    cookie = one.get_cookie("__Host-register", domain="register.example")
    assert cookie is not None
    assert give_answer(one, page, answer) == 302
    thief = begin()
    thief.set_cookie("__Host-register", cookie.value, domain="register.example")
    sent = {**hidden_of(page), "answer": answer}
    replayed = thief.post("/sign-in/second-step", data=sent)
    assert replayed.headers["Location"].startswith("/sign-in?"), "half a sign-in is used up"
    assert thief.get("/").status_code == 302
    assert one.get("/").status_code == 200, "control: the first time it opened"
    two = begin()
    other = password(two)
    assert give_answer(two, other, answer) == 401, "a challenge stands for one sign-in"
    assert give_answer(two, other, key.sign(asked_on(other))) == 401, "and for one answer"
    again = two.get("/sign-in/second-step").text
    assert give_answer(two, again, key.sign(asked_on(again))) == 302, "control: the next one"


@pytest.mark.parametrize(
    "said",
    [
        {"origin": "https://register.example.evil.example"},
        {"origin": "http://register.example"},
        {"type": "webauthn.create"},
        {"challenge": "AAAA"},
    ],
)
def test_a_key_that_answered_another_site_opens_nothing(begin: Begin, said: dict[str, str]) -> None:
    key = SecurityKey(ORIGIN)
    set_up_key(first := begin(), password(first), key)
    client = begin()
    page = password(client)
    assert give_answer(client, page, key.sign(asked_on(page), **said)) == 401
    page = client.get("/sign-in/second-step").text
    assert give_answer(client, page, key.sign(asked_on(page))) == 302, "control"


def test_a_copy_of_a_key_is_found_by_its_count(begin: Begin) -> None:
    key = SecurityKey(ORIGIN)
    set_up_key(first := begin(), password(first), key)
    client = begin()
    page = password(client)
    assert give_answer(client, page, key.sign(asked_on(page))) == 302
    key.count -= 1
    thief = begin()
    page = password(thief)
    assert give_answer(thief, page, key.sign(asked_on(page))) == 401


def test_another_persons_key_opens_nothing(begin: Begin) -> None:
    key, other = SecurityKey(ORIGIN), SecurityKey(ORIGIN)
    set_up_key(first := begin(), password(first), key)
    set_up_key(second := begin(), password(second, "ben"), other)
    client = begin()
    page = password(client)
    assert give_answer(client, page, other.sign(asked_on(page))) == 401


@pytest.mark.parametrize("answer", ["{}", "[]", "null", "x", '{"id": 1}', "{" * 9000, "9" * 30000])
def test_what_no_key_answers_opens_nothing(begin: Begin, answer: str) -> None:
    set_up_key(first := begin(), password(first), SecurityKey(ORIGIN))
    client = begin()
    assert give_answer(client, password(client), answer) == 401


def guess(begin: Begin) -> None:
    """Fill the bucket of Amina's account."""
    thief = begin()
    for _ in range(11):
        sent = {"username": "amina", "password": "wrong wrong wrong"}
        answer = thief.send("/sign-in", **sent)
    assert "use it first" in answer.text


def test_a_key_first_lets_a_new_browser_in_while_somebody_guesses(begin: Begin) -> None:
    key = SecurityKey(ORIGIN, counts=False)
    set_up_key(first := begin(), password(first), key)
    guess(begin)
    client = begin()
    sent = {"username": "amina", "password": "a long enough phrase"}
    assert "too many tries" in client.send("/sign-in", **sent).text, "control: by the password"
    client.send("/sign-in/key", "/sign-in/key/ask")
    page = client.get("/sign-in/key").text
    signed = key.sign(asked_on(page))
    cookie = client.get_cookie("__Host-register", domain="register.example")
    assert cookie is not None
    answer = client.post("/sign-in/key", data={**hidden_of(page), "answer": signed})
    assert answer.headers["Location"] == "/sign-in?next=/"
    assert client.get("/").status_code == 302, "a key alone opens nothing"
    assert "Second step" in password(client)
    thief = begin()
    thief.set_cookie("__Host-register", cookie.value, domain="register.example")
    again = thief.post("/sign-in/key", data={**hidden_of(page), "answer": signed})
    assert again.headers["Location"].startswith("/sign-in/key"), "a question stands for one answer"
    assert "too many tries" in thief.send("/sign-in", **sent).text


def is_known_by(begin: Begin, key: SecurityKey, **said: str) -> bool:
    """Tell whether a new browser is known by what a key answers."""
    client = begin()
    client.send("/sign-in/key", "/sign-in/key/ask")
    page = client.get("/sign-in/key").text
    sent = {**hidden_of(page), "answer": key.sign(asked_on(page), **said)}
    goes_on = client.post("/sign-in/key", data=sent).headers["Location"] == "/sign-in?next=/"
    device = client.get_cookie("__Host-register-device", domain="register.example")
    assert goes_on is (device is not None)
    return goes_on


def test_a_key_of_nobody_or_of_another_site_makes_no_browser_known(begin: Begin) -> None:
    key, stranger = SecurityKey(ORIGIN, counts=False), SecurityKey(ORIGIN, counts=False)
    set_up_key(first := begin(), password(first), key)
    assert not is_known_by(begin, stranger), "of nobody"
    stranger.id = key.id
    assert not is_known_by(begin, stranger), "of nobody, under somebody's name"
    assert not is_known_by(begin, key, origin="https://evil.example")
    assert not is_known_by(begin, key, challenge="AAAA")
    assert is_known_by(begin, key), "control"
