"""What a page weighs on its way, to a browser that knows nothing yet and to one that does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from register.work import begin_work
from tests.browser.conftest import Window
from tests.web.conftest import Clock
from tests.web.story import GRACE_POLICE, MAYA_AUTHORITY, send

Open = Callable[..., Window]
COLD, WARM = 250_000, 40_000
PAGES = {
    "amina": ("/", "/missing", "/mismatches", "/to-answer", "/interviews", "/reports", "/check"),
    "gus": ("/", "/mismatches", "/reviews"),
    "cora": (
        "/inspect",
        "/inspect?about=mismatches",
        "/inspect/samples",
        "/inspect/list-8",
        "/questions",
    ),
    "eve": ("/users",),
}


class Scales:
    """Weighs all that comes over the wire."""

    def __init__(self, page: Page) -> None:
        self.page, self.bytes = page, 0
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", self._add)

    def _add(self, told: dict[str, float]) -> None:
        self.bytes += int(told["encodedDataLength"])

    def weigh(self, address: str) -> int:
        """Give what a page weighs with all that it loads."""
        self.bytes = 0
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        return self.bytes


@pytest.fixture
def _many(engine: Engine, served: Clock) -> None:
    """Fill every list to its last line."""
    with begin_work(engine, clock=served) as work:
        for number in range(30):
            name = f"Test-{chr(65 + number % 26) * 4}{number}"
            born = f"201{number % 5}-0{number % 9 + 1}-11"
            only = {"surname": name, "date_of_birth": born, "nhs_number": ""}
            send(
                work,
                {**GRACE_POLICE, **only, "reference": f"WY-9{number}"},
                {
                    **MAYA_AUTHORITY,
                    **only,
                    "reference": f"L-9{number}",
                    "child_reference": name,
                },
            )


@pytest.mark.usefixtures("_many")
def test_every_page_is_light(open_window: Open) -> None:
    weights = {}
    for username, paths in PAGES.items():
        window = open_window()
        cold = Scales(window.page).weigh(f"{window.address}/sign-in")
        assert 100_000 < cold < COLD, "control: the Design System itself is weighed"
        window.sign_in(username)
        scales = Scales(window.page)
        for path in paths:
            scales.weigh(window.address + path)
            weights[username, path] = scales.weigh(window.address + path)
    assert max(weights.values()) <= WARM, weights
    assert cold + max(weights.values()) <= COLD, "whichever page is the first"
    assert min(weights.values()) > 1_000, "control: the page itself is weighed"
    print(dict(sorted(weights.items(), key=lambda each: -each[1])))  # noqa: T201  # shown by -s
