"""The pictures in the documents: made of the pages themselves, again by `make pictures`."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from register.settings import ROOT
from tests.browser.conftest import Window
from tests.browser.looking import SCREENSHOTS
from tests.browser.test_desks import WHEN, fill_when
from tests.browser.test_inspecting import compare

Open = Callable[..., Window]
IMAGES = ROOT / "docs" / "images"
WIDTH = 1000
LARGEST = 150_000
"""Bytes of one picture: the documents are read over the same wires as the pages."""
MADE = (
    *("missing-now", "authority-desk", "authority-when", "authority-check", "authority-interviews"),
    *("mismatch", "police-desk", "police-check", "police-hand-over", "police-review"),
    *("inspector-figures", "inspector-list-8", "inspector-chronology"),
)


def picture(page: Page, name: str, top: str = "main", height: int = 720) -> None:
    """Picture a page from this part of it on; keep it among the documents if asked to."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    made = SCREENSHOTS / f"{name}.png"
    box = page.locator(top).first.bounding_box()
    assert box is not None
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": box["y"], "width": WIDTH, "height": min(height, whole - box["y"])}
    page.screenshot(path=made, full_page=True, clip=clip)  # type: ignore[arg-type]  # four numbers
    if os.environ.get("PIN"):
        IMAGES.mkdir(parents=True, exist_ok=True)
        (IMAGES / made.name).write_bytes(made.read_bytes())
    assert 5_000 < made.stat().st_size < LARGEST


def test_the_authority_is_pictured(open_window: Open) -> None:
    page = open_window(WIDTH).sign_in("amina").page
    picture(page, "authority-desk")
    page.get_by_role("link", name="Open according to police, unknown").first.click()
    picture(page, "mismatch")
    page = open_window(WIDTH).sign_in("amina").visit("/missing")
    picture(page, "missing-now")
    page = open_window(WIDTH).sign_in("amina").visit("/reports?asked=adey")
    page.get_by_role("button", name="Report missing again").first.click()
    fill_when(page, "Last seen or left", WHEN)
    picture(page, "authority-when")
    page.get_by_role("radio", name="Missing", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    picture(page, "authority-check")
    page = open_window(WIDTH).sign_in("amina").visit("/interviews")
    picture(page, "authority-interviews")


def test_the_police_are_pictured(open_window: Open) -> None:
    page = open_window(WIDTH).sign_in("gus").page
    picture(page, "police-desk")
    page.get_by_role("link", name="Hand the case over").first.click()
    picture(page, "police-hand-over")
    page = open_window(WIDTH).sign_in("ben").visit("/check")
    page.get_by_label("Forename").fill("Tariq")
    page.get_by_label("Surname").fill("Adeyemi-Test")
    for part, text in {"Day": "31", "Month": "5", "Year": "2011"}.items():
        page.get_by_label(part, exact=True).fill(text)
    page.get_by_label("A child was found or stopped").check()
    page.get_by_role("button", name="Search the register").click()
    page.get_by_role("heading", name="What the quick check found").wait_for()
    picture(page, "police-check")
    page = open_window(WIDTH).sign_in("gus").visit("/reviews/next")
    picture(page, "police-review", height=1000)


def test_the_inspector_is_pictured(open_window: Open, tmp_path: Path) -> None:
    page = open_window(WIDTH).sign_in("cora").visit("/inspect")
    picture(page, "inspector-figures", height=1000)
    page = open_window(WIDTH).sign_in("cora").visit("/inspect/list-8")
    compare(page, tmp_path)
    picture(page, "inspector-list-8")
    page = open_window(WIDTH).sign_in("cora").visit("/inspect/samples")
    page.get_by_label("Any child who went missing").fill("1")
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_role("link", name="chronology of").first.click()
    picture(page, "inspector-chronology")


@pytest.mark.parametrize("name", MADE)
def test_each_picture_of_the_documents_is_small(name: str) -> None:
    assert (IMAGES / f"{name}.png").stat().st_size < LARGEST


def test_no_picture_of_the_documents_is_forgotten() -> None:
    assert {path.stem for path in IMAGES.glob("*.png")} == {*MADE}
