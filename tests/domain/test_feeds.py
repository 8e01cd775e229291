"""G1 and G2: a sender that falls silent, and a file with many rejects. Each has its control."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from inspect import unwrap
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.access.needing import add_inspection
from register.errors import Forbidden
from register.inspection import feeds as reading
from register.inspection.exports import export
from register.inspection.feeds import Fault, faults_during, own_faults, own_feed
from register.inspection.news import news_behind
from register.inspection.scope import Scope
from register.intake import Intake
from register.mismatches import supply
from register.mismatches.clocks import Clock
from register.mismatches.feeds import Agreement, Feeds, feeds
from register.reports.files import open_source
from register.terms import Role
from register.work import OPERATOR, Actor, begin_work
from tests.registers import AUTHORITY, FORCE, OTHER_FORCE, say, send

SINCE = datetime(2026, 3, 28, 0, tzinfo=UTC)
HEADINGS = "organisation,reference,child_reference,category,status,missing_at"
GOOD = FORCE + ",P{},C1,missing,open,2026-03-27T21:00:00+00:00"
BAD = FORCE + ",P{},C1,missing,open,yesterday"
Rows = list[dict[str, str]]
OFFICER = Actor("pat", Role.FORCE_COORDINATOR, FORCE)
OTHERS = (
    Actor("oli", Role.FORCE_COORDINATOR, OTHER_FORCE),
    Actor("amina", Role.AUTHORITY_MANAGER, AUTHORITY),
)
INSPECTOR, ANOTHER = Actor("pia", Role.POLICE_INSPECTOR), Actor("cora", Role.INSPECTOR)
MARCH = Scope("", date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture(name="agreed")
def _agreed(monkeypatch: pytest.MonkeyPatch) -> Feeds:
    agreed = replace(
        feeds(),
        senders={
            FORCE: Agreement(SINCE, Clock(hours=1)),
            AUTHORITY: Agreement(SINCE, Clock(hours=24)),
        },
    )
    for room in (supply, reading):
        monkeypatch.setattr(room, "feeds", lambda: agreed)
    return agreed


def at(hours: float) -> datetime:
    return SINCE + timedelta(hours=hours)


def pass_time(engine: Engine, hours: float) -> int:
    with begin_work(engine, OPERATOR, clock=lambda: at(hours)) as work:
        return supply.find_silent(work)


def standing(engine: Engine, hours: float | None = None) -> Rows:
    """Give what an export tells of feeds, now or as it was known then."""
    as_at = None if hours is None else at(hours)
    with begin_work(engine, writes=False, as_at=as_at) as work:
        return export(work, "feeds")[1]


def report(engine: Engine, organisation: str, hours: float) -> None:
    send(engine, [say(organisation, "R1", child_reference="C1")], now=at(hours))


@pytest.mark.usefixtures("agreed")
def test_a_feed_falls_silent_and_is_heard_again(engine: Engine) -> None:
    report(engine, FORCE, 1)
    assert pass_time(engine, 1.9) == 0
    # Judged hours too late, it bears the instant at which it fell due.
    assert pass_time(engine, 7) == 1
    [row] = standing(engine)
    assert row["rule"] == "G1"
    assert (row["owner"], row["severity"]) == (FORCE, "high")
    assert row["opened_at"] == at(2).isoformat()
    assert row["due_at"] == at(4).isoformat()
    assert pass_time(engine, 8) == 0, "one silence is one mismatch"
    report(engine, FORCE, 9)
    assert standing(engine) == []
    assert [row["rule"] for row in standing(engine, 8)] == ["G1"], "what was known then stays"
    assert pass_time(engine, 10.5) == 1, "a second silence is another one"


@pytest.mark.usefixtures("agreed")
def test_the_same_again_is_a_word_too(engine: Engine) -> None:
    report(engine, FORCE, 1)
    report(engine, FORCE, 1.8)
    assert pass_time(engine, 2.5) == 0


@pytest.mark.usefixtures("agreed")
def test_who_never_sent_is_silent_from_the_day_of_the_agreement(engine: Engine) -> None:
    assert pass_time(engine, 0.5) == 0
    assert pass_time(engine, 25) == 2
    assert {(row["owner"], row["opened_at"]) for row in standing(engine)} == {
        (FORCE, at(1).isoformat()),
        (AUTHORITY, at(24).isoformat()),
    }


@pytest.mark.usefixtures("agreed")
def test_hours_are_elapsed_over_the_change_of_clocks(engine: Engine) -> None:
    report(engine, AUTHORITY, 12)
    report(engine, FORCE, 35.5)
    assert pass_time(engine, 35.9) == 0
    assert pass_time(engine, 36) == 1


def test_nobody_is_asked_with_whom_nothing_is_agreed(engine: Engine) -> None:
    """The control: without the agreement the same silence is none."""
    report(engine, FORCE, 1)
    assert pass_time(engine, 1000) == 0
    assert standing(engine) == []


@pytest.mark.usefixtures("agreed")
def test_another_sender_does_not_speak_for_the_silent_one(engine: Engine) -> None:
    report(engine, FORCE, 1)
    report(engine, OTHER_FORCE, 3)
    assert pass_time(engine, 3) == 1


@pytest.fixture(name="take")
def _take(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int, int, float], None]:
    def take(good: int, bad: int, hours: float) -> None:
        path = tmp_path / "feed.csv"
        rows = [GOOD.format(n) for n in range(good)] + [BAD.format(n) for n in range(bad)]
        path.write_text("\n".join([HEADINGS, *rows, ""]), "utf-8")
        monkeypatch.setitem(unwrap(begin_work).__kwdefaults__, "clock", lambda: at(hours))
        source = open_source(path, None, FORCE, now=at(hours))
        intake = Intake(engine, OPERATOR, tmp_path / "rejects.csv")
        intake.take(path.name, source, None, lambda _: None)

    return take


def test_rejects_over_one_in_a_hundred(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    take(98, 2, 1)
    [row] = standing(engine)
    assert (row["rule"], row["owner"], row["severity"]) == ("G2", FORCE, "medium")
    # A Saturday: one working day ends with the Monday, in summer time by then.
    assert row["due_at"] == "2026-03-30T23:00:00+00:00"
    take(90, 10, 2)
    [worse] = standing(engine)
    assert worse["opened_at"] == row["opened_at"], "the clock runs on until a file is good"
    take(100, 0, 3)
    assert standing(engine) == []


def test_one_in_a_hundred_is_not_over_it(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    """The control: exactly what is allowed raises nothing."""
    take(99, 1, 1)
    assert standing(engine) == []


@pytest.mark.usefixtures("agreed")
def test_a_file_with_headings_alone_is_a_word(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    take(0, 0, 1)
    assert pass_time(engine, 1.5) == 0


def during(
    engine: Engine,
    actor: Actor,
    scope: Scope = MARCH,
    *,
    now: float = 20,
    as_at: float | None = None,
) -> list[Fault] | None:
    then = None if as_at is None else at(as_at)
    with begin_work(engine, actor, clock=lambda: at(now), writes=False, as_at=then) as work:
        return faults_during(work, scope)


@pytest.mark.usefixtures("agreed")
def test_ones_own_feed_and_no_others(engine: Engine) -> None:
    report(engine, FORCE, 1)
    assert pass_time(engine, 2.5) == 1
    for actor in (OFFICER, *OTHERS):
        with begin_work(engine, actor, clock=lambda: at(5), writes=False) as work:
            told, faults = own_feed(work), own_faults(work)
        mine = actor is OFFICER
        assert [fault.rule for fault in faults] == (["G1"] if mine else [])
        assert list(told.faults) == faults
        assert (told.organisation, told.heard_at) == (
            actor.organisation,
            at(1) if mine else None,
        )
    [fault] = during(engine, OFFICER) or []
    assert (fault.title, fault.is_open, fault.is_overdue) == ("Feed silent", True, True)
    with (
        begin_work(engine, INSPECTOR, clock=lambda: at(5), writes=False) as work,
        pytest.raises(Forbidden),
    ):
        own_feed(work)


@pytest.mark.usefixtures("agreed")
def test_what_is_agreed_is_told(engine: Engine) -> None:
    report(engine, FORCE, 1)
    with begin_work(engine, OFFICER, clock=lambda: at(1.5), writes=False) as work:
        told = own_feed(work)
    assert (told.agreed_since, told.every) == (SINCE, "1 hour")
    assert (told.silent_from, told.percent_rejected) == (at(2), 1)
    with begin_work(engine, OTHERS[0], clock=lambda: at(1.5), writes=False) as work:
        told = own_feed(work)
    assert (told.agreed_since, told.every, told.silent_from) == (None, "", None)


@pytest.fixture(name="inspected")
def _inspected(engine: Engine) -> None:
    """Let the force be inspected by one, and the authority by another."""
    for actor, organisation in ((INSPECTOR, FORCE), (ANOTHER, AUTHORITY)):
        with begin_work(engine, clock=lambda: at(0)) as work:
            days = (date(2026, 1, 1), date(2026, 12, 31))
            add_inspection(work, [organisation], days, [actor.name])


@pytest.mark.usefixtures("agreed", "inspected")
def test_an_inspector_sees_what_was_amiss_of_those_inspected_as_known_then(engine: Engine) -> None:
    report(engine, FORCE, 1)
    pass_time(engine, 3)
    report(engine, FORCE, 9)
    [over] = during(engine, INSPECTOR) or []
    assert (over.organisation, over.opened_at, over.ended_at) == (FORCE, at(2), at(9))
    assert over.is_overdue, "it was put right too late"
    [then] = during(engine, INSPECTOR, as_at=3.5) or []
    assert (then.ended_at, then.is_overdue) == (None, False)
    assert during(engine, INSPECTOR, as_at=2.5) == [], "due, and not yet known"
    assert during(engine, INSPECTOR, replace(MARCH, organisation=FORCE)) == [over]
    april = Scope("", date(2026, 4, 1), date(2026, 4, 30))
    february = Scope("", date(2026, 2, 1), date(2026, 2, 28))
    assert during(engine, INSPECTOR, april) == during(engine, INSPECTOR, february) == []
    # Whoever does not inspect the force, nor is of it, is told of nothing.
    assert during(engine, ANOTHER) == []
    assert during(engine, ANOTHER, replace(MARCH, organisation=FORCE)) == []
    assert [during(engine, actor) for actor in OTHERS] == [[], []]
    for role in (Role.DEPARTMENT, Role.DATA_PROTECTION_OFFICER):
        assert during(engine, Actor("kim", role)) is None


def test_rejects_that_became_worse_are_one_fault(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    take(98, 2, 1)
    take(90, 10, 2)
    [fault] = during(engine, OFFICER) or []
    assert fault.detail == "10 of 100 rows rejected"
    assert fault.opened_at - at(1) < timedelta(seconds=1), "since the first file"
    [then] = during(engine, OFFICER, as_at=1.5) or []
    assert then.detail == "2 of 100 rows rejected"


def heard(engine: Engine, actor: Actor) -> list[tuple[str, str]]:
    """Give what a system of this actor's hears of feeds."""
    with begin_work(engine, actor, clock=lambda: at(20), writes=False) as work:
        news = news_behind(work, 0, 200).news
    assert {each.kind for each in news if not each.child} <= {"feed"}
    return [(told.rule, told.what) for each in news for told in each.faults]


@pytest.mark.usefixtures("agreed")
def test_its_system_hears_what_became_of_its_feed_in_order(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    pass_time(engine, 1)
    take(98, 2, 2)
    take(90, 10, 2.5)
    pass_time(engine, 5)
    take(100, 0, 6)
    assert heard(engine, OFFICER) == [
        *(("G1", "opened"), ("G1", "ended"), ("G2", "opened"), ("G2", "changed")),
        *(("G1", "opened"), ("G1", "ended"), ("G2", "ended")),
    ]
    assert [heard(engine, actor) for actor in OTHERS] == [[], []]
    assert heard(engine, Actor("dan", Role.STEWARD)) == [], "who sees all children is no sender"
    narrow = replace(OFFICER, scopes=frozenset({"child:read"}))
    assert heard(engine, narrow) == [], "a system without the scope"
