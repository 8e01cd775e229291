"""The desks in a real browser: reporting, closing, interviewing and mending, script or none."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from register.reports.models import Report
from register.work import begin_work
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import look, opened
from tests.web.conftest import Clock
from tests.web.story import AUTHORITY_BEFORE, MET, POLICE_OPEN, send

Open = Callable[..., Window]
RETURNED = {
    **AUTHORITY_BEFORE,
    "reference": "L-77/2",
    "missing_at": "2026-02-25",
    "returned_at": "2026-03-01T08:00:00+00:00",
    "updated_at": "2026-03-02T09:00:00+00:00",
    "return_interview_at": "",
    "return_interview_offered_at": "",
}
THEIRS = {"organisation": MET, "reference": "M-26-1", "next_review_at": "2026-03-03T01:00:00+00:00"}
WHEN = {"Day": "2", "Month": "3", "Year": "2026", "Time": "9.15pm"}
DESKS = {
    "amina": ("/", "/missing", "/to-answer", "/interviews", "/reports", "/returns"),
    "ben": ("/", "/to-answer", "/reports"),
    "dan": ("/reviews",),
}
scripts_or_none = pytest.mark.parametrize("scripts", [True, False])


def fill_when(page: Page, legend: str, boxes: dict[str, str]) -> int:
    """Fill in the boxes of a day and time; give how many were touched."""
    group = page.get_by_role("group", name=legend)
    for label, text in boxes.items():
        group.get_by_label(label, exact=True).fill(text)
    return len(boxes)


@scripts_or_none
def test_a_known_child_is_reported_missing_in_under_nine_boxes(
    open_window: Open,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    width = WIDE if scripts else NARROW
    window = open_window(width, scripts=scripts).sign_in("amina")
    page, faults = window.page, []
    page.get_by_role("button", name="Report a child missing").click()
    page.get_by_label("Name, or your own reference").fill("adey tari")
    page.get_by_role("button", name="Find the child").click()
    faults += look(page, f"report-find-{scripts}", width) if scripts else []
    page.get_by_role("button", name="Report missing again").first.click()
    faults += look(page, f"report-when-{scripts}", width) if scripts else []
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    faults += look(page, f"report-when-errors-{scripts}", width) if scripts else []
    page.get_by_role("link", name="Enter the day on which the child was last seen").click()
    assert page.evaluate("document.activeElement.id") == "missing_at-day"
    touched = 1 + fill_when(page, "Last seen or left", WHEN)
    touched += 1
    page.get_by_label("Last seen at (optional)").fill("the bus station")
    touched += 1
    page.get_by_role("radio", name="Missing", exact=True).check()
    assert touched <= 8
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("2 March 2026 at 9:15pm GMT").first.wait_for()
    faults += look(page, f"report-check-{scripts}", width) if scripts else []
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("heading", name="Report sent").wait_for()
    faults += look(page, f"report-sent-{scripts}", width) if scripts else []
    window.complaints.clear()  # the browser notes the answer 422 as an error
    assert not faults


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_desk_is_accessible_and_fits(
    open_window: Open, engine: Engine, served: Clock, width: int
) -> None:
    with begin_work(engine, clock=served) as work:
        send(work, RETURNED)
        episode = work.session.scalars(select(Report.id).where(Report.reference == "L-77/2")).one()
        for risk, hour in (("medium", "21"), ("high", "23")):
            at = f"2026-03-02T{hour}:00:00+00:00"
            send(work, {**POLICE_OPEN, **THEIRS, "risk_level": risk, "updated_at": at})
    faults = []
    for username, paths in DESKS.items():
        window = open_window(width).sign_in(username)
        for path in paths:
            page = opened(window.visit(path))
            faults += look(page, f"desk-{username}{path.replace('/', '-')}", width)
    window = open_window(width).sign_in("amina")
    page = window.visit(f"/interviews/{episode}")
    page.get_by_role("radio", name="The child declined").check()
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("There is a problem").wait_for()
    faults += look(page, "desk-interview-errors", width)
    window.complaints.clear()  # the browser notes the answer 422 as an error
    assert not faults


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_of_a_report_is_accessible_and_fits(open_window: Open, width: int) -> None:
    page, faults = open_window(width).sign_in("amina").visit("/reports"), []
    page.get_by_role("button", name="Report a child we have not reported before").click()
    faults += look(opened(page), "report-child", width)
    page.get_by_label("Forename").fill("Noor")
    page.get_by_role("button", name="Continue").click()
    faults += look(opened(page), "report-care", width)
    key = page.url.rsplit("/", 1)[0]
    for code in ("missing", "risk", "end", "interview"):
        page.goto(f"{key}/{code}")
        faults += look(opened(page), f"report-{code}", width)
    page.goto(key)
    faults += look(page, "report-check-unready", width)
    assert not faults


@scripts_or_none
def test_an_interview_is_offered_and_a_report_closed_from_the_desk(
    open_window: Open,
    engine: Engine,
    served: Clock,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    with begin_work(engine, clock=served) as work:
        send(work, RETURNED)
    page = open_window(scripts=scripts).sign_in("amina").page
    page.get_by_role("button", name="We have seen this").first.click()
    page.get_by_text("It is kept that you know of this.").wait_for()
    assert not page.get_by_text("nobody of yours has said").count()
    page.get_by_role("link", name="Enter what became of them").click()
    page.get_by_role("button", name="Offered now").click()
    page.get_by_text("It is kept on your report.").wait_for()
    page.get_by_text("Offered, no answer yet").wait_for()
    page.get_by_role("link", name="Our desk").click()
    page.get_by_role("button", name=re.compile("Close our report.*Grace")).click()
    fill_when(page, "Back at home or placement", {"Day": "3", "Month": "3", "Year": "2026"})
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Close the report").click()
    page.get_by_role("heading", name="Report sent").wait_for()


@scripts_or_none
def test_rows_are_mended_in_place(
    open_window: Open,
    tmp_path: Path,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    width = WIDE if scripts else NARROW
    page = open_window(width, scripts=scripts).sign_in("amina").page
    file = tmp_path / "more.csv"
    file.write_text(
        "reference,forename,surname,category,status,missing_at\n"
        "L-10,Yara,New-Test,missing,open,02/03/2026\n",
        "utf-8",
    )
    page.goto(page.url.rstrip("/") + "/upload")
    page.get_by_label("CSV files").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="mend these rows here").click()
    faults = look(page, "mend", width) if scripts else []
    page.get_by_label("missing_at, line 2").fill("2026-03-02")
    page.get_by_role("button", name="Send these rows again").click()
    page.get_by_role("heading", name="What became of the upload").wait_for()
    assert not page.get_by_text("Rows that could not go in").count()
    assert not faults


def test_a_pair_is_judged_by_one_key_and_a_reason(open_window: Open) -> None:
    page = open_window().sign_in("dan").page
    page.get_by_role("link", name="Reviews").click()
    page.get_by_role("button", name="Begin with the most urgent").click()
    page.get_by_text("Keys: 1, 2 or 3").wait_for()
    page.keyboard.press("2")
    page.keyboard.type("Two sisters: the school knows both 1 2 3.")
    assert page.get_by_label("Not the same child").is_checked()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Your judgement was kept: not the same child.").wait_for()


def test_keys_can_be_turned_off(open_window: Open) -> None:
    window = open_window().sign_in("dan")
    page = window.visit("/reviews/next")
    page.get_by_role("button", name="Turn these keys off").click()
    page.locator("h1").click()
    page.keyboard.press("1")
    assert not page.get_by_label("The same child", exact=True).is_checked()
