"""The frame of every page: headers, errors as sentences, nothing of GOV.UK's brand."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, request
from sqlalchemy import text
from werkzeug.exceptions import ImATeapot

from register.app import create_app
from register.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from register.settings import Settings
from register.web.desk import open_work
from register.web.frame import MOST, ways_of
from register.work import Actor
from tests.web.conftest import Client
from tests.web.page import check_page
from tests.web.people import PEOPLE

Person = Callable[[str], Client]


def test_headers_close_what_the_pages_do_not_need(client: Client) -> None:
    answer = client.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in answer.text
    assert nonce not in client.get("/sign-in").headers["Content-Security-Policy"]


def test_assets_are_there_without_font_crown_or_crest(client: Client) -> None:
    for name in ("govuk-frontend.min.css", "govuk-frontend.min.js"):
        answer = client.get(f"/static/govuk/{name}")
        assert answer.status_code == 200
        assert not [
            word for word in ("GDS Transport", "crest", "@font-face") if word in answer.text
        ]
        assert answer.headers.get("Cache-Control") != "no-store"


def test_the_banner_of_the_settings_is_on_every_page(client: Client) -> None:
    assert "Made-up children only." in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotFound("There is no child 4K7Q."), 404, "There is no child 4K7Q."),
        (Forbidden("Your role does not allow it."), 403, "Your role does not allow it."),
        (Refused("The file is empty."), 422, "The file is empty."),
        (Conflict("A=B and B=C, but A is not C."), 409, "A=B and B=C"),
        (Invalid({"forename": "is too long"}), 422, "Forename is too long"),
        (ImATeapot(), 418, "could not read what was sent"),
        (RuntimeError("secret detail"), 500, "Something went wrong in the register"),
    ],
)
def test_errors_are_sentences(
    app: Flask, as_person: Person, error: Exception, status: int, said: str
) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/fail", view_func=fail)
    app.add_url_rule("/api/fail", "api_fail", view_func=fail)
    amina = as_person("amina")
    page = amina.get("/fail")
    assert page.status_code == status
    assert said in page.text
    assert "secret detail" not in page.text
    problem = amina.get("/api/fail")
    assert problem.status_code == status
    assert problem.mimetype == "application/problem+json"
    body = problem.get_json()
    assert body["status"] == status
    assert "secret detail" not in problem.text
    if isinstance(error, Invalid):
        assert body["errors"] == [{"pointer": "/forename", "detail": "is too long"}]


def test_what_a_machines_log_keeps_of_an_error_holds_no_value_of_a_child(
    app: Flask, as_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    said = {"surname": "Rowworth-Test"}

    def fail() -> str:
        with open_work() as work:
            work.session.execute(text("SELECT :surname FROM nowhere"), said)
        return ""

    app.add_url_rule("/fail", view_func=fail)
    assert as_person("amina").get("/fail").status_code == 503
    assert "nowhere" in caplog.text
    assert said["surname"] not in caplog.text


def test_the_api_answers_a_stranger_as_a_program_expects(client: Client) -> None:
    answer = client.get("/api/v1/anything")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_a_wrong_method_says_which_are_taken(as_person: Person) -> None:
    answer = as_person("amina").put("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_without_tls_on_loopback_cookies_travel_and_nothing_is_pinned(app: Flask) -> None:
    engine = app.extensions["register"].engine
    plain = create_app(Settings(secret_key="x", secure_cookies=False), engine)  # noqa: S106  # signs nothing of worth
    answer = plain.test_client().get("/sign-in")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(("trusted", "seen"), [(0, "192.0.2.9"), (1, "198.51.100.7")])
def test_a_proxy_is_believed_only_where_the_settings_say(
    app: Flask, trusted: int, seen: str
) -> None:
    settings = Settings(secret_key="x", trusted_proxies=trusted)  # noqa: S106  # signs nothing of worth
    behind = create_app(settings, app.extensions["register"].engine)
    found: list[str | None] = []
    behind.before_request(lambda: found.append(request.remote_addr))
    behind.test_client().get(
        "/sign-in",
        headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.7"},
        environ_base={"REMOTE_ADDR": "192.0.2.9"},
    )
    assert found == [seen]


def test_control_a_page_with_faults_is_found(app: Flask) -> None:
    bad = "<title>x - Register of missing children</title><h1>a</h1><h1>b</h1>"
    app.add_url_rule("/bad", view_func=lambda: bad)
    plain = app.test_client()
    assert isinstance(plain, Client)
    plain.sign_in("amina")
    with pytest.raises(AssertionError, match="'a', 'b'"):
        check_page(plain.get("/bad"))


def ways_on(page: str) -> list[str]:
    """Give the names in the navigation of a page."""
    (listed,) = re.findall(r'<ul class="govuk-service-navigation__list".*?</ul>', page, re.DOTALL)
    links = re.findall(r"<a [^>]*>(.*?)</a>", listed, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", link).strip() for link in links]


@pytest.mark.parametrize("username", PEOPLE)
def test_the_navigation_is_short_and_more_leads_to_all_the_rest(
    app: Flask, as_person: Person, username: str
) -> None:
    person = as_person(username)
    named = ways_on(person.get("/", follow_redirects=True).text)
    more = person.get("/more").text
    others = re.findall(r'<li><a class="govuk-link" href="([^"]+)">(.*?)</a>', more)
    assert len(named) <= MOST
    assert ("More" in named) is bool(others)
    assert more.count('<span class="register-line">') == len(others)
    assert '<span class="register-line"></span>' not in more, "each says what one does there"
    with app.test_request_context():
        may = [way.text for way in ways_of(Actor(username, *PEOPLE[username]))]
    assert [each for each in may if each in named] == [each for each in named if each != "More"]
    assert {*named, *(text for _, text in others)} - {"More"} == {*may}
    for address, _ in others:
        assert 'aria-current="true"' in person.get(address).text, "More is where one is"
