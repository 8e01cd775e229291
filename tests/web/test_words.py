"""How values are written on a page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from register.reports.fields import BY_NAME, FIELDS
from register.reports.values import read_moment
from register.web.words import (
    ago,
    chance,
    day,
    due,
    field_label,
    moment,
    organisation,
    value,
    when,
    words,
)


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 3, 2, 22, 40, tzinfo=UTC), "2 March 2026 at 10:40pm GMT"),
        (datetime(2026, 7, 2, 22, 40, tzinfo=UTC), "2 July 2026 at 11:40pm BST"),
        (datetime(2026, 7, 2, 23, 5, tzinfo=UTC), "3 July 2026 at 12:05am BST"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026 at 1:30am BST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026 at 1:30am GMT"),
        (None, "not known"),
    ],
)
def test_times_are_local_and_say_their_zone(at: datetime | None, written: str) -> None:
    assert when(at) == written


@pytest.mark.parametrize(
    ("gone", "written"),
    [
        (timedelta(0), "0 minutes ago"),
        (timedelta(seconds=-5), "0 minutes ago"),
        (timedelta(seconds=90), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(minutes=60), "1 hour ago"),
        (timedelta(hours=71), "71 hours ago"),
        (timedelta(hours=72), "3 days ago"),
    ],
)
def test_how_long_ago_something_was(gone: timedelta, written: str) -> None:
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert ago(now - gone, now) == written


def test_a_day_has_no_time_and_midnight_is_the_end_of_a_day() -> None:
    assert moment(read_moment("2026-03-02")) == "2 March 2026 (no time given)"
    assert moment(None) == "not known"
    assert day(date(2026, 3, 2)) == "2 March 2026"
    assert day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026"
    assert due(datetime(2026, 3, 7, tzinfo=UTC)) == "the end of 6 March 2026"
    assert due(datetime(2026, 3, 7, 1, tzinfo=UTC)) == "7 March 2026 at 1:00am GMT"


@pytest.mark.parametrize(
    ("field", "said", "written"),
    [
        ("missing_at", "2026-03-02T22:40:00+00:00", "2 March 2026 at 10:40pm GMT"),
        ("date_of_birth", "2011-05-31", "31 May 2011"),
        ("nhs_number", "9000000009", "900 000 0009"),
        ("legal_status", "C2", "Full care order"),
        ("ethnicity", "WBRI", "White British"),
        ("risk_level", "no_apparent_risk", "No apparent risk (as graded)"),
        ("responsible_authority", "E08000035", "Leeds"),
        ("placement_type", "U6", "Foster placement"),
        ("surname", "open", "open"),
        ("known_as", ["Taz", "T"], "Taz, T"),
        ("risk_flags", ["self_harm"], "At risk of self-harm"),
        ("surname", "", "not known"),
        ("surname", None, "not known"),
    ],
)
def test_values_are_written_in_words(
    field: str, said: str | list[str] | None, written: str
) -> None:
    assert value(said, BY_NAME[field]) == written


def test_every_field_has_a_way_of_writing() -> None:
    for field in FIELDS:
        assert field_label(field.name) == field.label
    assert field_label("SOMETHING_ELSE") == "SOMETHING ELSE"


def test_odds_are_never_certain() -> None:
    assert chance(0.9999) == "more than 99 in 100"
    assert chance(0.0001) == "less than 1 in 100"
    assert chance(0.804) == "80 in 100"


def test_what_is_not_known_is_said() -> None:
    assert organisation("") == words("") == "not known"
    assert organisation("E99999999") == "E99999999"
