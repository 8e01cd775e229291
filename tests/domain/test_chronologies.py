"""Chronologies: what was told and decided of a child, and what was known when."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from register.access.seals import Placed
from register.errors import NotFound
from register.inspection.chronology import Chronology, read_chronology
from register.inspection.handovers import answer_offer, offer_case
from register.inspection.pack_data import LEFT_OUT, chronology_data
from register.linkage.seen import seen_of
from register.numbers import child_number, episode_number
from register.sealing import seal
from register.terms import Role, SealReason
from register.work import Actor, begin_work
from tests.inspections import chronology
from tests.registers import (
    AUTHORITY,
    FORCE,
    NOW,
    OTHER_FORCE,
    YEAR,
    judge,
    listed,
    names_of,
    say,
    send,
)
from tests.web.story import PLACE

ADA = {"forename": "Ada", "surname": "Rivers-Test", "date_of_birth": "2012-02-01"}
GIVER = Actor("gus", Role.FORCE_USER, FORCE)
TAKER = Actor("ben", Role.FORCE_USER, OTHER_FORCE)
COORDINATOR = Actor("cleo", Role.FORCE_COORDINATOR, FORCE)
OFFERED = f"She was seen in {PLACE}."


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


def hand_over(engine: Engine, *said: str) -> list[datetime]:
    """Say this of whose case Ada's going missing is, an hour apart; give when each was said."""
    sent = {"status": "open", **ADA}
    send(engine, [say(AUTHORITY, "A1", **sent), say(FORCE, "P1", **sent)], now=NOW)
    case, at = episode_number(min(names_of(engine))), [NOW]
    for each in said:
        at.append(at[-1] + timedelta(hours=1))
        who = TAKER if each in {"accepted", "declined"} else GIVER
        with begin_work(engine, who, clock=lambda: at[-1]) as work:
            if each == "offered":
                offer_case(work, case, OTHER_FORCE, OFFERED)
            else:
                answer_offer(work, case, each, "Not ours." if each == "declined" else "")
    return at[1:]


def said_of_case(told: Chronology) -> list[tuple[str, str, str, str]]:
    entries = [each for each in told.entries if each.kind == "handover"]
    return [(each.organisation, each.who, each.what, each.words) for each in entries]


def test_a_chronology_tells_whose_case_it_was_and_who_said_so(engine: Engine) -> None:
    number, said = child_number(1), ("offered", "taken_back", "offered", "declined", "offered")
    at = hand_over(engine, *said, "accepted")
    whole = chronology(engine, number)
    asked = (FORCE, "gus", "Offered the case to Cleveland Police (A1)", OFFERED)
    back = "Took back the offer of the case to Cleveland Police (A1)"
    assert said_of_case(whole) == [
        asked,
        (FORCE, "gus", back, ""),
        asked,
        (OTHER_FORCE, "ben", "Declined the case (A1)", "Not ours."),
        asked,
        (OTHER_FORCE, "ben", "Took the case over (A1)", ""),
    ]
    assert [each.known_at for each in whole.entries if each.kind == "handover"] == at
    for count, moment in enumerate(at, 1):
        then = chronology(engine, number, moment)
        assert said_of_case(then) == said_of_case(whole)[:count]
        assert then.entries == tuple(e for e in whole.entries if e.known_at <= moment)
    given = chronology_data(whole)
    assert "Took the case over (A1)" in repr(given), "control: a pack tells of it"
    assert LEFT_OUT in repr(given)
    assert PLACE not in repr(given)


def place_seal(engine: Engine, child: int, now: datetime) -> None:
    with begin_work(engine, COORDINATOR, clock=lambda: now) as work:
        seal(work, child, Placed(SealReason.HIGH_RISK, "At risk."), seen_of(work, [child]))


def test_what_was_said_of_a_case_is_hidden_with_the_child(engine: Engine) -> None:
    *_, last = hand_over(engine, "offered", "accepted")
    number = child_number(1)
    assert len(said_of_case(chronology(engine, number))) == 2, "control"
    place_seal(engine, 1, last + timedelta(hours=1))
    for moment in (None, last):
        with pytest.raises(NotFound):
            chronology(engine, number, moment)


def test_what_was_said_of_a_case_goes_with_the_report_that_it_was_said_of(engine: Engine) -> None:
    *_, last = hand_over(engine, "offered", "accepted")
    first, second = sorted(names_of(engine))
    judge(engine, "P1", "A1", "different", now=last + timedelta(hours=1))
    told = {each: said_of_case(chronology(engine, child_number(each))) for each in (first, second)}
    assert [len(told[first]), told[second]] == [2, []], "it was named by the first report"
    assert len(said_of_case(chronology(engine, child_number(first), last))) == 2, "control"


def test_a_judgement_is_told_of_where_both_its_children_may_be_seen(engine: Engine) -> None:
    other = {"forename": "Zofia", "surname": "Marsh-Test", "date_of_birth": "2010-07-09"}
    send(engine, [say(AUTHORITY, "A1", **ADA), say(OTHER_FORCE, "P9", **other)], now=NOW)
    judge(engine, "A1", "P9", "different", now=NOW + timedelta(hours=1))
    number = child_number(min(names_of(engine)))
    keeper = Actor("ann", Role.AUTHORITY_USER, AUTHORITY)
    with begin_work(engine, keeper, clock=lambda: NOW + timedelta(hours=2), writes=False) as work:
        told = read_chronology(work, number)
    assert [each.kind for each in told.entries if each.kind in {"report", "judgement"}] == [
        "report"
    ]
    assert "P9" not in repr(told)
    assert "P9" in repr(chronology(engine, number)), "control: an inspector sees both"
