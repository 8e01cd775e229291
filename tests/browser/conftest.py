"""The pages served on loopback, with a few children in the register, and a browser window."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from sqlalchemy import Engine
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from register.app import create_app
from register.settings import Settings
from register.work import begin_work
from tests.web.conftest import Clock
from tests.web.people import PASSWORD, add_people, hash_cheaply
from tests.web.story import tell

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WIDE, NARROW = 1280, 320
BANNER = "Made-up children only: nobody here is real."


def answer_whole(app: Flask) -> "WSGIApplication":
    """Give the register with each answer read and closed before any of it is sent.

    The server of the tests leaves an answer open when the browser hangs up in the middle of it: it
    first reads what the browser still sends, and that reading fails.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as pieces:
            return [b"".join(pieces)]

    return answer


class Window:
    """A browser window that notes what the console complains of, and whom it asks for anything."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def strangers(self) -> list[str]:
        """Give the addresses of other hosts that were asked for."""
        own = (f"{self.address}/", "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]

    def visit(self, path: str) -> Page:
        """Load a page of the register's."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    def sign_in(self, username: str) -> "Window":
        """Sign in through the page, as a person does."""
        page = self.visit("/sign-in")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return self


@pytest.fixture
def served(now: datetime) -> Clock:
    """Give the clock of the register that is served, at twenty to two on 3 March."""
    return Clock(now + timedelta(hours=3))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of the register that is served: a password alone signs in."""
    return Settings(
        secret_key="for tests only",  # noqa: S106  # signs nothing of worth
        secure_cookies=False,
        banner=BANNER,
        instance_dir=str(tmp_path),
        second_factor=False,
        figures_wait=60_000,
    )


@pytest.fixture
def address(
    engine: Engine,
    served: Clock,
    now: datetime,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Serve the register two hours after its reports came in; give its address."""
    hash_cheaply(monkeypatch)
    at = now + timedelta(hours=1)
    with begin_work(engine, clock=lambda: at) as work:
        add_people(work)
        tell(work)
    app = create_app(settings, engine, clock=served)
    server = make_server("127.0.0.1", 0, answer_whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    # Security keys are bound to names, not to numbers.
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_window(browser: Browser, address: str) -> Iterator[Callable[..., Window]]:
    """Give a way to open windows; none of them may have complained when the test is done."""
    windows: list[tuple[BrowserContext, Window]] = []

    def open_one(width: int = WIDE, *, scripts: bool = True) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(10_000)
        windows.append((context, Window(context, address)))
        return windows[-1][1]

    yield open_one
    for context, window in windows:
        context.close()
        assert not window.complaints
        assert window.asked
        assert not window.strangers()
