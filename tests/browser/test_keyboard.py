"""Report, review, settle and sample by keyboard alone, with and without scripts, acts counted."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Window
from tests.browser.keyboard import Keys

Open = Callable[..., Window]
scripts_or_none = pytest.mark.parametrize("scripts", [True, False])


@scripts_or_none
def test_a_known_child_is_reported(open_window: Open, *, scripts: bool) -> None:
    keys = Keys(open_window(scripts=scripts).sign_in("amina").page)
    keys.press("Report a child missing")
    keys.acts = 0
    keys.write("Name, or your own reference", "adey tari")
    keys.send("Enter")
    keys.page.get_by_text("Reports that fit").wait_for()
    keys.press("Report missing again")
    for label, text in {"Day": "2", "Month": "3", "Year": "2026", "Time": "9.15pm"}.items():
        keys.write(label, text)
    keys.choose("Missing", "Missing")
    keys.send("Enter")
    keys.page.get_by_role("heading", name="Check your answers").wait_for()
    fields = keys.acts - 1
    assert fields <= 8, "a button is no field"
    keys.press("Send the report")
    keys.page.get_by_role("heading", name="Report sent").wait_for()
    assert "<br>" not in keys.page.locator("main").inner_text()


@scripts_or_none
def test_a_pair_is_judged(open_window: Open, *, scripts: bool) -> None:
    keys = Keys(open_window(scripts=scripts).sign_in("dan").page)
    keys.press("Reviews")
    keys.press("Begin with the most urgent")
    keys.acts = 0
    if scripts:  # one key, and a reason
        keys.page.get_by_text("Keys: 1, 2 or 3").wait_for()
        keys.page.keyboard.press("2")
        keys.page.keyboard.type("Two sisters.")
        keys.send("Control+Enter")
    else:
        keys.choose("The same child", "Not the same child")
        keys.write("Why", "Two sisters.")
        keys.press("Keep this judgement")
        assert keys.acts == 3
    keys.page.get_by_text("Your judgement was kept: not the same child.").wait_for()


@scripts_or_none
def test_a_mismatch_is_settled(open_window: Open, *, scripts: bool) -> None:
    keys = Keys(open_window(scripts=scripts).sign_in("amina").page)
    keys.press("Open according to police, unknown to the authority")
    keys.acts = 0
    keys.choose("We have seen this", "Both are correct")
    keys.write("If both are correct: why", "One side learnt")
    keys.press("Keep this answer")
    keys.page.get_by_text("Your answer was kept.").wait_for()
    assert keys.acts <= 3


@scripts_or_none
def test_a_sample_is_drawn(open_window: Open, *, scripts: bool) -> None:
    keys = Keys(open_window(scripts=scripts).sign_in("cora").page)
    keys.press("Samples")
    keys.write("Authority or force", "Leeds")
    keys.write("Any child who went missing", "2")
    keys.press("Draw the sample")
    keys.page.get_by_role("heading", name="Sample 1").wait_for()
    assert "Leeds" in keys.page.locator("main").inner_text()


@scripts_or_none
def test_a_case_is_handed_over_and_a_search_made(open_window: Open, *, scripts: bool) -> None:
    keys = Keys(open_window(scripts=scripts).sign_in("gus").page)
    keys.press("Hand the case over")
    keys.acts = 0
    keys.write("Which force?", "Metropolitan")
    keys.write("Why", "Seen at King's Cross.")
    keys.press("Offer the case")
    keys.page.get_by_text("The case was offered.").wait_for()
    assert keys.acts == 3
    other = Keys(open_window(scripts=scripts).sign_in("ben").page)
    other.press("Accept or decline")
    other.choose("Take the case over", "Take the case over")
    other.press("Keep this answer")
    other.page.get_by_text("The case is your force's now.").wait_for()


def test_control_what_tab_does_not_reach_is_found(open_window: Open) -> None:
    window = open_window()
    page = window.visit("/sign-in")
    page.evaluate("() => document.querySelector('#username').tabIndex = -1")
    with pytest.raises(AssertionError, match="reached by Tab"):
        Keys(page).go_to("Username")
