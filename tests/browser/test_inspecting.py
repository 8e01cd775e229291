"""The inspector's desk in a real browser: every page, and a walk from figures to an answer."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from register.work import begin_work
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import look, opened
from tests.web.conftest import Clock
from tests.web.people import show_whole

Open = Callable[..., Window]
LIST = (
    "ChildUniqueID,Number of missing episodes from placement in last 12 months,"
    "Number of absent/away episodes in last 12 months,"
    "Offered return interview after last missing,Accepted return interview after last missing\n"
    "L-77,1,0,a) Yes,c) Unknown\nL-80,4,0,b) No,b) No\nL-99,0,0,,\nL-81,x,,,\n"
)


def draw_sample(page: Page, count: str = "3") -> None:
    page.get_by_label("Authority or force").select_option(label="Leeds")
    page.get_by_label("Any child who went missing").fill(count)
    page.get_by_label("With an open mismatch").fill("2")
    page.get_by_label("Seed (optional)").fill("third of March")
    page.get_by_role("button", name="Draw the sample").click()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_of_an_inspector_is_accessible_and_fits(open_window: Open, width: int) -> None:
    window = open_window(width).sign_in("cora")
    page = window.visit(
        "/inspect?organisation=E08000035&from-day=1&from-month=1&from-year=2026"
        "&to-day=3&to-month=3&to-year=2026"
    )
    faults = look(page, "inspect-figures", width)
    faults += look(opened(page), "inspect-figures-open", width)
    for name, path in (
        ("inspect-england", "/inspect"),
        ("inspect-mismatches", "/inspect?about=mismatches"),
        ("inspect-behind", "/inspect/behind/all"),
        ("inspect-behind-none", "/inspect/behind/declined"),
        ("inspect-behind-mismatches", "/inspect/behind/mismatches"),
        ("inspect-samples-none", "/inspect/samples"),
        ("inspect-list", "/inspect/list-8"),
        ("inspect-questions-none", "/questions"),
        ("inspect-ask", "/questions/ask"),
    ):
        faults += look(window.visit(path), name, width)
    assert not faults


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_form_of_an_inspector_is_accessible_and_fits(
    open_window: Open, width: int, tmp_path: Path
) -> None:
    window = open_window(width).sign_in("cora")
    faults: list[str] = []
    page = window.visit("/inspect/samples")
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_text("There is a problem").wait_for()
    page.locator("#known_at-day").fill("3")
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_role("link", name="must include a month and a year").click()
    assert page.locator("#known_at-month").evaluate("box => box === document.activeElement")
    faults += look(page, "inspect-samples-errors", width)
    page.locator("#known_at-day").fill("")
    draw_sample(page)
    page.get_by_role("heading", name="Sample 1").wait_for()
    faults += look(page, "inspect-sample", width)
    page.get_by_role("button", name="Download the pack").click()
    page.get_by_text("There is a problem").wait_for()
    faults += look(page, "inspect-sample-errors", width)
    page.get_by_role("link", name="chronology of").first.click()
    page.get_by_role("heading", name="Chronology of").wait_for()
    faults += look(page, "inspect-chronology", width)
    faults += look(window.visit("/inspect/samples"), "inspect-samples", width)
    window.visit("/inspect/list-8")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("There is a problem").wait_for()
    faults += look(page, "inspect-list-errors", width)
    compare(page, tmp_path)
    faults += look(page, "inspect-list-compared", width)
    window.visit("/questions/ask")
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("There is a problem").wait_for()
    faults += look(page, "inspect-ask-errors", width)
    window.complaints.clear()  # the browser notes answers of 422 as errors
    assert not faults


def compare(page: Page, folder: Path) -> None:
    file = folder / "list-8.csv"
    file.write_text(LIST, "utf-8")
    page.get_by_label("Authority").select_option(label="Leeds")
    day = page.get_by_role("group", name="Day of the inspection")
    for part, text in (("Day", "3"), ("Month", "3"), ("Year", "2026")):
        day.get_by_label(part, exact=True).fill(text)
    page.get_by_label("List 8 as CSV").set_input_files(file)
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("Child by child").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_inspector_goes_from_a_figure_to_an_answer(
    open_window: Open,
    served: Clock,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(scripts=scripts).sign_in("cora")
    page = window.page
    page.get_by_role("link", name="Figures").click()
    page.get_by_label("Authority or force").select_option(label="Leeds")
    page.get_by_role("button", name="Show figures").click()
    page.get_by_role("link", name="They differ, or one lacks its account").click()
    page.get_by_text("3 in all.").wait_for()
    page.get_by_role("link", name="Samples").click()
    draw_sample(page)
    page.get_by_text("third of March").wait_for()
    page.get_by_label("Who is given it").fill("Panel of Leeds")
    page.get_by_label("What for").fill("Inspection of March")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the pack").click()
    with zipfile.ZipFile(download.value.path()) as pack:
        assert any(name.endswith("SHA256SUMS") for name in pack.namelist())
    page.get_by_role("link", name="Ask a question about").first.click()
    page.get_by_label("Question").fill("Why was this not told?")
    page.get_by_label("3 working days").check()
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("Your question was put.").wait_for()
    served.now += timedelta(days=1)
    asked = open_window(NARROW, scripts=scripts).sign_in("amina")
    page = asked.visit("/questions")
    page.get_by_role("link", name="Question 1").click()
    page.get_by_label("Your reply").fill("The night team was not told.")
    faults = look(page, "inspect-question-asked", NARROW) if scripts else []
    page.get_by_role("button", name="Send the reply").click()
    page.get_by_text("Your reply was kept.").wait_for()
    page = open_window(scripts=scripts).sign_in("cora").visit("/questions/1")
    page.get_by_text("The night team was not told.").wait_for()
    faults += look(page, "inspect-question-answered", WIDE) if scripts else []
    assert not faults


def test_a_chronology_prints(open_window: Open, engine: Engine) -> None:
    with begin_work(engine) as work:
        show_whole(work, "cora")
    window = open_window().sign_in("cora")
    child = window.visit("/").locator("tbody th a").first.get_attribute("href") or ""
    page = window.visit(f"/inspect{child}/chronology")
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="Order it by").is_visible()
    assert page.get_by_role("heading", name="Chronology of").is_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_chronology_tells_whose_case_it_is(open_window: Open, engine: Engine, width: int) -> None:
    page = open_window(width).sign_in("gus").page
    page.get_by_role("link", name="Hand the case over").first.click()
    child = page.locator(".govuk-back-link").get_attribute("href") or ""
    page.get_by_label("Which force?").select_option(label="Metropolitan Police Service")
    page.get_by_label("Why").fill("Seen at King's Cross.")
    page.get_by_role("button", name="Offer the case").click()
    page.get_by_text("The case was offered.").wait_for()
    with begin_work(engine) as work:
        show_whole(work, "cora")
    page = open_window(width).sign_in("cora").visit(f"/inspect{child}/chronology")
    page.get_by_text("Offered the case to Metropolitan Police Service").wait_for()
    assert not look(page, "inspect-chronology-case", width)
