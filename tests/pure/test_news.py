"""What counts as new since a person parted two children, and what never does."""

from dataclasses import replace

import pytest
from hypothesis import given

from register.linkage.levels import Level
from register.linkage.news import evidence_of, news
from tests.subjects import HOME, NHS, RARE, SAID, compared

FOUND = compared(RARE, RARE)


@given(SAID, SAID)
def test_what_was_known_is_never_new(one: dict[str, str], other: dict[str, str]) -> None:
    found = compared(one, other)
    assert news(found, [evidence_of(found)]) == ""
    assert news(found, [evidence_of(found), evidence_of(FOUND)]) == ""


@pytest.mark.parametrize(
    ("then", "now", "new"),
    [
        (Level.UNKNOWN, Level.EXACT, "postcode (now the same; then not known to both)"),
        (Level.DIFFERS, Level.EXACT, "postcode (now the same; then not the same)"),
        (Level.SLIP, Level.EXACT, "postcode (now the same; then one slip apart)"),
        (Level.AREA, Level.SLIP, "postcode (now one slip apart; then in one postcode area)"),
        # What agrees no better, or does not agree, is none.
        (Level.EXACT, Level.SLIP, ""),
        (Level.DIFFERS, Level.UNKNOWN, ""),
        (Level.UNKNOWN, Level.DIFFERS, ""),
        (Level.DIFFERS, Level.DISTRICT, ""),
        (Level.EXACT, Level.EXACT, ""),
    ],
)
def test_new_is_what_agrees_better(then: Level, now: Level, new: str) -> None:
    said = news(replace(FOUND, postcode=now), [evidence_of(replace(FOUND, postcode=then))])
    assert said.removeprefix("New since a person judged that these are two children: ") == (
        f"{new}." if new else ""
    )


def test_it_must_be_new_to_all_who_judged() -> None:
    unknown = evidence_of(replace(FOUND, upn=Level.UNKNOWN))
    known = evidence_of(replace(FOUND, upn=Level.AGREES))
    found = replace(FOUND, upn=Level.AGREES)
    assert news(found, [unknown, known]) == ""
    assert "unique pupil number" in news(found, [unknown, unknown]), "control"


def test_the_day_and_the_place_of_work_are_no_news() -> None:
    then = replace(FOUND, going_missing=Level.UNKNOWN, organisations=Level.UNKNOWN)
    now = replace(FOUND, going_missing=Level.AGREES, organisations=Level.AGREES)
    assert news(now, [evidence_of(then)]) == ""


@pytest.mark.parametrize("kept", [{}, {"NHS number": "a level of a later version"}])
def test_where_no_evidence_was_kept_nothing_is_new(kept: dict[str, str]) -> None:
    found = compared({**RARE, **NHS, "home_postcode": HOME}, {**RARE, **NHS})
    assert news(found, [kept]) == ""


def test_several_news_stand_in_one_sentence() -> None:
    then = evidence_of(FOUND) | {"unique pupil number": "unknown", "NHS number": "differs"}
    said = news(replace(FOUND, upn=Level.AGREES, nhs_number=Level.AGREES), [then])
    assert said == (
        "New since a person judged that these are two children: NHS number (now the same; then "
        "not the same), unique pupil number (now the same; then not known to both)."
    )
