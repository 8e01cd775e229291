"""The pages in a real browser: accessible, narrow enough, whole without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import faults_of, look, opened, width_of

Open = Callable[..., Window]
PAGES = {
    "amina": (
        *("/missing", "/missing?show=located", "/mismatches", "/mismatches?state=all"),
        *("/upload", "/check"),
    ),
    "ben": ("/children/C-000001-V/glass",),
    "mel": (
        "/more",
        "/privacy",
        "/children/C-000001-V/assign",
        "/seals",
        "/children/C-000001-V/seal",
    ),
    "cora": ("/inspections", "/inspections/1"),
    "dan": ("/reviews", "/reviews/shared-by-too-many", "/reviews/model"),
    "eve": ("/users", "/users/add", "/users/amina", "/account", "/account/password"),
}


def first_child(page: Page) -> str:
    return page.locator("tbody th a").first.get_attribute("href") or ""


def first_mismatch(page: Page) -> str:
    return page.locator("tbody a[href^='/mismatches/']").first.get_attribute("href") or ""


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_is_accessible_and_fits(open_window: Open, width: int) -> None:
    window = open_window(width)
    faults = look(window.visit("/sign-in"), "sign-in", width)
    faults += look(window.visit("/sign-in/key"), "sign-in-key", width)
    for username, paths in PAGES.items():
        window = open_window(width).sign_in(username)
        for path in paths:
            name = f"{username}{path.replace('/', '-').replace('?', '-')}"
            faults += look(window.visit(path), name, width)
    window = open_window(width).sign_in("amina")
    child = first_child(window.visit("/"))
    page = window.visit(child)
    faults += look(opened(page), "child", width)
    window.visit(first_mismatch(window.visit("/mismatches?rule=A1")))
    faults += look(window.page, "mismatch", width)
    window = open_window(width).sign_in("dan")
    child = first_child(window.visit("/"))
    other = first_child(window.visit("/?show=located")).rpartition("/")[2]
    for name, path in (("whom", "join"), ("join", f"join?other={other}"), ("part", "part")):
        faults += look(window.visit(f"{child}/{path}"), f"dan-child-{name}", width)
    window.visit(first_child(window.visit("/reviews")))
    faults += look(window.page, "review", width)
    faults += look(opened(window.page), "review-weights", width)
    window.page.get_by_role("button", name="Keep this judgement").click()
    window.page.get_by_text("There is a problem").wait_for()
    faults += look(window.page, "review-errors", width)
    window.complaints.clear()  # the browser notes the answer 422 as an error
    assert not faults


def test_control_faults_are_found(open_window: Open) -> None:
    page = open_window().visit("/sign-in")
    page.evaluate(
        """() => {
            const main = document.querySelector('main')
            const wide = document.createElement('p')
            wide.textContent = 'wide'
            wide.style.width = '2000px'
            main.replaceChildren(document.createElement('input'), wide)
        }"""
    )
    assert any("label" in fault for fault in faults_of(page))
    assert width_of(page) > WIDE


@pytest.mark.parametrize("scripts", [True, False])
def test_an_authority_works_with_and_without_scripts(
    open_window: Open,
    scripts: bool,  # noqa: FBT001  # a test's parameter
    tmp_path: Path,
) -> None:
    window = open_window(NARROW, scripts=scripts).sign_in("amina")
    page = window.page
    page.get_by_role("link", name="Tari").first.click()
    page.get_by_role("heading", name="Missing episodes").wait_for()
    assert page.get_by_text("Missing according to police", exact=True).is_visible()
    if scripts:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Mismatches").click()
    page.get_by_label("Severity").select_option(label="critical")
    page.get_by_role("button", name="Show these").click()
    page.get_by_text("unknown to the authority").last.wait_for()
    file = tmp_path / "more.csv"
    file.write_text(
        "reference,forename,surname,date_of_birth,category,status,missing_at\n"
        "L-9,Zoe,New-Test,2011-01-01,missing,open,2026-03-02\n"
        "L-10,,,,missing,open,2026-03-02\n",
        "utf-8",
    )
    page = window.visit("/upload")
    page.get_by_label("CSV files").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="What became of the upload").wait_for()
    faults = look(page, "uploaded", NARROW) if scripts else []
    assert faults == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download more-rejects.csv").click()
    assert "L-10" in download.value.path().read_text("utf-8")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_steward_judges_with_and_without_scripts(
    open_window: Open,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(scripts=scripts).sign_in("dan")
    window.visit(first_child(window.visit("/reviews")))
    page = window.page
    page.get_by_label("Not the same child").check()
    page.get_by_label("Why").fill("Two sisters: the school knows both.")
    page.get_by_role("button", name="Keep this judgement").click()
    page.get_by_text("Your judgement was kept: not the same child.").wait_for()


def test_the_keyboard_reaches_the_content_first(open_window: Open) -> None:
    page = open_window().sign_in("amina").visit("/missing")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Stop that"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "number"
