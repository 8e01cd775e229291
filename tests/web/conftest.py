"""A register with one person of each kind, and a browser-less client for each."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from register.app import create_app
from register.settings import Settings
from register.work import begin_work
from tests.web.page import check_page
from tests.web.people import PASSWORD, add_people, hash_cheaply
from tests.web.story import tell


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Client(FlaskClient):
    """A client that fills in the form's token, and looks at every page it is given."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Send, and check what comes back as any reader of it would."""
        kwargs.setdefault("buffered", True)  # files of ours are closed again
        answer = super().open(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        if answer.request.method not in {"HEAD", "OPTIONS"}:  # which have no page
            check_page(answer)
        return answer

    def send(self, form: str, to: str = "", **values: object) -> TestResponse:
        """Load the page `form`, and post its form with `values` to the same address or `to`."""
        hidden = hidden_of(self.get(form).text)
        assert "csrf_token" in hidden, f"{form} has no form"
        return self.post(to or form, data={**hidden, **values})

    def sign_in(self, username: str) -> TestResponse:
        """Sign in as one of PEOPLE."""
        return self.send("/sign-in", username=username, password=PASSWORD)


def hidden_of(page: str) -> dict[str, str]:
    """Give what a page's forms send besides what a person fills in."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply: nobody attacks here."""
    hash_cheaply(monkeypatch)


@pytest.fixture
def clock(now: datetime) -> Clock:
    """Give the clock of the application under test."""
    return Clock(now)


@pytest.fixture
def told(engine: Engine, clock: Clock) -> None:
    """Tell the story, and let two hours go by."""
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(hours=2)


@pytest.fixture
def app(engine: Engine, clock: Clock, tmp_path: Path) -> Flask:
    """Give an application on a register with one person of each kind."""
    with begin_work(engine, clock=clock) as work:
        add_people(work)
    settings = Settings(
        secret_key="for tests only",  # noqa: S106  # signs nothing of worth
        banner="Made-up children only.",
        instance_dir=str(tmp_path),
        second_factor=False,
        figures_wait=60_000,
    )
    app = create_app(settings, engine, clock=clock)
    app.test_client_class = Client
    return app


@pytest.fixture
def client(app: Flask) -> Iterator[Client]:
    """Give somebody not signed in."""
    with app.test_client() as client:
        assert isinstance(client, Client)
        yield client


@pytest.fixture
def as_person(app: Flask) -> Callable[[str], Client]:
    """Give a way to be one of PEOPLE, signed in."""

    def sign_in(username: str) -> Client:
        client = app.test_client()
        assert isinstance(client, Client)
        assert client.sign_in(username).status_code == 302
        return client

    return sign_in
