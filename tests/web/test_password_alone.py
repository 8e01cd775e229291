"""A password by itself counts as no signing in again, where a second step is asked for."""

from datetime import timedelta

from tests.authenticator import code_at
from tests.web.conftest import Clock
from tests.web.test_second_step import Begin, begin, password, set_up_app

__all__ = ["begin"]


def test_a_password_by_itself_is_no_signing_in_again(begin: Begin, clock: Clock) -> None:
    """Who finds a session open and knows the password still lacks the second step."""
    secret = set_up_app(client := begin(), clock, password(client, "eve"))
    clock.now += timedelta(minutes=6)
    asked = "/sign-in/again?for=users&next=%2Fusers%2Fadd"
    sent = {"present": "a long enough phrase", "password": "short"}
    assert client.send("/account/password", **sent).status_code == 422
    assert client.get("/users/add").headers["Location"].startswith("/sign-in/again")
    code = code_at(secret, clock.now)
    assert client.send(asked, code=code).headers["Location"] == "/users/add"
    assert client.get("/users/add").status_code == 200, "control: with the second step"


def test_a_password_gives_no_new_tries_at_the_second_step(begin: Begin, clock: Clock) -> None:
    set_up_app(client := begin(), clock, password(client))
    clock.now += timedelta(minutes=6)
    sent = {"present": "a long enough phrase", "password": "short"}
    for _ in range(4):
        assert client.send("/sign-in/again", code="000000").status_code == 401
    assert client.send("/account/password", **sent).status_code == 422
    assert client.send("/sign-in/again", code="000000").status_code == 302, "the session is over"
    assert client.get("/account").status_code == 302
