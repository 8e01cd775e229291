"""A feed's fault on the desks and beneath the figures, in a real browser, wide and narrow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.looking import look
from tests.web.conftest import Clock
from tests.web.people import LEEDS, WEST_YORKSHIRE
from tests.web.test_feeds import SAID, go_amiss

PLACES = {
    "amina": ("/", "/mismatches", "/to-answer", "/upload"),
    "gus": ("/",),
    "pia": ("/inspect",),
}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_what_is_amiss_can_be_read_and_acted_upon(
    open_window: Callable[..., Window], engine: Engine, served: Clock, width: int
) -> None:
    for organisation in (LEEDS, WEST_YORKSHIRE):
        go_amiss(engine, organisation, served.now - timedelta(minutes=90))
        go_amiss(engine, organisation, served.now, "G2")
    faults = []
    for person, places in PLACES.items():
        window = open_window(width).sign_in(person)
        for place in places:
            page = window.visit(place)
            assert page.get_by_text(SAID).first.is_visible()
            faults += look(page, f"feed-{person}{place.replace('/', '-')}", width)
    assert faults == []
    page = open_window(width).sign_in("gus").visit("/")
    page.get_by_role("link", name="Send the file again", exact=True).click()
    page.get_by_role("heading", name="Upload reports").wait_for()
