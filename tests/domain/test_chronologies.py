"""Chronologies: what was told and decided of a child, and what was known when."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from register.numbers import child_number
from tests.inspections import chronology
from tests.registers import AUTHORITY, FORCE, YEAR, judge, listed, say, send
from tests.web.story import PLACE


def test_a_chronology_tells_what_was_known_when(engine: Engine) -> None:
    at = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (9, 10, 11)]
    child = {"forename": "Ada", "surname": "Rivers-Test", "date_of_birth": "2012-02-01"}
    send(engine, [say(FORCE, "P1", **child, last_seen_postcode=PLACE)], now=at[0], days=YEAR)
    care = {"child_reference": "L-1", "care_status": "looked_after"}
    send(
        engine,
        [
            listed(AUTHORITY, "L-1", **child),
            say(AUTHORITY, "A1", **child, **care, placement_postcode=PLACE),
        ],
        now=at[1],
    )
    back = "2026-03-05T09:00:00+00:00"
    fixed = {"returned_at": back, "updated_at": "2026-03-06T10:00:00+00:00"}
    send(engine, [say(AUTHORITY, "A1", **child, **care, **fixed)], now=at[2])
    judge(engine, "P1", "A1", "same", now=at[2] + timedelta(hours=1))
    number = child_number(1)
    whole = chronology(engine, number)
    told = [each for each in whole.entries if each.kind == "report"]
    assert [each.known_at.date() for each in told] == [
        at[0].date(),
        *[at[1].date()] * 2,
        at[2].date(),
    ]
    (corrected,) = [each for each in told if "Corrected" in each.what]
    assert [change.field.name for change in corrected.changes] == ["returned_at"]
    assert corrected.happened is not None
    assert corrected.happened.earliest == datetime.fromisoformat(back)
    assert any(each.kind == "judgement" and each.words == "seen" for each in whole.entries)
    assert any(each.kind == "mismatch" for each in whole.entries)
    assert [e.known_at for e in whole.entries] == sorted(e.known_at for e in whole.entries)
    happened = [each.happened_from for each in whole.ordered("happened")]
    assert happened == sorted(happened)
    assert PLACE not in repr(whole)
    for moment in (at[0] + timedelta(hours=1), at[1] + timedelta(hours=1)):
        then = chronology(engine, number, moment)
        assert then.entries == tuple(e for e in whole.entries if e.known_at <= moment)


def test_an_older_version_that_comes_late_is_told_as_such(engine: Engine) -> None:
    child = {"surname": "Rivers-Test", "forename": "Ada"}
    for day, written in ((9, "2026-03-05"), (10, "2026-03-04")):
        row = say(FORCE, "P1", **child, updated_at=written, risk_level=("high", "low")[day - 9])
        send(engine, [row], now=datetime(2026, 3, day, 12, tzinfo=UTC))
    told = [e.what for e in chronology(engine, child_number(1)).entries if e.kind == "report"]
    assert told == ["First report (P1)", "An older version came in; it changes nothing (P1)"]
