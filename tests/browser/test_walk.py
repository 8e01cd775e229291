"""A walk through a night's work: judge, answer, undo, and look at what was known before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import look
from tests.web.conftest import Clock

Open = Callable[..., Window]


def fill_time(page: Page, *said: str) -> None:
    """Ask for the page as it was known at a day, month, year and time of London's."""
    page.locator(".register-earlier summary").click()
    asked = page.get_by_role("group", name="As it was known at")
    for part, text in zip(("Day", "Month", "Year", "Time"), said, strict=True):
        asked.get_by_label(part, exact=True).fill(text)
    page.get_by_role("button", name="Show it").click()
    page.get_by_text("As known on").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_steward_judges_undoes_and_looks_back(
    open_window: Open, served: Clock, width: int
) -> None:
    window = open_window(width).sign_in("dan")
    page, faults = window.page, []
    page.get_by_role("link", name="Grace Okafor-Test").click()
    page.get_by_text("Nobody has judged the reports of this child.").wait_for()
    child = page.url
    number = window.visit("/").locator("tbody tr", has_text="Whitlock").locator("th a")
    other = (number.get_attribute("href") or "").rpartition("/")[2]
    page.goto(child)
    page.get_by_role("link", name="Join with another child").click()
    page.get_by_label("The other child's register number").fill(other)
    page.get_by_role("button", name="Show the two side by side").click()
    page.get_by_label("Why").fill("The carer says that they are one.")
    faults += look(page, "walk-join", width)
    page.get_by_role("button", name="Join the two as one child").click()
    page.get_by_text("The reports are all about one child now.").wait_for()
    faults += look(page, "walk-joined", width)
    served.now += timedelta(minutes=10)
    page.get_by_role("button", name="Take back").click()
    faults += look(page, "walk-take-back", width)
    page.get_by_label("Why").fill("Two girls: both were seen at once.")
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("The judgement was taken back.").wait_for()
    faults += look(page, "walk-taken-back", width)
    fill_time(page, "3", "3", "2026", "01:45")
    page.get_by_text("The carer says that they are one.").wait_for()
    assert not page.get_by_text("Two girls: both were seen at once.").count()
    assert not page.get_by_role("link", name="Join with another child").count()
    faults += look(page, "walk-then", width)
    page.get_by_role("link", name="Go back to now").click()
    page.get_by_text("Two girls: both were seen at once.").wait_for()
    assert not faults


@pytest.mark.parametrize("scripts", [True, False])
def test_an_authority_answers_takes_back_and_looks_back(
    open_window: Open,
    served: Clock,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(NARROW, scripts=scripts).sign_in("amina")
    page, faults = window.page, []
    rows = page.get_by_role("table")
    rows.get_by_role("link", name="Open according to police, unknown to the authority").click()
    page.get_by_role("radio", name="Both are correct").check()
    page.get_by_label("If both are correct: why").select_option(
        label="One side learnt of it afterwards"
    )
    page.get_by_role("button", name="Keep this answer").click()
    page.get_by_text("Your answer was kept.").wait_for()
    faults += look(page, f"walk-answered-{scripts}", NARROW) if scripts else []
    served.now += timedelta(minutes=10)
    page.get_by_role("link", name="Take back").click()
    page.get_by_label("Why").fill("Not yet clear.")
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("The answer was taken back.").wait_for()
    fill_time(page, "3", "3", "2026", "01:45")
    page.get_by_text("Both correct", exact=True).wait_for()
    assert not page.get_by_role("button", name="Keep this answer").count()
    faults += look(page, "walk-mismatch-then", NARROW) if scripts else []
    assert not faults
