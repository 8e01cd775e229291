"""With the condition on sight gone from every query, PostgreSQL alone keeps children apart."""

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, Engine, select, true

from register.numbers import child_number
from register.records import sight
from register.reports.models import Report
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.story import ELSEWHERE, PLACE, POLICE_OPEN, tell

Person = Callable[[str], Client]
CONDITIONS = ("within_sight", "may_open", "is_whole")
LISTS = ("/", "/?show=located", "/mismatches")


def no_condition(*_: object) -> ColumnElement[bool]:
    """Stand for a query whose author forgot to ask whose child it is."""
    return true()


@pytest.fixture
def child_elsewhere(engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a child of another authority, where no query asks whose it is."""
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(hours=1)
    forgetful = 0
    for name, module in sorted(sys.modules.items()):
        if name.startswith("register."):
            for condition in {*CONDITIONS} & {*vars(module)}:
                monkeypatch.setattr(module, condition, no_condition)
                forgetful += module is not sight
    assert forgetful >= 5
    with begin_work(engine, clock=clock, writes=False) as work:
        theirs = Report.reference == ELSEWHERE["reference"]
        number = work.session.scalars(select(Report.id).where(theirs)).one()
    return f"/children/{child_number(number)}"


def test_a_page_that_forgot_to_ask_shows_no_child_of_others(
    as_person: Person, engine: Engine, clock: Clock, child_elsewhere: str
) -> None:
    held = engine.dialect.name == "postgresql"
    amina = as_person("amina")
    then = f"as_at={(clock.now - timedelta(minutes=30)).strftime('%Y-%m-%dT%H:%M')}"
    found = set()
    for address in (*LISTS, *(f"{each}{'&' if '?' in each else '?'}{then}" for each in LISTS)):
        page = amina.get(address)
        assert page.status_code == 200
        found |= {address} if ELSEWHERE["surname"] in page.text else set()
    assert bool(found) is not held, found
    seen = amina.get(child_elsewhere)
    assert (seen.status_code, ELSEWHERE["surname"] in seen.text) == (
        (404, False) if held else (200, True)  # the control: SQLite has no net
    )


def test_what_is_within_sight_is_shown_as_ever(as_person: Person, child_elsewhere: str) -> None:
    del child_elsewhere
    page = as_person("amina").get("/").text
    assert str(POLICE_OPEN["surname"]) in page
    assert PLACE not in page
