"""What desks show besides their lists: a case on its way, searches, help, on paper; with errors."""

from collections.abc import Callable, Collection
from threading import Event

import pytest
from playwright.sync_api import Page

from register.inspection import england
from register.inspection.figure import Figure
from register.inspection.figures import About, find_figures
from register.inspection.scope import Scope
from register.web import inspecting
from register.work import Work
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import look, width_of

Open = Callable[..., Window]
widths = pytest.mark.parametrize("width", [WIDE, NARROW])
NOBODY = {"forename": "Nobody", "surname": "Here", "born-day": "1", "born-month": "2"}


@widths
def test_a_case_on_its_way_is_accessible_and_fits(open_window: Open, width: int) -> None:
    window = open_window(width).sign_in("gus")
    page, faults = window.page, []
    page.get_by_role("link", name="Hand the case over").first.click()
    faults += look(page, "case", width)
    page.get_by_role("button", name="Offer the case").click()
    page.get_by_role("link", name="Choose the force to take it over").wait_for()
    faults += look(page, "case-errors", width)
    page.get_by_label("Which force?").select_option(label="Metropolitan Police Service")
    page.get_by_label("Why").fill("Seen at King's Cross.")
    page.get_by_role("button", name="Offer the case").click()
    page.get_by_text("The case was offered.").wait_for()
    faults += look(page, "case-offered", width)
    other = open_window(width).sign_in("ben")
    faults += look(other.page, "case-desk-of-taker", width)
    other.page.get_by_role("link", name="Accept or decline").click()
    other.page.get_by_role("button", name="Keep this answer").click()
    other.page.get_by_role("link", name="Choose whether you take the case over").wait_for()
    faults += look(other.page, "case-answer-errors", width)
    for each in (window, other):
        each.complaints.clear()  # the browser notes answers of 422 as errors
    assert not faults


@widths
@pytest.mark.parametrize("scripts", [True, False])
def test_the_band_tells_what_is_no_time_and_leads_there(
    open_window: Open,
    width: int,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(width, scripts=scripts).sign_in("amina")
    page, faults = window.visit("/mismatches"), []

    def say(box: str, text: str, answer: str) -> None:
        page.locator(f"#as_at-{box}").fill(text)
        page.get_by_role("button", name="Show it").click()
        page.get_by_role("link", name=answer).click()
        if scripts:
            page.wait_for_function("document.activeElement.name.startsWith('as_at')")
            faults.extend(look(page, f"earlier-{box}", width))

    page.locator(".register-earlier summary").click()
    say("day", "26", "must include a month and a year")
    page.locator("#as_at-month").fill("10")
    say("year", "2025", "must include a time")
    say("time", "1:30", "came twice that night")
    assert page.locator("#as_at-day").input_value() == "26"
    page.get_by_label("The first, summer time (BST)").check()
    page.get_by_role("button", name="Show it").click()
    page.get_by_text("As known on 26 October 2025 at 1:30am BST.").wait_for()
    assert "as_at-" not in page.url
    window.complaints.clear()  # the browser notes answers of 422 as errors
    assert not faults


@widths
@pytest.mark.parametrize("scripts", [True, False])
def test_every_state_of_sealing_a_child_is_accessible_and_fits(
    open_window: Open,
    width: int,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(width, scripts=scripts).sign_in("mel")
    page, faults = window.visit("/children/C-000001-V/seal"), []
    page.get_by_label("Authority or force", exact=True).select_option(label="Bradford")
    page.get_by_label("Why").fill("The father looks for her.")
    page.get_by_label("Day").fill("31")
    page.get_by_role("button", name="Add another").click()
    page.get_by_label("Authority or force 2").select_option(label="West Yorkshire Police")
    page.get_by_role("button", name="Seal the child").click()
    page.get_by_role("link", name="Choose why the child is to be sealed").wait_for()
    page.get_by_role("link", name="The day must be a real date").click()
    if scripts:
        faults += look(page, "seal-child-errors", width)
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("2027")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Seal the child").click()
    page.get_by_text("The child is sealed").wait_for()
    page.get_by_role("link", name="Seal 1").click()
    page.get_by_text("until 31 March 2027").wait_for()
    page.get_by_text("Bradford, Leeds, West Yorkshire Police").wait_for()
    faults += look(page, "seal-placed", width) if scripts else []
    window.complaints.clear()  # the browser notes answers of 422 as errors
    assert not faults


@widths
def test_every_state_of_a_search_is_accessible_and_fits(open_window: Open, width: int) -> None:
    window = open_window(width).sign_in("ben")
    page = window.visit("/check")
    page.get_by_role("button", name="Search the register").click()
    page.get_by_role("link", name="Choose why you ask").wait_for()
    page.get_by_role("link", name="Write both names and the date of birth").wait_for()
    faults = look(page, "check-errors", width)
    for name, text in {**NOBODY, "born-year": "2012"}.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_label("A child is reported missing").check()
    page.get_by_role("button", name="Search the register").click()
    page.get_by_text("No child that fits").wait_for()
    faults += look(page, "check-nobody", width)
    faults += look(window.visit("/check"), "check-kept", width)
    page.get_by_role("button", name="Forget this search").click()
    page.get_by_text("The search is forgotten.").wait_for()
    for name in ("words", "accessibility"):
        faults += look(open_window(width).visit(f"/help/{name}"), f"help-{name}", width)
    window.complaints.clear()  # the browser notes the answer 422 as an error
    assert not faults


def test_desks_print_without_what_only_a_screen_needs(open_window: Open) -> None:
    page = open_window().sign_in("gus").page
    assert shown(page), "control: a screen shows them"
    page.emulate_media(media="print")
    assert not shown(page)
    assert page.get_by_role("heading", name="Missing in our area").is_visible()
    assert width_of(page) <= WIDE


def shown(page: Page) -> list[str]:
    buttons = page.locator("main .govuk-button, main .register-link-button, .register-visitor")
    return [each.inner_text() for each in buttons.all() if each.is_visible()]


@widths
def test_figures_that_are_worked_out_are_accessible_and_fit(
    open_window: Open, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = Event()

    def find_later(work: Work, scope: Scope, about: Collection[About]) -> tuple[Figure, ...]:
        assert may.wait(60)
        return find_figures(work, scope, about)

    monkeypatch.setattr(england, "find_figures", find_later)
    monkeypatch.setattr(england, "wait", lambda *_: None)  # whoever asks does not wait
    monkeypatch.setattr(inspecting, "SOON", 600)  # nor is the page gone while it is looked at
    page = open_window(width).sign_in("cora").visit("/inspect")
    page.get_by_text("are being worked out").wait_for()
    faults = look(page, "england-worked-out", width)
    may.set()
    for _ in range(100):
        page.reload()
        if not page.get_by_text("are being worked out").count():
            break
    page.get_by_role("heading", name="How far police and authorities agree").wait_for()
    assert not faults
