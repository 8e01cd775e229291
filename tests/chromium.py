"""A real Chromium for the tests: the one that is named, or the machine's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome-headless-shell")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""It reaches nothing but the pages under test, and runs as root where the tests do."""


class ChromiumAbsent(Exception):
    """No browser was found."""


@contextmanager
def launched_chromium() -> Iterator[Browser]:
    """Start the browser named by `CHROMIUM`, or the first that is installed."""
    found = filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)))
    program = next(found, None)
    if program is None:
        raise ChromiumAbsent("no Chromium was found: install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
