"""Signing in in a real browser: with a security key, with codes and no scripts, and again."""

import re
from base64 import b32decode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from register.settings import Settings
from tests.authenticator import code_at
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import look
from tests.web.conftest import Clock
from tests.web.people import PASSWORD

Open = Callable[..., Window]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask for a second step."""
    return replace(settings, second_factor=True)


def plug_in_key(page: Page) -> None:
    """Give the browser a security key that is always touched at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def give_password(window: Window, username: str = "amina") -> Page:
    page = window.visit("/sign-in")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/sign-in/second-step"))
    return page


def secret_on(page: Page) -> bytes:
    return b32decode((page.locator("#secret").text_content() or "").replace(" ", ""))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_security_key_signs_in_and_again(open_window: Open, served: Clock, width: int) -> None:
    window = open_window(width)
    page, faults = window.page, []
    plug_in_key(page)
    give_password(window)
    faults += look(page, "set-up", width)
    page.get_by_label("What to call this key").fill("blue key")
    page.get_by_role("button", name="Set up a security key").click()
    page.get_by_role("heading", name="Missing now").wait_for()
    faults += look(window.visit("/account"), "account", width)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    give_password(window)
    faults += look(page, "second-step", width)
    page.get_by_role("button", name="Use a security key").click()
    page.get_by_role("heading", name="Missing now").wait_for()
    served.now += timedelta(minutes=6)
    window.visit("/account/second-step")
    page.get_by_role("heading", name="Sign in again").wait_for()
    faults += look(page, "again", width)
    page.get_by_role("button", name="Use a security key").click()
    page.get_by_role("heading", name="Set up another second step").wait_for()
    faults += look(page, "add-factor", width)
    assert not faults


@pytest.mark.parametrize("scripts", [True, False])
def test_codes_sign_in_with_and_without_scripts(
    open_window: Open,
    served: Clock,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(scripts=scripts)
    page = give_password(window)
    secret = secret_on(page)
    page.get_by_label("What to call this app").fill("work telephone")
    page.get_by_label("Code").fill(code_at(secret, served.now))
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("heading", name="Missing now").wait_for()
    served.now += timedelta(minutes=2)
    other = open_window(scripts=scripts)
    page = give_password(other)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("There is a problem").wait_for()
    other.complaints.clear()  # the browser notes the answer 401 as an error
    page.get_by_label("Code").fill(code_at(secret, served.now))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Missing now").wait_for()


def test_a_key_that_does_not_answer_is_told_of(open_window: Open) -> None:
    window = open_window()
    page = give_password(window)
    assert not page.get_by_text("The security key did not answer.").is_visible()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')) }")
    page.get_by_label("What to call this key").fill("blue key")
    page.get_by_role("button", name="Set up a security key").click()
    page.get_by_text("The security key did not answer.").wait_for()


def test_who_is_signed_in_comes_by_a_link_of_another_site(open_window: Open, served: Clock) -> None:
    window = open_window()
    page = give_password(window)
    page.get_by_label("What to call this app").fill("work telephone")
    page.get_by_label("Code").fill(code_at(secret_on(page), served.now))
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("heading", name="Missing now").wait_for()
    elsewhere = "http://elsewhere.example/"
    body = f'<a href="{window.address}/mismatches">a link in a mail</a>'
    page.route(elsewhere, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(elsewhere)
    page.get_by_role("link", name="a link in a mail").click()
    page.get_by_role("heading", name="Mismatches").wait_for()
    assert window.strangers() == [elsewhere], "control: who else is asked is noted"
    window.asked[:] = [url for url in window.asked if url != elsewhere]


def test_a_script_that_writes_html_is_stopped(open_window: Open) -> None:
    window = open_window()
    page = window.visit("/sign-in")
    page.evaluate("() => { try { document.body.innerHTML = '<p>x</p>' } catch {} }")
    assert page.get_by_role("heading", name="Sign in").is_visible()
    assert any("Trusted" in complaint for complaint in window.complaints)
    window.complaints.clear()


def test_nothing_of_another_host_is_fetched_even_if_a_page_asks(open_window: Open) -> None:
    window = open_window()
    page = window.visit("/sign-in")
    page.evaluate(
        """() => {
            const image = document.createElement('img')
            image.src = 'http://elsewhere.example/seen.png'
            document.body.append(image)
            return fetch('http://elsewhere.example/told').catch(() => null)
        }"""
    )
    complaints = " ".join(window.complaints)
    assert re.search(r"Content Security Policy", complaints)
    window.complaints.clear()
    window.asked[:] = [url for url in window.asked if "elsewhere" not in url]
