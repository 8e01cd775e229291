"""Figures of all England: looked for beside the page, kept a while, told with their time."""

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.errors import RegisterError
from register.inspection import england as room
from register.inspection.england import MOST, England, Found
from register.inspection.figures import About, find_figures, read_figures
from register.inspection.scope import Scope
from register.web.inspecting import default_days, read_scope
from register.work import Work, begin_work
from tests.web.conftest import Client, Clock

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")
WORKED_OUT = "are being worked out"


class Finding:
    """Finds figures as ever, as soon as it may; notes how often."""

    def __init__(self) -> None:
        self.may, self.times, self.fails = Event(), 0, False

    def __call__(self, work: Work, scope: Scope, about: Collection[About]) -> object:
        self.times += 1
        assert self.may.wait(30)
        if self.fails:
            raise RegisterError("no figures")
        return find_figures(work, scope, about)


@pytest.fixture
def finding(monkeypatch: pytest.MonkeyPatch) -> Finding:
    found = Finding()
    monkeypatch.setattr(room, "find_figures", found)
    return found


@pytest.fixture
def england(engine: Engine, clock: Clock) -> England:
    """Nobody waits."""
    return England(engine, clock)


@pytest.fixture
def scope(engine: Engine, clock: Clock) -> Scope:
    with begin_work(engine, clock=clock, writes=False) as work:
        return read_scope(default_days(work))


def until(ask: Callable[[], Found | None]) -> Found:
    """Ask until there is something."""
    for _ in range(300):
        if (found := ask()) is not None:
            return found
        time.sleep(0.1)
    pytest.fail("it was never found")


def test_a_page_does_not_wait_and_comes_again_until_they_are_found(
    app: Flask, engine: Engine, as_person: Person, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["register"].england, "_wait", 0)
    cora = as_person("cora")
    first = cora.get("/inspect")
    assert WORKED_OUT in first.text
    assert "Agreement rate" not in first.text
    assert first.headers["Refresh"] == "3; url=/inspect?by_itself=1"
    assert told_of(engine) == [], "nothing was told of anybody"
    finding.may.set()
    for _ in range(300):
        if WORKED_OUT not in (page := cora.get("/inspect")).text:
            break
        time.sleep(0.1)
    assert "Agreement rate" in page.text
    assert "Refresh" not in page.headers
    assert told_of(engine) == ["cora"]


def told_of(engine: Engine) -> list[str]:
    with begin_work(engine, writes=False) as work:
        viewed = select(AuditEvent.actor).where(AuditEvent.kind == "inspection:viewed")
        return list(work.session.scalars(viewed))


def test_they_are_the_figures_that_whoever_waits_is_given(
    engine: Engine, clock: Clock, england: England, scope: Scope
) -> None:
    for about in About:
        found = until(partial(england.ask, scope, about, None))
        with begin_work(engine, clock=clock, writes=False) as work:
            assert found.figures == read_figures(work, scope, [about]).figures


def test_they_are_kept_an_hour_and_shown_until_there_are_others(
    clock: Clock, england: England, scope: Scope, finding: Finding
) -> None:
    def ask() -> Found | None:
        return england.ask(scope, About.GOINGS, None)

    finding.may.set()
    first = until(ask)
    clock.now += timedelta(minutes=59)
    assert ask() == first
    assert finding.times == 1
    clock.now += timedelta(minutes=2)
    finding.may.clear()
    assert ask() == first, "nobody waits for the next"
    finding.may.set()
    assert until(lambda: found if (found := ask()) != first else None).moment == clock.now
    assert finding.times == 2


def test_those_of_an_earlier_time_are_apart_and_found_anew_too(
    clock: Clock, england: England, scope: Scope, finding: Finding
) -> None:
    finding.may.set()
    then = clock.now - timedelta(hours=1)
    old = until(lambda: england.ask(scope, About.GOINGS, then))
    assert old.moment == then
    assert until(lambda: england.ask(scope, About.GOINGS, None)).moment == clock.now
    clock.now += timedelta(hours=2)  # somebody may have been sealed: hidden today, hidden of then
    anew = until(
        lambda: found if (found := england.ask(scope, About.GOINGS, then)) != old else None
    )
    assert (anew.moment, anew.at, anew.figures) == (then, clock.now, old.figures)
    assert finding.times == 3


def test_what_is_found_at_once_is_not_kept(
    engine: Engine, clock: Clock, scope: Scope, finding: Finding
) -> None:
    finding.may.set()
    patient = England(engine, clock, timedelta(minutes=1))
    for times in (1, 2):
        assert patient.ask(scope, About.GOINGS, None)
        assert finding.times == times


def test_what_goes_wrong_is_told_and_looked_for_anew(
    engine: Engine, clock: Clock, scope: Scope, finding: Finding
) -> None:
    finding.may.set()
    finding.fails = True
    patient = England(engine, clock, timedelta(minutes=1))
    with pytest.raises(RegisterError, match="no figures"):
        patient.ask(scope, About.GOINGS, None)
    finding.fails = False
    assert patient.ask(scope, About.GOINGS, None)


def test_what_goes_wrong_in_finding_anew_is_told_once(
    clock: Clock, england: England, scope: Scope, finding: Finding
) -> None:
    finding.may.set()
    first = until(lambda: england.ask(scope, About.GOINGS, None))
    clock.now += timedelta(hours=2)
    finding.fails = True
    with pytest.raises(RegisterError, match="no figures"):
        until(lambda: found if (found := england.ask(scope, About.GOINGS, None)) != first else None)
    finding.fails = False
    until(lambda: found if (found := england.ask(scope, About.GOINGS, None)) != first else None)


def test_so_many_are_kept_and_looked_for(
    clock: Clock, england: England, scope: Scope, finding: Finding
) -> None:
    for number in range(MOST):
        assert england.ask(scope, About.GOINGS, clock.now - timedelta(minutes=number)) is None
    with pytest.raises(RegisterError, match="Too many"):
        england.ask(scope, About.MISMATCHES, None)
    finding.may.set()
    until(lambda: england.ask(scope, About.GOINGS, clock.now - timedelta(minutes=MOST - 1)))
    until(lambda: england.ask(scope, About.MISMATCHES, None))
    assert len(england._kept) == MOST
