"""A protected place asked for in a real browser: accessible, narrow, whole without scripts."""

from datetime import timedelta

import pytest

from tests.browser.conftest import NARROW, WIDE
from tests.browser.looking import look
from tests.browser.test_pages import Open
from tests.web.conftest import Clock
from tests.web.people import PASSWORD
from tests.web.story import PLACE


@pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (NARROW, True), (NARROW, False)])
def test_a_place_is_asked_for_and_shown(
    open_window: Open,
    served: Clock,
    width: int,
    scripts: bool,  # noqa: FBT001  # a test's parameter
) -> None:
    window = open_window(width, scripts=scripts).sign_in("amina")
    page = window.page
    page.get_by_role("link", name="Tari").first.click()
    page.get_by_role("heading", name="Missing episodes").wait_for()
    assert PLACE not in page.content()
    page.get_by_role("button", name="Ask to be shown it").last.click()
    page.get_by_role("heading", name="Placement postcode").wait_for()
    faults = look(page, "ask-place", width) if scripts else []
    page.get_by_role("button", name="Show it").click()
    page.get_by_text("There is a problem").wait_for()
    faults += look(page, "ask-place-errors", width) if scripts else []
    page.get_by_label("Visit the child").check()
    page.get_by_label("In your words").fill("To see whether the room is ready.")
    served.now += timedelta(minutes=6)
    page.get_by_role("button", name="Show it").click()
    page.get_by_role("heading", name="Sign in again").wait_for()
    faults += look(page, "again-before-a-place", width) if scripts else []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text(PLACE).wait_for()
    assert not any(told in page.url for told in (PLACE, "postcode", "report"))
    faults += look(page, "place", width) if scripts else []
    window.complaints.clear()  # the browser notes the answer 422 as an error
    assert not faults
