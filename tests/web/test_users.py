"""The administrator's pages: who may sign in, what they may be, who vouches, who begins anew."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.access.models import User
from register.access.service import create_user
from register.audit.models import AuditEvent
from register.terms import Role
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.people import LEEDS, PASSWORD, PEOPLE

Person = Callable[[str], Client]
NEW = {
    "username": "greg",
    "name": "Greg Test",
    "role": "authority_user",
    "organisation": LEEDS,
    "sponsor": "Sue Sponsor",
}


@pytest.fixture
def flo(app: Flask, engine: Engine, as_person: Person) -> Client:
    """Give a second administrator, signed in."""
    with begin_work(engine, clock=app.extensions["register"].clock) as work:
        create_user(
            work, username="flo", name="Flo Test", role=Role.ADMINISTRATOR, password=PASSWORD
        )
    return as_person("flo")


def told(page: str) -> str:
    found = re.search(r'register-secret">([\w-]+)<', page)
    assert found
    return found[1]


def test_a_person_is_added_and_must_choose_a_password(as_person: Person, app: Flask) -> None:
    eve = as_person("eve")
    page = eve.send("/users/add", **NEW)
    assert page.status_code == 200
    password = told(page.text)
    greg = app.test_client()
    assert isinstance(greg, Client)
    greg.send("/sign-in", username="greg", password=password)
    for path in ("/", "/mismatches", "/account"):
        assert greg.get(path).headers["Location"] == "/account/password"
    answer = greg.send("/account/password", present=password, password="gravel teapot mirror")  # noqa: S106  # of nobody
    assert answer.headers["Location"] == "/account"
    assert greg.get("/").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "A B"}, "Username must be 2 to 80"),
        ({"name": ""}, "Name must be given"),
        ({"role": "operator"}, "Role must be one of the list"),
        ({"role": ""}, "Role must be one of the list"),
        ({"organisation": "X1"}, "Organisation must be one of the list"),
        ({"organisation": ""}, "Organisation must be given"),
        ({"sponsor": ""}, "Sponsor must be named"),
        ({"username": "amina"}, "The username amina is taken"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_told(
    as_person: Person, change: dict[str, str], said: str
) -> None:
    page = as_person("eve").send("/users/add", **(NEW | change))
    assert page.status_code in {409, 422}
    assert said in page.text
    assert "There is a problem" in page.text


def test_another_role_is_given_at_once(as_person: Person) -> None:
    eve, amina = as_person("eve"), as_person("amina")
    answer = eve.send("/users/amina", "/users/amina/role", role="steward", organisation="")
    assert answer.headers["Location"] == "/users/amina"
    assert "Reviews" in amina.get("/").text
    answer = eve.send("/users/amina", "/users/amina/role", role="force_user", organisation="")
    assert "Organisation must be given" in answer.text


def test_whoever_is_barred_is_out_at_once_and_back_when_vouched_for(
    as_person: Person, app: Flask
) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    eve, amina = as_person("eve"), as_person("amina")
    eve.send("/users/amina", "/users/amina/bar")
    assert amina.get("/").status_code == 302
    assert client.sign_in("amina").status_code == 401
    page = eve.get("/users/amina").text
    assert "Let them in again" in page
    eve.send("/users/amina", "/users/amina/vouch", sponsor="Sue Sponsor")
    assert client.sign_in("amina").status_code == 302


def test_those_for_whom_somebody_must_vouch_are_listed(as_person: Person, clock: Clock) -> None:
    clock.now += timedelta(days=90)
    eve = as_person("eve")
    assert "Somebody must vouch for them again" in eve.get("/users").text
    for username in PEOPLE.keys() - {"eve"}:
        eve.send(f"/users/{username}", f"/users/{username}/vouch", sponsor="Sue Sponsor")
    page = eve.get("/users").text
    assert page.count("nobody did on") == 1, "her own is for another administrator"
    answer = eve.send("/users/amina", "/users/amina/vouch", sponsor=" ")
    assert "Sponsor must be the name" in answer.text


def test_two_administrators_let_somebody_begin_anew(
    as_person: Person, flo: Client, client: Client, engine: Engine
) -> None:
    eve, amina = as_person("eve"), as_person("amina")
    assert "Reason must say how" in eve.send("/users/amina", "/users/amina/recovery").text
    eve.send("/users/amina", "/users/amina/recovery", reason="she came to my desk")
    assert "eve asked that" in flo.get("/users").text
    assert "another administrator must confirm" in eve.get("/users/amina").text
    page = eve.get("/users/amina").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    alone = eve.post("/users/amina/recovery/confirm", data={"csrf_token": token})
    assert alone.status_code == 422
    assert amina.get("/").status_code == 200, "nothing happened yet"
    password = told(flo.send("/users/amina", "/users/amina/recovery/confirm").text)
    assert amina.get("/").status_code == 302
    assert client.sign_in("amina").status_code == 401
    client.send("/sign-in", username="amina", password=password)
    assert client.get("/").headers["Location"] == "/account/password"
    with begin_work(engine) as work:
        kinds = set(work.session.scalars(select(AuditEvent.kind)))
    assert {"user:recovery_asked", "user:recovered"} <= kinds


def test_what_was_asked_is_refused(as_person: Person, flo: Client) -> None:
    eve = as_person("eve")
    eve.send("/users/amina", "/users/amina/recovery", reason="somebody rang")
    flo.send("/users/amina", "/users/amina/recovery/refuse")
    assert "asked that" not in eve.get("/users").text


def test_ones_own_account_is_for_somebody_else(as_person: Person, engine: Engine) -> None:
    eve = as_person("eve")
    assert "another administrator must change it" in eve.get("/users/eve").text
    for act in ("bar", "role", "recovery"):
        sent = {"role": "steward", "organisation": "", "reason": "x"}
        answer = eve.send("/users/amina", f"/users/eve/{act}", **sent)
        assert answer.status_code == 422, act
    with begin_work(engine) as work:
        assert work.session.scalars(select(User.role).where(User.username == "eve")).one() == (
            "administrator"
        )


def test_what_an_administrator_does_needs_a_proof_of_the_last_minutes(
    as_person: Person, clock: Clock
) -> None:
    eve = as_person("eve")
    clock.now += timedelta(minutes=6)
    for act in ("bar", "role", "vouch", "recovery", "recovery/confirm", "recovery/refuse"):
        answer = eve.send("/users/amina", f"/users/amina/{act}")
        assert (answer.status_code, "prove once more" in answer.text) == (401, True), act
        assert f'value="/users/amina/{act}"' in answer.text
    assert eve.get("/users/add").headers["Location"].endswith("next=/users/add")
    again = eve.send(
        "/sign-in/again?for=users&next=/users/add", "/sign-in/again", password=PASSWORD
    )
    assert again.headers["Location"] == "/users/add"
    assert eve.get("/users/add").status_code == 200


def test_signing_in_again_takes_no_other_password(as_person: Person, clock: Clock) -> None:
    eve = as_person("eve")
    clock.now += timedelta(minutes=6)
    wrong = {"password": "wrong wrong wrong"}
    for _ in range(4):
        answer = eve.send("/sign-in/again?for=users", "/sign-in/again", **wrong)
        assert answer.status_code == 401
        assert "That is not your password" in answer.text
    answer = eve.send("/sign-in/again?for=users", "/sign-in/again", **wrong)
    assert answer.headers["Location"].startswith("/sign-in"), "the session is over"
    assert eve.get("/users").status_code == 302


def test_the_page_that_asks_to_sign_in_again_says_for_what(as_person: Person) -> None:
    amina = as_person("amina")
    page = "/sign-in/again?for=place&next=/account"
    assert "a protected place is shown to you" in amina.get(page).text
    answer = amina.send(page, "/sign-in/again", password=PASSWORD)
    assert answer.headers["Location"] == "/account"
    assert "you change how you sign in" in amina.get("/sign-in/again?for=nonsense").text


@pytest.mark.parametrize("path", ["/users", "/users/add", "/users/amina", "/users/nobody"])
def test_nobody_else_sees_these_pages(as_person: Person, path: str) -> None:
    assert as_person("amina").get(path).status_code == 403


def test_one_sees_and_ends_ones_own_sessions(as_person: Person) -> None:
    amina, elsewhere = as_person("amina"), as_person("amina")
    page = amina.get("/account").text
    assert page.count("This session") == 1
    assert page.count("the session since") == 1
    digest = re.findall(r'name="session" value="(\w+)"', page)[0]
    amina.send("/account", "/account/sessions/end", session=digest)
    assert elsewhere.get("/").status_code == 302
    assert amina.get("/").status_code == 200
    third = as_person("amina")
    answer = amina.send("/account", "/account/sessions/end-others")
    assert "1 session." in amina.get(answer.headers["Location"]).text
    assert third.get("/").status_code == 302


def test_nobody_ends_anothers_session(as_person: Person) -> None:
    amina, ben, elsewhere = as_person("amina"), as_person("ben"), as_person("ben")
    (of_ben,) = re.findall(r'name="session" value="(\w+)"', ben.get("/account").text)
    for digest in (of_ben, "0" * 64):
        answer = amina.send("/account", "/account/sessions/end", session=digest)
        assert answer.status_code == 404
    assert elsewhere.get("/").status_code == 200
    ben.send("/account", "/account/sessions/end", session=of_ben)
    assert elsewhere.get("/").status_code == 302, "control: Ben ends it"


@pytest.mark.parametrize(
    ("present", "password", "said"),
    [
        ("wrong wrong wrong", "gravel teapot mirror", "This is not your present password"),
        (PASSWORD, "short", "Password must be 12 to 200"),
        (PASSWORD, "Password2026!", "many people choose"),
        (PASSWORD, "amina is my name", "must not contain the username"),
    ],
)
def test_a_password_that_cannot_be_is_refused(
    as_person: Person, client: Client, present: str, password: str, said: str
) -> None:
    answer = as_person("amina").send("/account/password", present=present, password=password)
    assert answer.status_code == 422
    assert said in answer.text
    assert client.sign_in("amina").status_code == 302, "the old one holds"


def test_another_password_signs_out_everywhere_else(as_person: Person, client: Client) -> None:
    amina, elsewhere = as_person("amina"), as_person("amina")
    amina.send("/account/password", present=PASSWORD, password="gravel teapot mirror")  # noqa: S106  # of nobody
    assert amina.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert client.sign_in("amina").status_code == 401
