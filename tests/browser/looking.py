"""To look at a page: what a program finds wrong with it, and a picture for people to look at."""

import os
from pathlib import Path
from tempfile import gettempdir

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", Path(gettempdir()) / "register-screenshots"))
"""Where pictures of every page at two widths are put."""


def faults_of(page: Page) -> list[str]:
    """What axe finds on a page: WCAG 2.2 AA as far as a program can tell, and best practice."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']} on {node['html'][:120]}" for each in found for node in each["nodes"]]


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def opened(page: Page) -> Page:
    """Open all that is folded away."""
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    return page


def look(page: Page, name: str, width: int) -> list[str]:
    """Photograph a page for people to look at, and give what a program finds wrong with it."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
    over = width_of(page)
    wide = [f"is {over} pixels wide"] if over > width else []
    return [f"{name} at {width}: {fault}" for fault in faults_of(page) + wide]
